"""Every refusal that the contract shows can be had, with its status, type, code and parameter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from posapp.sandbox.wire import Request
from tests.contract.answers import contract
from tests.contract.make_operations import CONTRACT
from tests.unit.sandbox.shop import COLOGNE, LONDON, MINNESOTA, PARADISE, Shop

Json = dict[str, Any]
Said = tuple[int, Json]
PROSE = CONTRACT.with_name("digital-river.md").read_text("utf-8")


def section(title: str) -> str:
    """The prose under a heading of the contract, to the next heading of the same depth."""
    depth = title.split(" ", 1)[0]
    return PROSE.split(f"{title}", 1)[1].split(f"\n{depth} ", 1)[0]


def examples() -> dict[tuple[Any, ...], str]:
    """(status, type, code, parameter) of every refusal shown in the OpenAPI file, and where."""
    found: dict[tuple[Any, ...], str] = {}
    shared = contract()["components"]["responses"]
    names = dict(zip((400, 401, 404, 429), ("BadRequest", "Unauthorized", "NotFound",
                                            "TooManyRequests"), strict=True))  # fmt: skip
    answers = [(status, name, shared[name]) for status, name in names.items()]
    for path, item in contract()["paths"].items():
        for method, spec in item.items():
            if method != "parameters":
                answers += [
                    (int(status), f"{method} {path}", answer)
                    for status, answer in spec["responses"].items()
                    if int(status) >= 400 and "$ref" not in answer
                ]
    for status, where, answer in answers:
        shown = answer["content"]["application/json"].get("examples", {})
        for name, example in shown.items():
            body = example["value"]
            first = body["errors"][0]
            key = (status, body.get("type"), first.get("code"), first.get("parameter"))
            found.setdefault(key, f"{where} {name}")
    return found


# -- what brings each about ---------------------------------------------------------------------


def basket(shop: Shop, **change: Any) -> Said:
    """A checkout with something wrong."""
    whole = shop.basket() | change
    body = {name: value for name, value in whole.items() if value is not None}
    return shop.call("POST", "/checkouts", body)


def place(shop: Shop, checkout: Json) -> Said:
    """An order from a checkout."""
    return shop.call("POST", "/orders", {"checkoutId": checkout["id"]})


def attach(shop: Shop, checkout: Json, source: Json) -> Said:
    """A source put on a checkout."""
    return shop.call("POST", f"/checkouts/{checkout['id']}/sources/{source['id']}")


def lacking(**change: Any) -> Callable[[Shop], Said]:
    """An order from a checkout of goods to Germany where something is missing or wrong."""

    def act(shop: Shop) -> Said:
        body = shop.basket(ship_to=COLOGNE, currency="EUR") | change
        given = {name: value for name, value in body.items() if value is not None}
        return place(shop, shop.good("POST", "/checkouts", given))

    return act


def address(**change: Any) -> Json:
    """A ship-to block with one part changed or left out."""
    parts = {name: value for name, value in (PARADISE | change).items() if value}
    return {"name": "Sam", "address": parts}


def tax_id(shop: Shop, kind: str = "de", value: str = "DE123456789") -> str:
    """A tax number."""
    made = shop.good("POST", "/tax-identifiers", {"type": kind, "value": value})
    found: str = made["id"]
    return found


def german_business(shop: Shop, number: str, **change: Any) -> Said:
    """A checkout of a German business with a tax number."""
    body = shop.basket(ship_to=COLOGNE, currency="EUR", customerType="business")
    return shop.call("POST", "/checkouts", body | {"taxIdentifiers": [{"id": number}]} | change)


def held_number(shop: Shop) -> str:
    """A tax number that a customer holds."""
    shop.good("POST", "/customers", {"id": "c1"})
    number = tax_id(shop)
    shop.good("POST", f"/customers/c1/tax-identifiers/{number}")
    return number


def second_holder(shop: Shop) -> Said:
    number = held_number(shop)
    shop.good("POST", "/customers", {"id": "c2"})
    return shop.call("POST", f"/customers/c2/tax-identifiers/{number}")


def gone_number(shop: Shop) -> Said:
    """A number deleted after it was put on the checkout: the order is refused."""
    number = tax_id(shop)
    _, checkout = german_business(shop, number)
    shop.attach(checkout, shop.card(checkout))
    shop.call("DELETE", f"/tax-identifiers/{number}")
    return place(shop, checkout)


def moved_away(shop: Shop) -> Said:
    return german_business(shop, tax_id(shop), billTo={"name": "A", "address": LONDON},
                           shipTo={"name": "A", "address": LONDON}, currency="GBP")  # fmt: skip


def taiwan(shop: Shop, **more: Any) -> Said:
    taipei = {"line1": "1", "city": "Taipei", "postalCode": "100", "country": "TW"}
    where: Json = {"ship_to": taipei, "currency": "TWD", "shipFrom": {"address": taipei}}
    return place(shop, shop.funded(**where, **more))


def credit(shop: Shop, checkout: Json, amount: Any) -> Json:
    session = checkout["payment"]["session"]["id"]
    body = {"type": "customerCredit", "amount": amount, "paymentSessionId": session}
    made: Json = shop.good("POST", "/sources", body)
    return made


def late_credit(shop: Shop) -> Said:
    checkout = shop.funded()
    return attach(shop, checkout, credit(shop, checkout, 5))


def too_much_credit(shop: Shop) -> Said:
    checkout = shop.checkout()
    return attach(shop, checkout, credit(shop, checkout, 500))


def detached_source(shop: Shop) -> Said:
    checkout = shop.checkout()
    source = shop.card(checkout)
    shop.attach(checkout, source)
    shop.call("DELETE", f"/checkouts/{checkout['id']}/sources/{source['id']}")
    return attach(shop, checkout, source)


def foreign_source(shop: Shop) -> Said:
    shop.good("POST", "/customers", {"id": "c1"})
    card = shop.card(shop.checkout(customerId="c1"))
    shop.good("POST", f"/customers/c1/sources/{card['id']}")
    return place(shop, shop.attach(shop.checkout(), card))


def saved(kind: str, **owner: str) -> Callable[[Shop], Said]:
    def act(shop: Shop) -> Said:
        shop.good("POST", "/customers", {"id": "c1"})
        card = "5454545454545454" if kind == "creditCard" else ""
        source = shop.pay(shop.checkout(), kind, card=card, **owner)
        return shop.call("POST", f"/customers/c1/sources/{source['id']}")

    return act


def decided(outcome: str) -> Callable[[Shop], Said]:
    def act(shop: Shop) -> Said:
        shop.world.director.next(outcome)
        return place(shop, shop.funded())

    return act


def spent(shop: Shop) -> Said:
    checkout = shop.funded()
    place(shop, checkout)
    return place(shop, checkout)


def disabled(shop: Shop) -> Said:
    shop.good("POST", "/customers", {"id": "c1", "enabled": False})
    return place(shop, shop.funded(customerId="c1"))


def shipping(state: str = "", days: int = 0, **item: Any) -> Callable[[Shop], Said]:
    """A fulfilment that is refused: by the order's state, its age, or the numbers."""

    def act(shop: Shop) -> Said:
        if state in ("in_review", "pending_payment"):
            shop.world.director.next(state, seconds=None)
        order = shop.order()
        if state == "fulfilled":
            shop.ship(order)
        shop.world.options.risk_averse = bool(days)
        shop.turn(days * 86400)
        line = {"itemId": order["items"][0]["id"]} | item
        return shop.call("POST", "/fulfillments", {"orderId": order["id"], "items": [line]})

    return act


