"""The checkout document: what it holds, how it is stored and shown. Its rules live in checkouts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from posapp.sandbox import money, sources
from posapp.sandbox.core import Core
from posapp.sandbox.paging import Kind
from posapp.sandbox.pricing import Goods, LinePrice, Price, Terms
from posapp.sandbox.queries import SCALE
from posapp.sandbox.skus import at_of
from posapp.sandbox.wire import Json, decode, not_found

KIND = Kind(
    "checkout",
    {
        "createdTime": "INTEGER", "updatedTime": "INTEGER", "upstreamId": "TEXT",
        "totalAmount": "INTEGER", "customerId": "TEXT", "applicationId": "TEXT", "email": "TEXT",
        "currency": "TEXT", "locale": "TEXT", "chargeType": "TEXT", "customerType": "TEXT",
        "subscriptionId": "TEXT", "browserIp": "TEXT", "session": "TEXT",
    },
    ("createdTime", "updatedTime", "upstreamId", "totalAmount", "customerId", "applicationId",
     "email", "currency", "locale", "chargeType", "customerType", "subscriptionId", "browserIp",
     "session"),
)  # fmt: skip
SHOWN = (
    "customerId", "email", "locale", "browserIp", "applicationId", "organization", "shipTo",
    "shipFrom", "billTo", "discount", "shippingDiscount", "customerType", "chargeType",
    "purchaseLocation", "disclosures", "billingOptimization", "upstreamId", "metadata",
)  # fmt: skip


class Line(msgspec.Struct):
    """One checkout line: what was asked and what it needs to be priced."""

    id: str
    goods: Goods
    product: Json
    sku: str | None = None
    discount: Json | None = None
    ship_from: Json | None = None
    metadata: Json = {}
    subscription: Json | None = None
    physical_metadata: Json = {}


class Share(msgspec.Struct):
    """What one source pays of a checkout; a saved source's share follows the total."""

    source: str
    amount: int
    credit: bool = False
    floats: bool = False


class Checkout(msgspec.Struct):
    """A priced basket before payment."""

    id: str
    created: str
    created_at: int
    updated: str
    currency: str
    fields: Json
    lines: list[Line]
    terms: Terms
    session: str
    secret: str
    price: Price
    entity: Json = {}
    shares: list[Share] = []
    tax_ids: list[str] = []
    refused: Json | None = None  # why an order from it was refused for good
    order: str | None = None  # what became of it

    @property
    def total(self) -> int:
        """What the buyer pays, minor units."""
        return self.price.total

    @property
    def contributed(self) -> int:
        """What the attached sources bring."""
        return sum(share.amount for share in self.shares)

    @property
    def session_state(self) -> str:
        """How far payment has got (contract section 5)."""
        return "requires_confirmation" if self.contributed == self.total else "requires_source"

    @property
    def is_physical(self) -> bool:
        """Whether any line is shipped."""
        return any(line.goods.physical for line in self.lines)


_decoder = msgspec.json.Decoder(Checkout, float_hook=Decimal)


def load(core: Core, id_: str, parameter: str = "id") -> Checkout:
    """The checkout of that id; raises Problem 404."""
    return _decoder.decode(core.row("checkout", id_, parameter).state)


def load_open(core: Core, id_: str) -> Checkout:
    """A checkout that can still change; raises Problem 404 for one that became an order."""
    checkout = load(core, id_)
    if checkout.order is not None:
        raise not_found()
    return checkout


def find(core: Core, id_: str) -> Checkout | None:
    """The checkout of that id, if any."""
    row = core.storage.get("checkout", id_)
    return _decoder.decode(row.state) if row else None


def of_session(core: Core, session: str) -> Checkout | None:
    """The checkout whose payment session this is, if any."""
    rows = core.storage.find("checkout", "session", session)
    return _decoder.decode(rows[0].state) if rows else None


def save(core: Core, checkout: Checkout) -> Json:
    """Writes a checkout and returns it as shown."""
    wire = show(core, checkout)
    fields = checkout.fields
    columns: dict[str, Any] = {
        name: fields.get(name)
        for name in ("upstreamId", "customerId", "applicationId", "email", "locale", "chargeType",
                     "customerType", "browserIp")
    }  # fmt: skip
    total = money.number(checkout.total, checkout.currency)
    columns |= {
        "createdTime": at_of(wire, "createdTime"),
        "updatedTime": at_of(wire, "updatedTime"),
        "subscriptionId": subscription_of(wire),
        "totalAmount": int(total * SCALE),
        "currency": checkout.currency,
        "session": checkout.session,
    }
    core.save("checkout", checkout.id, wire, checkout, columns)
    return wire


