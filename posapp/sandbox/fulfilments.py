"""Fulfilments: shipped and dropped units, and the money they move (contract section 10)."""

from __future__ import annotations

from datetime import timedelta

from posapp.sandbox import lifecycle, money, sales, sources
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.methods import METHODS
from posapp.sandbox.paging import Kind
from posapp.sandbox.sales import Charge, Line, Operation, Order, Parcel
from posapp.sandbox.skus import at_of
from posapp.sandbox.wire import (
    EPOCH,
    Json,
    Problem,
    Response,
    conflict,
    decode,
    encode,
    problem,
)

KIND = Kind(
    "fulfilment",
    {
        "createdTime": "INTEGER", "orderId": "TEXT", "skuId": "TEXT", "trackingCompany": "TEXT",
        "trackingNumber": "TEXT",
    },
    ("createdTime", "orderId", "trackingCompany", "trackingNumber"),
)  # fmt: skip
TRACKING = ("trackingCompany", "trackingNumber", "trackingUrl", "metadata")


def create(core: Core, call: Call) -> Response:
    """POST /fulfillments"""
    body = call.body
    order = _open_order(core, body["orderId"])
    steps = _steps(order, body["items"])
    captures = any(ship for _line, ship, _drop in steps)
    if captures and core.options.risk_averse and _lapsed(core, order):
        return _refuse_lapsed(core, order)
    id_ = f"ful_{core.ids.uuid()}"
    items, operations = [], []
    for line, ship, drop in steps:
        operations += _move(core, order, line, ship, id_, cancel=False) if ship else []
        operations += _move(core, order, line, drop, id_, cancel=True) if drop else []
        items.append(_item(line, ship, drop))
    wire: Json = {
        "id": id_,
        "createdTime": core.stamp(),
        "orderId": order.id,
        "items": items,
        "liveMode": False,
    }
    wire |= {name: body[name] for name in (*TRACKING, "shipmentId") if name in body}
    order.updated = core.stamp()
    sales.save(core, order)
    _save(core, wire, [operation.id for _charge, operation in operations])
    details = sales.details(order, expand=core.options.expanded_events)
    core.emit("fulfillment.created", {**wire, "orderDetails": details}, order.id)
    _start(core, order, operations)
    if not any(line.open for line in order.lines):
        pace = core.options.pace
        wait = max(pace.capture, pace.cancel) + pace.fulfilled
        core.after(wait, "order.fulfilled", order.id)
    return reply(201, wire)


def _open_order(core: Core, id_: str) -> Order:
    """An order that takes fulfilments; raises Problem (section 22, point 4)."""
    row = core.storage.get("order", id_)
    if row is None:
        raise problem(400, "invalid_parameter", "No such order.", "orderId")
    order = sales.load(core, id_)
    done = order.state in ("fulfilled", "complete", "returned")
    used_up = order.state == "accepted" and not any(line.open for line in order.lines)
    if done or used_up:
        raise conflict("order_fulfilled", "Nothing left to fulfil.", "orderId")
    if order.state != "accepted":
        raise conflict("order_not_submitted", "Order is not open for this.", "orderId")
    return order


def _steps(order: Order, items: list[Json]) -> list[tuple[Line, int, int]]:
    """Line, units shipped, units dropped; raises Problem 400 or 409."""
    steps: list[tuple[Line, int, int]] = []
    taken: dict[str, int] = {}
    for at, item in enumerate(items):
        path = f"items[{at}]"
        if "itemId" not in item and "skuId" not in item:
            raise problem(400, "missing_parameter", "Input is absent.", f"{path}.itemId")
        line = _named(order, item, path)
        ship, drop = int(item.get("quantity", 0)), int(item.get("cancelQuantity", 0))
        if ship + drop == 0:
            raise problem(400, "invalid_quantity_amount", "Quantity not valid.", f"{path}.quantity")
        if taken.get(line.id, 0) + ship + drop > line.open:
            text = "More than the open quantity."
            raise conflict("quantity_too_large", text, f"{path}.quantity")
        taken[line.id] = taken.get(line.id, 0) + ship + drop
        steps.append((line, ship, drop))
    return steps