def refund(dispute: bool = False, **asked: Any) -> Callable[[Shop], Said]:
    def act(shop: Shop) -> Said:
        order = shop.complete()
        if dispute:
            shop.world.dispute(order["id"])
        body = {"orderId": order["id"], "currency": "USD"} | asked
        return shop.call("POST", "/refunds", body)

    return act


def goods_back(dispute: bool = False, quantity: int = 1) -> Callable[[Shop], Said]:
    def act(shop: Shop) -> Said:
        order = shop.complete()
        if dispute:
            shop.world.dispute(order["id"])
        line = {"itemId": order["items"][0]["id"], "quantity": quantity}
        return shop.call("POST", "/returns", {"orderId": order["id"], "items": [line]})

    return act


def unweighed(shop: Shop) -> Said:
    zurich = {"line1": "1", "city": "Zürich", "postalCode": "8001", "country": "CH"}
    return shop.call("POST", "/checkouts", shop.basket(ship_to=zurich, currency="CHF"))


def two_sellers(shop: Shop) -> Said:
    shop.song()
    lines = [{"skuId": "mug", "price": 10}, {"skuId": "song", "price": 1}]
    body = shop.basket(*lines, ship_to=COLOGNE, currency="EUR")
    return shop.call("POST", "/checkouts", body | {"billTo": {"name": "A", "address": LONDON}})