def subscription_of(wire: Json) -> str | None:
    """The first subscription among the lines of a checkout or order, which lists can filter by."""
    known = (line.get("subscriptionInfo", {}).get("subscriptionId") for line in wire["items"])
    return next(filter(None, known), None)


def show(core: Core, checkout: Checkout) -> Json:
    """The checkout as the API returns it."""
    wire: Json = {
        "id": checkout.id,
        "createdTime": checkout.created,
        "updatedTime": checkout.updated,
        "currency": checkout.currency,
    }
    wire |= {name: checkout.fields[name] for name in SHOWN if name in checkout.fields}
    wire |= totals(checkout.price, checkout.currency)
    if "invoiceAttributeId" in checkout.fields:
        wire["invoiceAttribute"] = {"id": checkout.fields["invoiceAttributeId"]}
    choice = checkout.fields.get("shippingChoice")
    if choice is not None:
        wire["shippingChoice"] = {**choice, **_shipping(checkout)}
    if checkout.tax_ids:
        rows = [core.storage.wire("tax_identifier", id_) for id_ in checkout.tax_ids]
        wire["taxIdentifiers"] = [decode(row) for row in rows if row]
    wire["sellingEntity"] = checkout.entity
    wire["items"] = [
        {"id": line.id, **show_line(line, price, checkout.currency)}
        for line, price in zip(checkout.lines, checkout.price.lines, strict=True)
    ]
    wire["payment"] = {"sources": show_shares(core, checkout), "session": show_session(checkout)}
    wire["liveMode"] = False
    return wire


def _shipping(checkout: Checkout) -> Json:
    """Tax of the shipping, and where prices contain tax the amount without it."""
    price, currency = checkout.price, checkout.currency
    shown: Json = {"taxAmount": money.number(price.shipping_tax, currency)}
    if checkout.terms.inclusive and checkout.is_physical:
        shown["amount"] = money.number(price.shipping, currency)
    return shown


def totals(price: Price, currency: str) -> Json:
    """The sums of contract section 4.1."""

    def amount(minor: int) -> Decimal:
        return money.number(minor, currency)

    return {
        "subtotal": amount(price.subtotal),
        "totalTax": amount(price.tax),
        "totalImporterTax": amount(price.sum("importer_tax")),
        "importerOfRecordTax": price.importer_of_record,
        "totalFees": amount(price.sum("fee")),
        "totalDuty": amount(price.sum("duty")),
        "totalDiscount": amount(price.discount),
        "totalShipping": amount(price.shipping),
        "totalAmount": amount(price.total),
    }


def show_line(line: Line, price: LinePrice, currency: str) -> Json:
    """A line without its id, which checkout and order give differently."""

    def amount(minor: int) -> Decimal:
        return money.number(minor, currency)

    fees: Json = {"amount": amount(price.fee), "taxAmount": amount(price.fee_tax)}
    if price.fees:
        fees["details"] = [
            {
                "id": f"fee-{kind}",
                "type": kind,
                "perUnitAmount": amount(each),
                "amount": amount(each * line.goods.quantity),
            }
            for kind, each in price.fees
        ]
    wire: Json = {"skuId": line.sku} if line.sku else {}
    wire |= {
        "productDetails": line.product,
        "amount": amount(price.amount),
        "quantity": line.goods.quantity,
        "tax": {"rate": price.rate, "amount": amount(price.tax)},
        "importerTax": {"amount": amount(price.importer_tax)},
        "duties": {"amount": amount(price.duty)},
        "fees": fees,
        "shipping": {"amount": amount(price.shipping), "taxAmount": amount(price.shipping_tax)},
    }
    units = line.goods.discounted or line.goods.quantity
    for name, value in (
        ("discount", {"quantity": units, **line.discount} if line.discount else None),
        ("subscriptionInfo", line.subscription),
        ("shipFrom", line.ship_from),
        ("sellerTaxIdentifier", price.registration),
        ("metadata", line.metadata or None),
    ):
        if value is not None:
            wire[name] = value
    return wire


def show_shares(core: Core, checkout: Checkout) -> list[Json]:
    """The applied sources in their short form."""
    shown = []
    for share in checkout.shares:
        source = sources.load(core, share.source)
        shown.append(sources.brief(source, share.amount, checkout.currency))
    return shown


def show_session(checkout: Checkout) -> Json:
    """The payment session of a checkout."""
    remaining = max(0, checkout.total - checkout.contributed)
    return {
        "id": checkout.session,
        "amountContributed": money.number(checkout.contributed, checkout.currency),
        "amountRemainingToBeContributed": money.number(remaining, checkout.currency),
        "state": checkout.session_state,
        "clientSecret": checkout.secret,
    }
