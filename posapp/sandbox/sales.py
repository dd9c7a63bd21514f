"""The order document: lines, charges and money operations, how they are stored and shown.

Its moves live in lifecycle. Amounts are minor units; a line's money is split into `Parts`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from posapp.sandbox import money
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Core
from posapp.sandbox.paging import Kind
from posapp.sandbox.queries import SCALE
from posapp.sandbox.skus import at_of
from posapp.sandbox.wire import Json, not_found

STATES = ("in_review", "pending_payment", "accepted", "blocked", "cancelled", "fulfilled",
          "complete", "returned")  # fmt: skip
FRAUD_STATES = ("blocked", "review_opened", "passed")
TIMES = (*STATES, *(f"fraudStateTransitions.{name}" for name in FRAUD_STATES))
KIND = Kind(
    "order",
    {
        "createdTime": "INTEGER", "updatedTime": "INTEGER", "upstreamId": "TEXT", "state": "TEXT",
        "fraudState": "TEXT", "totalAmount": "INTEGER", "customerId": "TEXT", "checkoutId": "TEXT",
        "applicationId": "TEXT", "email": "TEXT", "currency": "TEXT", "skuId": "TEXT",
        "browserIp": "TEXT", "chargeType": "TEXT", "subscriptionId": "TEXT",
        "refundedAmount": "INTEGER", "locale": "TEXT", "customerType": "TEXT", "session": "TEXT",
        **dict.fromkeys(TIMES, "INTEGER"),
    },
    ("createdTime", "updatedTime", "upstreamId", "state", "fraudState", "totalAmount", "customerId",
     "checkoutId", "applicationId", "email", "currency", "browserIp", "chargeType",
     "subscriptionId", "refundedAmount", "locale", "customerType", "session", *TIMES),
    ("updatedTime", *TIMES),
)  # fmt: skip
CHARGE_KIND = Kind("charge", {"orderId": "TEXT"})

GOODS, TAX, SHIPPING, SHIPPING_TAX, FEE, FEE_TAX, DUTY, IMPORTER_TAX = range(8)
Parts = list[int]  # one amount for each of the eight above


class Operation(msgspec.Struct):
    """A capture, cancel or refund inside a charge."""

    id: str
    created: str
    updated: str
    amount: int
    state: str = "pending"
    fulfilment: str | None = None
    failed_because: str | None = None


class Charge(msgspec.Struct):
    """The authorisation of one source."""

    id: str
    created: str
    source: str
    amount: int
    type: str
    state: str
    credit: bool = False
    effect: Effect = Effect.NONE
    authorised_at: int = 0
    captures: list[Operation] = []
    cancels: list[Operation] = []
    refunds: list[Operation] = []
    failed_because: str | None = None

    @property
    def open(self) -> int:
        """Authorised and neither captured nor cancelled, requests counted."""
        return self.amount - asked(self.captures) - asked(self.cancels)

    @property
    def refundable(self) -> int:
        """Captured for good and not asked back."""
        done = sum(each.amount for each in self.captures if each.state == "complete")
        return done - asked(self.refunds)


class Parcel(msgspec.Struct):
    """The money of some units of one line that left or were dropped together."""

    line: str
    parts: Parts
    operations: list[str]
    cancel: bool = False
    settled: bool = False


class Line(msgspec.Struct):
    """One order line."""

    id: str
    wire: Json
    quantity: int
    parts: Parts
    sku: str | None = None
    extra: Json = {}  # physical and metadata, for expanded views
    shipped: int = 0
    dropped: int = 0
    returned: int = 0
    asked: Parts = msgspec.field(
        default_factory=lambda: [0] * 8
    )  # captured or cancelled, requests counted
    captured: Parts = msgspec.field(default_factory=lambda: [0] * 8)  # captured for good
    refunded: Parts = msgspec.field(
        default_factory=lambda: [0] * 8
    )  # refunds, pending ones counted
    state: str = "created"
    moves: Json = {}

    @property
    def open(self) -> int:
        """Units neither shipped nor dropped."""
        return self.quantity - self.shipped - self.dropped

    @property
    def left(self) -> Parts:
        """What can still be refunded of each part."""
        return [have - gone for have, gone in zip(self.captured, self.refunded, strict=True)]

    @property
    def returnable(self) -> int:
        """Goods and their tax that can still be refunded."""
        return self.left[GOODS] + self.left[TAX]


class Order(msgspec.Struct):
    """The permanent record of a sale."""

    id: str
    checkout: str
    created: str
    created_at: int
    updated: str
    currency: str
    total: int
    base: Json  # what the checkout showed and never changes
    lines: list[Line]
    sources: list[Json]
    session: Json
    charge_type: str
    charges: list[Charge] = []
    parcels: list[Parcel] = []
    state: str = "pending_payment"
    moves: Json = {}
    fraud: str | None = None
    fraud_moves: Json = {}
    refunded: int | None = None
    charged_back: int = 0
    metadata: Json = {}
    upstream: str | None = None
    forgotten: bool = False
    invoices: list[str] = []
    memos: list[str] = []
    primary: str | None = None  # the source that is not store credit
    primary_amount: int = 0
    effect: Effect = Effect.NONE
    before_dispute: list[str | None] = []
    verdict: str = ""  # of the fraud screen, once a waiting payment is good: review, block
    review_s: float | None = None  # how long that review takes; None = until it is ended by hand
    review_passes: bool = True
    subscription: str | None = None  # the first among its lines
    file_base: str = ""  # where its documents are served
    owner_email: str = ""

    @property
    def captured(self) -> int:
        """Counts captures from the moment they are asked for (section 22, point 38)."""
        return sum(asked(charge.captures) for charge in self.charges)

    @property
    def cancelled(self) -> int:
        """Dropped through fulfilments; not what a block or a failed payment released."""
        if self.state in ("blocked",) or self.fraud == "blocked":
            return 0
        return sum(
            asked([each for each in charge.cancels if each.fulfilment is not None])
            for charge in self.charges
        )

    @property
    def refundable(self) -> int:
        """Completed captures less completed and pending refunds and granted chargebacks."""
        return max(0, sum(sum(line.left) for line in self.lines) - self.charged_back)

    def line(self, id_: str) -> Line | None:
        """The line of that id."""
        return next((line for line in self.lines if line.id == id_), None)

    def charge(self, id_: str) -> Charge | None:
        """The charge of that id."""
        return next((charge for charge in self.charges if charge.id == id_), None)


def asked(operations: list[Operation]) -> int:
    """The sum of operations that have not failed."""
    return sum(each.amount for each in operations if each.state != "failed")


_decoder = msgspec.json.Decoder(Order, float_hook=Decimal)


def load(core: Core, id_: str, parameter: str = "id") -> Order:
    """The order of that id; raises Problem 404."""
    return _decoder.decode(core.row("order", id_, parameter).state)


def of_source(core: Core, session: str | None, source: str) -> Order | None:
    """The order whose payment session is `session` and whose primary source is `source`."""
    rows = core.storage.find("order", "session", session) if session else []
    orders = [_decoder.decode(row.state) for row in rows]
    return next((order for order in orders if order.primary == source), None)


def of_charge(core: Core, charge_id: str) -> Order:
    """The order that a charge belongs to; raises Problem 404."""
    row = core.row("charge", charge_id)
    order_id: Any = msgspec.json.decode(row.state)["order"]
    return load(core, order_id)


def save(core: Core, order: Order) -> Json:
    """Writes an order and its charges; returns it as shown."""
    wire = show(order)
    columns: dict[str, Any] = {
        name: order.base.get(name)
        for name in ("customerId", "applicationId", "email", "browserIp", "locale", "customerType")
    }
    columns |= {
        "createdTime": at_of(wire, "createdTime"),
        "updatedTime": at_of(wire, "updatedTime"),
        "subscriptionId": order.subscription,
        "upstreamId": order.upstream,
        "state": order.state,
        "fraudState": order.fraud,
        "totalAmount": _scaled(order.total, order.currency),
        "checkoutId": order.checkout,
        "currency": order.currency,
        "skuId": {line.sku for line in order.lines if line.sku},
        "chargeType": order.charge_type,
        "refundedAmount": _scaled(order.refunded or 0, order.currency),
        "session": order.session["id"],
    }
    columns |= {name: at_of(order.moves, name) for name in STATES}
    columns |= {
        f"fraudStateTransitions.{name}": at_of(order.fraud_moves, name) for name in FRAUD_STATES
    }
    core.save("order", order.id, wire, order, columns)
    for charge in order.charges:
        alone = show_charge(order, charge, alone=True)
        core.save("charge", charge.id, alone, {"order": order.id}, {"orderId": order.id})
    return wire


def _scaled(minor: int, currency: str) -> int:
    return int(money.number(minor, currency) * SCALE)


def show(order: Order, *, expand: bool = False) -> Json:
    """The order as the API returns it."""
    wire = details(order, expand=expand)
    payment: Json = {"sources": order.sources, "session": order.session}
    if order.charges:
        payment["charges"] = [show_charge(order, charge) for charge in order.charges]
    wire["payment"] = payment
    return wire


def details(order: Order, *, expand: bool = False) -> Json:
    """The order without its payment block, as fulfilments embed it."""

    def amount(minor: int) -> Decimal:
        return money.number(minor, order.currency)

    wire: Json = {
        "id": order.id,
        "checkoutId": order.checkout,
        "createdTime": order.created,
        "updatedTime": order.updated,
        **order.base,
        "items": [show_line(order, line, expand=expand) for line in order.lines],
        "state": order.state,
        "stateTransitions": order.moves,
        "requestToBeForgotten": order.forgotten,
        "capturedAmount": amount(order.captured),
        "cancelledAmount": amount(order.cancelled),
        "availableToRefundAmount": amount(order.refundable),
        "liveMode": False,
    }
    if order.fraud is not None:
        wire |= {"fraudState": order.fraud, "fraudStateTransitions": order.fraud_moves}
    if order.refunded is not None:
        wire["refundedAmount"] = amount(order.refunded)
    if order.upstream is not None:
        wire["upstreamId"] = order.upstream
    if order.metadata:
        wire["metadata"] = order.metadata
    for name, files in (("invoicePDFs", order.invoices), ("creditMemoPDFs", order.memos)):
        if files:
            wire[name] = [
                {"id": id_, "url": f"{order.file_base}/files/{id_}/content", "liveMode": False}
                for id_ in files
            ]
    return wire


def show_line(order: Order, line: Line, *, expand: bool = False) -> Json:
    """One line."""
    wire = {
        "id": line.id,
        **line.wire,
        "state": line.state,
        "stateTransitions": line.moves,
        "availableToRefundAmount": money.number(max(0, line.returnable), order.currency),
    }
    if expand:
        wire["productDetails"] = {**line.wire.get("productDetails", {}), **line.extra}
    return wire


def show_charge(order: Order, charge: Charge, *, alone: bool = False) -> Json:
    """A charge; alone (GET charge, events) it names its order and says why it failed."""
    wire: Json = {
        "id": charge.id,
        "createdTime": charge.created,
        "currency": order.currency,
        "amount": money.number(charge.amount, order.currency),
        "state": charge.state,
        "captured": bool(charge.captures),
        "refunded": bool(charge.refunds),
        "sourceId": charge.source,
        "paymentSessionId": order.session["id"],
        "type": charge.type,
    }
    for name, operations in (
        ("captures", charge.captures),
        ("cancels", charge.cancels),
        ("refunds", charge.refunds),
    ):
        if operations:
            wire[name] = [show_operation(order, each, name, alone=alone) for each in operations]
    if charge.failed_because:
        wire["failureCode"] = charge.failed_because
    if alone:
        wire["orderId"] = order.id
        if charge.failed_because:
            wire["failureMessage"] = "Payment was refused."
        wire["liveMode"] = False
    return wire


def show_operation(order: Order, operation: Operation, kind: str, *, alone: bool) -> Json:
    """A capture, cancel or charge refund."""
    wire: Json = {
        "id": operation.id,
        "createdTime": operation.created,
        "updatedTime": operation.updated,
        "amount": money.number(operation.amount, order.currency),
        "state": operation.state,
    }
    if kind == "captures" and operation.fulfilment:
        wire["fulfillmentId"] = operation.fulfilment
    if operation.failed_because:
        wire["failureCode"] = operation.failed_because
        if alone:
            wire["failureMessage"] = "The bank refused the operation."
    return wire


def the_line(order: Order, item: Json, parameter: str) -> Line:
    """The line that a request names by itemId or skuId; raises Problem 404."""
    for line in order.lines:
        if "itemId" in item and line.id == item["itemId"]:
            return line
        if "itemId" not in item and line.sku is not None and line.sku == item.get("skuId"):
            return line
    raise not_found(parameter)