def repriced(shop: Shop) -> Said:
    checkout = shop.checkout()
    line = {"id": checkout["items"][0]["id"], "price": 1}
    return shop.call("POST", f"/checkouts/{checkout['id']}", {"items": [line]})


def unauthorised(shop: Shop) -> Said:
    shop.key = "sk_test_wrong"
    return shop.call("GET", "/orders")


def hurried(shop: Shop) -> Said:
    shop.world.options.rate_limit = 1
    shop.call("GET", "/orders")
    return shop.call("GET", "/orders")


HAVANA = {"line1": "1", "city": "Havana", "postalCode": "1", "country": "CU"}
BAD, CLASH = "bad_request", "conflict"
TRIGGERS: dict[tuple[Any, ...], Callable[[Shop], Said]] = {
    (400, BAD, "missing_parameter", "shipTo.address.city"):
        lambda shop: basket(shop, shipTo=address(city="")),
    (400, BAD, "invalid_parameter", "address.postalCode"):
        lambda shop: basket(shop, shipTo=address(postalCode="9")),
    (400, BAD, "invalid_parameter", "address.state"):
        lambda shop: basket(shop, shipTo=address(state="ZZ")),
    (400, BAD, "internal_error", None): lambda shop: basket(shop, shippingChoice={}),
    (400, BAD, "invalid_discount_percent", "discount"):
        lambda shop: basket(shop, discount={"percentOff": 0}),
    (400, BAD, "invalid_discount_amount", "discount"):
        lambda shop: basket(shop, discount={"amountOff": 0}),
    (400, BAD, "missing_parameter", "weight"): unweighed,
    (400, BAD, "selling_entity_not_found", None): two_sellers,
    (400, BAD, "unknown_parameter", "price"): repriced,
    (401, "unauthorized", None, None): unauthorised,
    (404, "not_found", "not_found", "id"): lambda shop: shop.call("GET", "/orders/gone"),
    (429, "too_many_requests", "too_many_requests", None): hurried,
    (409, CLASH, "nonreusable_source", None): saved("wireTransfer", lastName="Shopper"),
    (409, CLASH, "source_not_chargeable", "sourceId"): saved("creditCard"),
    (409, CLASH, "customer_not_updateable", "customerId"): second_holder,
    (400, BAD, "invalid_parameter", "value"):
        lambda shop: shop.call("POST", "/tax-identifiers", {"type": "de", "value": "DE1"}),
    (409, CLASH, "currency_unactivated", "currency"): lambda shop: basket(shop, currency="BHD"),
    (409, BAD, "invalid_parameter", "currency"): lambda shop: basket(shop, currency="XXX"),
    (409, CLASH, "invalid_parameter", "taxIdentifiers"): moved_away,
    (409, CLASH, "tax_identifier_in_use", "taxIdentifiers"):
        lambda shop: german_business(shop, held_number(shop)),
    (409, CLASH, "additional_information_required", "taxIdentifiers"):
        lambda shop: taiwan(shop, customerType="business"),
    (409, CLASH, "additional_information_required", "invoiceAttributeId"): taiwan,
    (409, CLASH, "not_found", "id"): gone_number,
    (409, CLASH, "country_unsupported", "country"):
        lambda shop: basket(shop, shipTo={"name": "A", "address": HAVANA}),
    (409, CLASH, "source_status_invalid_for_session", None): detached_source,
    (409, CLASH, "session_update_not_allowed", None): late_credit,
    (409, CLASH, "session_source_amount_too_large", None): too_much_credit,
    (400, BAD, "order_submit_failed", None): lambda shop: place(shop, shop.checkout()),
    (400, BAD, "order_create_failed", "email"): lacking(email=None),
    (400, BAD, "missing_parameter", "billTo.address.country"): lacking(billTo=None),
    (400, BAD, "missing_parameter", "shipFrom.address"): lacking(shipFrom=None),
    (400, BAD, "missing_parameter", "shipping.name"): lacking(shipTo={"address": COLOGNE}),
    (400, BAD, "invalid_shipping_choice", "shippingChoice"): lacking(shippingChoice=None),
    (404, "not_found", "not_found", "orderId"): spent,
    (409, CLASH, "failed-request", None): decided("declined"),
    (409, CLASH, "order-fraud-failure", None): decided("blocked"),
    (409, CLASH, "create-order-failed", None): disabled,
    (409, CLASH, "source_in_use", "sourceId"): foreign_source,
    (400, BAD, "invalid_quantity_amount", "items[0].quantity"): shipping(quantity=-1),
    (400, BAD, "missing_parameter", "items[0].quantity"): shipping(),
    (409, CLASH, "order_fulfilled", "orderId"): shipping("fulfilled", quantity=1),
    (409, CLASH, "order_not_submitted", "orderId"): shipping("in_review", quantity=1),
    (409, CLASH, "quantity_too_large", "items[0].quantity"): shipping(quantity=3),
    (409, None, "payment_authorization_failed", "orderId"): shipping(days=8, quantity=1),
    (400, BAD, "invalid_parameter", "amountRequested"): refund(amount=1000),
    (400, BAD, "invalid_parameter", "percentRequested"): refund(type="tax", percent=50),
    (400, BAD, "invalid_parameter", "order"): refund(dispute=True, percent=50),
    (409, CLASH, "quantity_too_large", "items[0].qty"): goods_back(quantity=9),
    (409, CLASH, "invalid_parameter", "order"): goods_back(dispute=True),
}  # fmt: skip
# the same code and field under another operation: `currency` of a refund instead of a checkout
TRIGGERS[(400, BAD, "invalid_parameter", "currency")] = refund(currency="EUR", percent=5)


