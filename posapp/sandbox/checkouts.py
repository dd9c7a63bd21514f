"""Checkouts: create, update, price, and what stops one (contract sections 4 and 4.2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from posapp.sandbox import (
    addresses,
    attachments,
    basket,
    entities,
    money,
    pricing,
    rates,
    skus,
    tax_identifiers,
)
from posapp.sandbox.basket import Checkout, Line
from posapp.sandbox.core import NO_CONTENT, Call, Core, reply
from posapp.sandbox.rates import Place
from posapp.sandbox.wire import (
    Json,
    Response,
    conflict,
    decode,
    invalid,
    micros,
    missing,
    problem,
    read_time,
)

LOCALES = frozenset(
    "cs_CZ da_DK de_AT de_CH de_DE en_US es_ES fi_FI fr_BE fr_CA fr_CH fr_FR it_CH it_IT ja_JP "
    "ko_KR nl_BE nl_NL no_NO pl_PL ro_RO sv_SE zh_CN zh_TW".split()
)
LANGUAGES = {
    "cs": "cs_CZ", "da": "da_DK", "de": "de_DE", "es": "es_ES", "es-419": "es_ES", "fi": "fi_FI",
    "fr": "fr_FR", "fr-ca": "fr_CA", "it": "it_IT", "ja": "ja_JP", "ko": "ko_KR", "nl": "nl_NL",
    "no": "no_NO", "pl": "pl_PL", "sv": "sv_SE", "zh-cn": "zh_CN", "zh-hk": "zh_TW",
    "zh-tw": "zh_TW",
}  # fmt: skip
PASSED_ON = (
    "email", "browserIp", "applicationId", "organization", "upstreamId", "metadata",
    "disclosures", "billingOptimization", "chargeType", "customerType", "purchaseLocation",
    "invoiceAttributeId", "shipFrom",
)  # fmt: skip
PRODUCT = (
    "id", "skuGroupId", "name", "description", "url", "countryOfOrigin", "image", "weight",
    "weightUnit", "partNumber",
)  # fmt: skip


def create(core: Core, call: Call) -> Response:
    """POST /checkouts"""
    body = call.body
    currency = _currency(body["currency"])
    checkout = Checkout(
        id=core.ids.uuid(),
        created=core.stamp(),
        created_at=micros(core.now),
        updated=core.stamp(),
        currency=currency,
        fields={"locale": "en_US", "chargeType": "customer_initiated"},
        lines=[],
        terms=pricing.Terms(currency, inclusive=body.get("taxInclusive", False)),
        session=core.ids.uuid(),
        secret="",
        price=pricing.Price([]),
    )
    checkout.secret = f"{checkout.session}_{core.ids.uuid()}"
    checkout.lines = [_line(core, currency, n, item) for n, item in enumerate(body["items"])]
    if "discount" in body:
        _discount(checkout.terms, body["discount"], currency)
        checkout.fields["discount"] = body["discount"]
    _take(core, checkout, body)
    reprice(core, checkout)
    if "sourceId" in body:
        attachments.attach(core, checkout, body["sourceId"])
    wire = basket.save(core, checkout)
    core.emit("checkout.created", wire)
    return reply(201, wire)


def update(core: Core, call: Call) -> Response:
    """POST /checkouts/{id}: everything but the lines, their prices and the currency's kind."""
    checkout = basket.load_open(core, call.id)
    old = core.document("checkout", call.id)
    body = call.body
    if "currency" in body and _currency(body["currency"]) != checkout.currency:
        if checkout.shares:
            raise conflict("session_update_not_allowed", "A source is already attached.")
        _change_currency(checkout, body["currency"])
    for at, item in enumerate(body.get("items", [])):
        _update_line(checkout, at, item)
    _take(core, checkout, body)
    reprice(core, checkout)
    if "sourceId" in body:
        attachments.attach(core, checkout, body["sourceId"])
    checkout.updated = core.stamp()
    wire = basket.save(core, checkout)
    core.emit("checkout.updated", wire, previous=skus.changes(old, wire))
    return reply(200, wire)