def _named(order: Order, item: Json, path: str) -> Line:
    try:
        return sales.the_line(order, item, "itemId")
    except Problem:
        raise problem(400, "invalid_parameter", "No such line.", f"{path}.itemId") from None


def _item(line: Line, ship: int, drop: int) -> Json:
    item: Json = {"itemId": line.id, "quantity": ship, "cancelQuantity": drop}
    return {**item, "skuId": line.sku} if line.sku else item


def _lapsed(core: Core, order: Order) -> bool:
    days = timedelta(days=core.options.authorisation_days)
    return any(
        charge.state == "capturable"
        and not charge.credit
        and core.now > EPOCH + timedelta(microseconds=charge.authorised_at) + days
        for charge in order.charges
    )


def _refuse_lapsed(core: Core, order: Order) -> Response:
    """Risk averse account: the irregular body of contract section 2."""
    lifecycle.tell(core, order, "order.charge.reauth.failed")
    body = {
        "errors": [
            {
                "code": "payment_authorization_failed",
                "description": "The payment approval has lapsed.",
                "parameter": "orderId",
            }
        ]
    }
    return Response(409, encode(body))


def _move(
    core: Core, order: Order, line: Line, units: int, fulfilment: str, *, cancel: bool
) -> list[tuple[Charge, Operation]]:
    """Takes units off a line and asks for their money; part by part, the last takes the rest."""
    last = units == line.open
    if cancel:
        line.dropped += units
    else:
        line.shipped += units
    parts = []
    for whole, gone in zip(line.parts, line.asked, strict=True):
        left = whole - gone
        parts.append(left if last else min(left, money.share(whole, units, line.quantity)))
    line.asked = [gone + part for gone, part in zip(line.asked, parts, strict=True)]
    if line.open == 0:
        line.state = "fulfilled" if line.shipped else "cancelled"
        line.moves[line.state] = core.stamp()
    made = _spread(core, order, sum(parts), fulfilment, cancel=cancel)
    ids = [operation.id for _charge, operation in made]
    order.parcels.append(Parcel(line.id, parts, ids, cancel=cancel, settled=not ids))
    if not ids and not cancel:
        line.captured = [have + part for have, part in zip(line.captured, parts, strict=True)]
    return made


def _spread(
    core: Core, order: Order, amount: int, fulfilment: str, *, cancel: bool
) -> list[tuple[Charge, Operation]]:
    """Captures take credits first, cancels take the primary first (contract section 6)."""
    made = []
    for charge in sorted(order.charges, key=lambda each: each.credit == cancel):
        take = min(amount, charge.open)
        if take <= 0:
            continue
        operation = lifecycle.new_operation(core, take, fulfilment)
        (charge.cancels if cancel else charge.captures).append(operation)
        made.append((charge, operation))
        amount -= take
    return made


def _start(core: Core, order: Order, operations: list[tuple[Charge, Operation]]) -> None:
    """Events of what was asked for, and when it ends."""
    for charge, operation in operations:
        cancel = operation in charge.cancels
        lifecycle.tell_charge(core, order, charge, f"{'cancel' if cancel else 'capture'}.pending")
        lifecycle.settle_charge(core, order, charge)
        plan = _plan(core, charge.effect, cancel=cancel)
        if cancel and _asks(core, charge):
            wait = core.options.pace.cancel
            core.after(wait, "charge.asks", order.id, charge=charge.id, op=operation.id)
        elif plan is not None:
            wait, good = plan
            core.after(wait, "charge.moves", order.id, charge=charge.id, op=operation.id, ok=good)


def _asks(core: Core, charge: Charge) -> bool:
    """Whether money that was pushed to us needs the buyer's bank details to go back."""
    source = sources.find(core, charge.source)
    return source is not None and not source.is_credit and METHODS[source.type].flow == "receiver"