def test_every_refusal_shown_has_a_trigger() -> None:
    assert set(examples()) - set(TRIGGERS) == set()


@pytest.mark.parametrize("wanted", TRIGGERS, ids=lambda each: " ".join(map(str, each)))
def test_refusal_is_as_the_contract_shows_it(shop: Shop, wanted: tuple[Any, ...]) -> None:
    status, body = TRIGGERS[wanted](shop)
    first = body["errors"][0]
    assert (status, body.get("type"), first.get("code"), first.get("parameter")) == wanted
    assert first.get("message") or first.get("description")
    assert "Traceback" not in str(body)


def test_every_code_of_the_prose_has_a_trigger() -> None:
    """The tables of sections 4.2, 7, 10 and 12; section 7's bank codes come by the control port."""
    known = {code for _status, _type, code, _parameter in TRIGGERS}
    rows = [line.rsplit("|", 2)[1] for line in section("### 4.2").splitlines() if "|" in line]
    codes = {
        code
        for cell in rows
        for code in re.findall(r"`([a-z_-]+)`", re.sub(r"\([^)]*\)", "", cell))
    }
    prose = section("## 7.").split("**Known codes**")[0] + section("## 10.") + section("## 12.")
    codes |= set(re.findall(r"40\d[^|.;]*?`([a-z]+[_-][a-z_-]+)`", prose))
    codes.discard("bad_request")  # a type, not a code
    assert {"missing_parameter", "failed-request", "quantity_too_large"} <= codes
    assert codes - known == set()


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 406, 408, 409, 429, 500, 502, 503, 504]
)
def test_every_status_of_section_two_is_documented_as_such(status: int) -> None:
    row = next(line for line in section("## 2.").splitlines() if str(status) in line[:30])
    types = contract()["components"]["schemas"]["ErrorType"]["enum"]
    assert any(kind in row for kind in types)


def test_origin_of_the_shop_is_one_the_contract_taxes(shop: Shop) -> None:
    """The refusals above rest on a basket that is sound otherwise."""
    assert shop.checkout(shipFrom={"address": MINNESOTA})["totalTax"] > 0
    headers = {"authorization": "Bearer sk_test_sandbox"}
    assert shop.world.handle(Request("GET", "/orders", headers=headers)).status == 200