def get(core: Core, call: Call) -> Response:
    """GET /checkouts/{id}"""
    return reply(200, core.shown("checkout", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /checkouts"""
    return core.listing("checkout", call, {"upstreamIds": "upstreamId"})


def delete(core: Core, call: Call) -> Response:
    """DELETE /checkouts/{id}"""
    row = core.row("checkout", call.id)
    core.storage.delete("checkout", call.id)
    core.emit("checkout.deleted", row.wire)
    return NO_CONTENT


def attach(core: Core, call: Call) -> Response:
    """POST /checkouts/{id}/sources/{sourceId}"""
    checkout, old = basket.load_open(core, call.id), core.document("checkout", call.id)
    attachments.attach(core, checkout, call.path["sourceId"])
    return reply(200, _saved(core, checkout, old))


def detach(core: Core, call: Call) -> Response:
    """DELETE /checkouts/{id}/sources/{sourceId}"""
    checkout, old = basket.load_open(core, call.id), core.document("checkout", call.id)
    attachments.detach(core, checkout, call.path["sourceId"])
    _saved(core, checkout, old)
    return NO_CONTENT


def _saved(core: Core, checkout: Checkout, old: Json) -> Json:
    reprice(core, checkout)
    checkout.updated = core.stamp()
    wire = basket.save(core, checkout)
    core.emit("checkout.updated", wire, previous=skus.changes(old, wire))
    return wire


def _currency(code: str) -> str:
    """An enabled currency; raises the two irregular refusals of contract section 2."""
    if code in money.currencies():
        return code
    if money.known(code):
        raise conflict("currency_unactivated", "That currency is off.", "currency")
    raise problem(409, "invalid_parameter", "Not a currency.", "currency", kind="bad_request")


def _change_currency(checkout: Checkout, currency: str) -> None:
    """The numbers stay, read in the new currency's digits."""
    factor = money.digits(currency) - money.digits(checkout.currency)

    def moved(minor: int | None) -> int | None:
        return None if minor is None else money.half_away(Decimal(minor).scaleb(factor))

    for line in checkout.lines:
        goods = line.goods
        goods.unit, goods.whole = moved(goods.unit), moved(goods.whole)
        goods.amount_off = moved(goods.amount_off)
    terms = checkout.terms
    terms.currency = checkout.currency = currency
    terms.amount_off, terms.shipping = moved(terms.amount_off), moved(terms.shipping) or 0
    terms.shipping_amount_off = moved(terms.shipping_amount_off)


def _minor(value: Decimal, currency: str, parameter: str) -> int:
    minor = money.to_minor(value, currency)
    if minor is None or minor < 0:
        raise invalid(parameter, "An amount of zero or more with the digits of its currency.")
    return minor


def _line(core: Core, currency: str, at: int, item: Json) -> Line:
    path = f"items[{at}]"
    if ("skuId" in item) == ("productDetails" in item):
        raise missing(f"{path}.skuId") if "skuId" not in item else invalid(f"{path}.skuId")
    sku = skus.by_id(core, item["skuId"], f"{path}.skuId") if "skuId" in item else None
    details = sku or item["productDetails"]
    if sku is None:
        for name in ("skuGroupId", "countryOfOrigin"):
            if not details.get(name):
                raise missing(name)
    goods = pricing.Goods(
        quantity=item.get("quantity", 1),
        physical=sku["physical"] if sku else not details["skuGroupId"].startswith("digital"),
        tax_code=details.get("taxCode", ""),
        hs_code=details.get("hsCode"),
    )
    if "price" in item:
        goods.unit = _minor(item["price"], currency, f"{path}.price")
    else:
        goods.whole = _minor(item["aggregatePrice"], currency, f"{path}.aggregatePrice")
    if "discount" in item:
        _line_discount(goods, item["discount"], currency)
    return Line(
        id=core.ids.uuid(),
        goods=goods,
        product={name: details[name] for name in PRODUCT if name in details},
        sku=item.get("skuId"),
        discount=item.get("discount"),
        ship_from=item.get("shipFrom"),
        metadata=item.get("metadata", {}),
        subscription=item.get("subscriptionInfo"),
        physical_metadata=details.get("metadata", {}),
    )


def _one_discount(discount: Json, currency: str) -> tuple[int | None, Decimal | None]:
    if ("amountOff" in discount) == ("percentOff" in discount):
        text = "Give exactly one of amountOff and percentOff."
        raise problem(400, "invalid_discount_amount", text, "discount")
    if "percentOff" in discount:
        return None, discount["percentOff"]
    minor = money.to_minor(discount["amountOff"], currency)
    if not minor or minor < 0:
        raise problem(400, "invalid_discount_amount", "Zero discount not allowed.", "discount")
    return minor, None


def _line_discount(goods: pricing.Goods, discount: Json, currency: str) -> None:
    goods.amount_off, goods.percent_off = _one_discount(discount, currency)
    goods.discounted = discount.get("quantity")


def _discount(terms: pricing.Terms, discount: Json, currency: str) -> None:
    terms.amount_off, terms.percent_off = _one_discount(discount, currency)


def _update_line(checkout: Checkout, at: int, item: Json) -> None:
    line = next((line for line in checkout.lines if line.id == item["id"]), None)
    if line is None:
        raise invalid(f"items[{at}].id", "No such line.")
    line.subscription = item.get("subscriptionInfo", line.subscription)
    line.ship_from = item.get("shipFrom", line.ship_from)
    line.metadata = item.get("metadata", line.metadata)


def _take(core: Core, checkout: Checkout, body: Json) -> None:
    """The fields that create and update share."""
    fields = checkout.fields
    fields |= {name: body[name] for name in PASSED_ON if name in body}
    if "customerId" in body:
        fields["customerId"] = str(body["customerId"])
        if core.storage.wire("customer", fields["customerId"]) is None:
            raise invalid("customerId", "No such customer.")
    if "locale" in body or "language" in body:
        wanted = body.get("locale") or LANGUAGES.get(body.get("language", ""), "en_US")
        fields["locale"] = wanted if wanted in LOCALES else "en_US"
    if "shipTo" in body:
        if checkout.is_physical:
            addresses.check_ship_to(body["shipTo"])
        fields["shipTo"] = body["shipTo"]
    if "billTo" in body:
        addresses.check_bill_to(body["billTo"])
        fields["billTo"] = body["billTo"]
    if "shippingChoice" in body:
        _shipping(checkout, body["shippingChoice"])
    if "shippingDiscount" in body:
        terms, currency = checkout.terms, checkout.currency
        off = _one_discount(body["shippingDiscount"], currency)
        terms.shipping_amount_off, terms.shipping_percent_off = off
        fields["shippingDiscount"] = body["shippingDiscount"]
    if "taxIdentifiers" in body:
        checkout.tax_ids = [each["id"] for each in body["taxIdentifiers"]]


def _shipping(checkout: Checkout, choice: Json) -> None:
    if "amount" not in choice:
        raise problem(400, "internal_error", "Shipping amount is needed.", None)
    checkout.terms.shipping = _minor(choice["amount"], checkout.currency, "shippingChoice.amount")
    checkout.terms.delivered_duty_paid = choice.get("shippingTerms", "DDP") == "DDP"
    amount = money.number(checkout.terms.shipping, checkout.currency)
    checkout.fields["shippingChoice"] = {**choice, "amount": amount}


def tax_country(checkout: Checkout) -> str | None:
    """The country that decides tax ids and disclosures: ship-to, bill-to for downloads only."""
    place = _place(checkout.fields, physical=checkout.is_physical)
    return place.country if place else None


def _place(fields: Json, *, physical: bool) -> Place | None:
    ship, bill = fields.get("shipTo", {}).get("address"), fields.get("billTo", {}).get("address")
    order = (ship, bill) if physical else (bill, ship)
    address = next((a for a in (*order, fields.get("purchaseLocation")) if a), None)
    if address is None:
        return None
    return Place(address["country"], address.get("state"), address.get("postalCode"))


def _origin(checkout: Checkout, line: Line) -> Json:
    block = line.ship_from or checkout.fields.get("shipFrom") or {}
    address: Json = block.get("address") or {}
    return address


def reprice(core: Core, checkout: Checkout) -> None:
    """Chooses the seller, checks the tax ids, computes every amount anew."""
    found = []
    untaxed = False
    for line in checkout.lines:
        goods, origin = line.goods, _origin(checkout, line)
        goods.place = _place(checkout.fields, physical=goods.physical)
        goods.origin = origin.get("country")
        if goods.physical and goods.origin == "US":
            untaxed = untaxed or not addresses.zip_fits(
                origin.get("state"), origin.get("postalCode")
            )
        country = goods.place.country if goods.place else None
        if country in addresses.EMBARGOED or goods.origin in addresses.EMBARGOED:
            raise conflict("country_unsupported", "We cannot sell there.", "country")
        weighed = "weight" in line.product or not goods.physical
        if country and rates.needs_weight(country) and not weighed:
            raise missing("weight")
        found.append(
            entities.of_line(physical=goods.physical, ship_from=goods.origin, country=country)
        )
    checkout.entity = entities.of_basket(found)
    tax_ids = tax_identifiers.for_checkout(core, checkout, tax_country(checkout))
    checkout.terms.untaxed = untaxed
    checkout.terms.exempt = _reverse_charge(checkout, tax_ids) or _certified(core, checkout)
    checkout.price = pricing.price(checkout.terms, [line.goods for line in checkout.lines])
    attachments.refit(checkout)


def _reverse_charge(checkout: Checkout, tax_ids: list[Json]) -> bool:
    """A business in another EU country than the seller's accounts for the tax itself."""
    country = tax_country(checkout)
    valid = [each for each in tax_ids if each["state"] != "not_valid"]
    return (
        bool(valid)
        and checkout.fields.get("customerType") == "business"
        and checkout.entity.get("id") == entities.ELSEWHERE
        and rates.is_eu(country)
        and country != "IE"
    )


def _certified(core: Core, checkout: Checkout) -> bool:
    """A US tax certificate of the buyer for the state where tax is due (contract section 21)."""
    place = _place(checkout.fields, physical=checkout.is_physical)
    wire = core.storage.wire("customer", checkout.fields.get("customerId", ""))
    if place is None or place.country != "US" or wire is None:
        return False
    customer: Json = decode(wire)
    return any(
        each["taxAuthority"] == place.state and _in_force(each, core.now)
        for each in customer.get("taxCertificates", [])
    )


def _in_force(certificate: Json, now: datetime) -> bool:
    start, end = read_time(certificate["startDate"]), read_time(certificate["endDate"])
    return start is not None and end is not None and start <= now <= end