def cancel_asks(core: Core, ref: str, args: Json) -> None:
    """A cancel waits for the buyer's bank details; they arrive after a while."""
    order = sales.load(core, ref)
    charge = order.charge(args["charge"])
    operation = next((o for o in charge.cancels if o.id == args["op"]), None) if charge else None
    if charge is None or operation is None or operation.state != "pending":
        return
    operation.state, operation.updated = "pending_information", core.stamp()
    lifecycle.tell_charge(core, order, charge, "cancel.pending_information")
    core.after(core.options.pace.cancel, "charge.moves", order.id, **args, ok=True)


def _plan(core: Core, effect: Effect, *, cancel: bool) -> tuple[float, bool] | None:
    """After how many seconds an operation ends, and whether well; None = never."""
    pace = core.options.pace
    if cancel:
        return pace.cancel, effect is not Effect.CANCEL_FAILS
    match effect:
        case Effect.CAPTURE_FAILS:
            return pace.capture, False
        case Effect.CAPTURE_FAILS_LATER:
            return pace.late_failure, False
        case Effect.CAPTURE_STAYS_PENDING:
            return None
    return pace.capture, True


def operation_ends(core: Core, ref: str, args: Json) -> None:
    """A capture or cancel is done or has failed."""
    order = sales.load(core, ref)
    charge = order.charge(args["charge"])
    if charge is None:
        return
    operation = next(o for o in (*charge.captures, *charge.cancels) if o.id == args["op"])
    word = "cancel" if operation in charge.cancels else "capture"
    if operation.state not in ("pending", "pending_information"):
        return
    operation.state = "complete" if args["ok"] else "failed"
    operation.updated = core.stamp()
    if not args["ok"]:
        operation.failed_because = "failed-request"
    _book(order)
    lifecycle.tell_charge(core, order, charge, f"{word}.{operation.state}")
    lifecycle.settle_charge(core, order, charge)
    order.updated = core.stamp()
    sales.save(core, order)
    if not any(line.open for line in order.lines):
        lifecycle.settle_order(core, order)


def _book(order: Order) -> None:
    """Parcels whose every capture is complete make their line refundable."""
    done = {
        each.id for charge in order.charges for each in charge.captures if each.state == "complete"
    }
    for parcel in order.parcels:
        line = order.line(parcel.line)
        if parcel.cancel or parcel.settled or line is None:
            continue
        if set(parcel.operations) <= done:
            parcel.settled = True
            line.captured = [a + b for a, b in zip(line.captured, parcel.parts, strict=True)]


def _save(core: Core, wire: Json, operations: list[str]) -> None:
    skus = {item["skuId"] for item in wire["items"] if "skuId" in item}
    columns = {
        "createdTime": at_of(wire, "createdTime"),
        "orderId": wire["orderId"],
        "skuId": skus,
        "trackingCompany": wire.get("trackingCompany"),
        "trackingNumber": wire.get("trackingNumber"),
    }
    core.save("fulfilment", wire["id"], wire, {"operations": operations}, columns)


def get(core: Core, call: Call) -> Response:
    """GET /fulfillments/{id}: with the order and the operations it started."""
    row = core.row("fulfilment", call.id)
    wire: Json = decode(row.wire)
    order = sales.load(core, wire["orderId"])
    wire["chargeOperationIds"] = decode(row.state)["operations"]
    wire["orderDetails"] = sales.details(order)
    return reply(200, wire)


def list_(core: Core, call: Call) -> Response:
    """GET /fulfillments"""
    return core.listing("fulfilment", call)


def update(core: Core, call: Call) -> Response:
    """POST /fulfillments/{id}: tracking afterwards."""
    row = core.row("fulfilment", call.id)
    wire: Json = decode(row.wire)
    wire |= {name: call.body[name] for name in TRACKING if name in call.body}
    _save(core, wire, decode(row.state)["operations"])
    return reply(200, wire)
