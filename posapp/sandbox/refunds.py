"""Refunds: requests, states, and what the bank makes of them (contract section 12)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec

from posapp.sandbox import documents, lifecycle, money, sales, sources
from posapp.sandbox.cards import Effect
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.queries import SCALE
from posapp.sandbox.refund_plan import plan
from posapp.sandbox.sales import Order, Parts
from posapp.sandbox.skus import at_of, changes
from posapp.sandbox.wire import Json, Response, invalid, micros, problem, stamp

KIND = Kind(
    "refund",
    {
        "createdTime": "INTEGER", "state": "TEXT", "orderId": "TEXT", "skuId": "TEXT",
        "reason": "TEXT", "failureReason": "TEXT", "refundedAmount": "INTEGER",
        "amount": "INTEGER", "token": "TEXT",
    },
    ("createdTime", "state", "orderId", "reason", "failureReason", "refundedAmount", "amount",
     "token"),
)  # fmt: skip
BY_DETAILS = frozenset({"wireTransfer", "konbini", "bPay", "onlineBanking"})
TOKEN_DAYS = 30


class Refund(msgspec.Struct):
    """A merchant's request to pay back."""

    id: str
    created: str
    created_at: int
    order: str
    currency: str
    amount: int
    wire: Json  # what was asked for
    parts: dict[str, Parts]  # by line id
    state: str = "pending"
    operations: list[tuple[str, str, int]] = []  # charge id, operation id, amount
    failure: str | None = None
    token: Json | None = None
    skus: list[str] = []


_decoder = msgspec.json.Decoder(Refund, float_hook=Decimal)


def show(core: Core, refund: Refund) -> Json:
    """The refund as the API returns it."""
    done = refund.amount if refund.state == "succeeded" else 0
    wire: Json = {
        "id": refund.id,
        "createdTime": refund.created,
        "orderId": refund.order,
        "currency": refund.currency,
        **refund.wire,
        "refundedAmount": money.number(done, refund.currency),
        "state": refund.state,
        "liveMode": False,
    }
    if refund.failure:
        wire["failureReason"] = refund.failure
    if refund.token and refund.state == "pending_information":
        wire |= {"tokenInformation": refund.token, "expiresTime": refund.token["expiresTime"]}
    wire["charges"] = _charges(core, refund)
    return wire


def _charges(core: Core, refund: Refund) -> list[Json]:
    order = sales.load(core, refund.order)
    shown = []
    for charge_id, operation_id, _amount in refund.operations:
        charge = order.charge(charge_id)
        if charge is None:
            continue
        own = [each for each in charge.refunds if each.id == operation_id]
        shown.append(
            {
                "id": charge.id,
                "captured": bool(charge.captures),
                "refunded": bool(charge.refunds),
                "sourceId": charge.source,
                "refunds": [
                    {
                        "createdTime": each.created,
                        "amount": money.number(each.amount, refund.currency),
                        "state": each.state,
                    }
                    for each in own
                ],
            }
        )
    return shown


def load(core: Core, id_: str) -> Refund:
    """The refund of that id; raises Problem 404."""
    return _decoder.decode(core.row("refund", id_).state)


def save(core: Core, refund: Refund) -> Json:
    """Writes a refund; returns it as shown."""
    wire = show(core, refund)
    scaled = int(money.number(refund.amount, refund.currency) * SCALE)
    columns = {
        "createdTime": at_of(wire, "createdTime"),
        "state": refund.state,
        "orderId": refund.order,
        "skuId": refund.skus,
        "reason": refund.wire.get("reason"),
        "failureReason": refund.failure,
        "refundedAmount": scaled if refund.state == "succeeded" else 0,
        "amount": scaled,
        "token": refund.token["token"] if refund.token else None,
    }
    core.save("refund", refund.id, wire, refund, columns)
    return wire


def create(core: Core, call: Call) -> Response:
    """POST /refunds"""
    body = call.body
    row = core.storage.get("order", body["orderId"])
    if row is None:
        raise problem(404, "not_found", "Not found.", "orderId")
    order = sales.load(core, body["orderId"])
    if body["currency"] != order.currency:
        raise invalid("currency", "Use the order currency.")
    if order.state == "dispute":
        raise invalid("order", "Order is in dispute.")
    parts, wire = plan(order, body)
    refund = make(core, order, parts, wire)
    return reply(201, save(core, refund))


def make(core: Core, order: Order, parts: dict[str, Parts], wire: Json) -> Refund:
    """Books a refund as pending and lets the bank work on it."""
    refund = Refund(
        id=f"re_{core.ids.uuid()}",
        created=core.stamp(),
        created_at=micros(core.now),
        order=order.id,
        currency=order.currency,
        amount=sum(map(sum, parts.values())),
        wire=wire,
        parts=parts,
    )
    _hold(order, parts, 1)
    lines = [line for line in order.lines if line.id in parts]
    refund.skus = sorted({line.sku for line in lines if line.sku})
    left = refund.amount
    for charge in sorted(order.charges, key=lambda each: each.credit):  # primary first
        take = min(left, charge.refundable)
        if take <= 0:
            continue
        operation = lifecycle.new_operation(core, take)
        charge.refunds.append(operation)
        refund.operations.append((charge.id, operation.id, take))
        left -= take
        lifecycle.tell_charge(core, order, charge, "refund.pending")
    order.updated = core.stamp()
    sales.save(core, order)
    core.emit("refund.pending", save(core, refund), order.id)
    _let_run(core, order, refund)
    return refund


def _hold(order: Order, parts: dict[str, Parts], sign: int) -> None:
    for line in order.lines:
        if line.id in parts:
            line.refunded = [
                have + sign * part for have, part in zip(line.refunded, parts[line.id], strict=True)
            ]


def _let_run(core: Core, order: Order, refund: Refund) -> None:
    pace = core.options.pace
    source = sources.find(core, order.primary or "")
    match order.effect:
        case Effect.REFUND_FAILS | Effect.REFUND_FAILS_AT_ONCE:
            core.after(pace.refund, "refund.ends", refund.id, ok=False)
        case Effect.REFUND_FAILS_LATER:
            core.after(pace.refund + pace.late_failure, "refund.ends", refund.id, ok=False)
        case _ if source is not None and source.type in BY_DETAILS:
            core.after(pace.refund, "refund.asks", refund.id)
        case _:
            core.after(pace.refund, "refund.ends", refund.id, ok=True)


def asks(core: Core, ref: str, _args: Json) -> None:
    """The buyer's bank details are needed; the token lives 30 days."""
    refund = load(core, ref)
    if refund.state != "pending":
        return
    expires = stamp(core.now + timedelta(days=TOKEN_DAYS))
    refund.state = "pending_information"
    refund.token = {"token": core.ids.uuid(), "expiresTime": expires}
    _move_operations(core, refund, "pending_information")
    before: Json = {"state": "pending"}
    core.emit("refund.pending_information", save(core, refund), refund.order, before)
    core.after(TOKEN_DAYS * 86400, "refund.expires", refund.id)


def details_given(core: Core, token: str) -> Refund | None:
    """The buyer's bank details arrive with the token of a waiting refund."""
    rows = core.storage.find("refund", "token", token)
    if not rows:
        return None
    refund = load(core, rows[0].id)
    if refund.state != "pending_information":
        return None
    order = _move_operations(core, refund, "pending")
    refund.state = "pending"
    save(core, refund)
    good = order.effect is not Effect.REFUND_FAILS_AFTER_DETAILS
    core.after(core.options.pace.refund, "refund.ends", refund.id, ok=good)
    return refund


def _move_operations(core: Core, refund: Refund, state: str) -> Order:
    """Shows on the charges what the bank waits for; a sub-resource, so the order has no event."""
    order = sales.load(core, refund.order)
    wanted = {operation for _charge, operation, _amount in refund.operations}
    for operation in (each for charge in order.charges for each in charge.refunds):
        if operation.id in wanted:
            operation.state, operation.updated = state, core.stamp()
    order.updated = core.stamp()
    sales.save(core, order)
    return order


def expires(core: Core, ref: str, _args: Json) -> None:
    """Nobody gave the details in time."""
    refund = load(core, ref)
    if refund.state == "pending_information":
        _fail(core, refund, "expired")


def ends(core: Core, ref: str, args: Json) -> None:
    """The bank has paid back, or not."""
    refund = load(core, ref)
    if refund.state != "pending":
        return
    if not args["ok"]:
        refund.failure = "The bank refused the refund."
        _fail(core, refund, "failed")
        return
    order = sales.load(core, refund.order)
    refund.state = "succeeded"
    for row in refund.wire.get("items", []):
        row["refundedAmount"] = row["amount"]
    order.refunded = (order.refunded or 0) + refund.amount
    _close(core, order, refund, "complete")
    before: Json = {"state": "pending", "refundedAmount": 0}
    core.emit("refund.complete", save(core, refund), order.id, before)
    lifecycle.send_back(core, order)
    if not lifecycle.settle_refunds(core, order):
        lifecycle.tell(core, order, "order.refunded")
    documents.issue_memo(core, order)


def _fail(core: Core, refund: Refund, state: str) -> None:
    order = sales.load(core, refund.order)
    before, refund.state = refund.state, state
    _hold(order, refund.parts, -1)
    _close(core, order, refund, "failed")
    order.updated = core.stamp()
    sales.save(core, order)
    wire = save(core, refund)
    if state == "failed":
        core.emit("refund.failed", wire, order.id, {"state": before})


def _close(core: Core, order: Order, refund: Refund, state: str) -> None:
    for charge_id, operation_id, _amount in refund.operations:
        charge = order.charge(charge_id)
        if charge is None:
            continue
        for operation in charge.refunds:
            if operation.id == operation_id:
                operation.state, operation.updated = state, core.stamp()
                if state == "failed":
                    operation.failed_because = "failed-request"
        lifecycle.tell_charge(core, order, charge, f"refund.{state}")


def get(core: Core, call: Call) -> Response:
    """GET /refunds/{id}"""
    return reply(200, core.shown("refund", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /refunds"""
    return core.listing("refund", call)


def update(core: Core, call: Call) -> Response:
    """POST /refunds/{id}"""
    refund = load(core, call.id)
    old = core.document("refund", call.id)
    refund.wire |= {k: call.body[k] for k in ("metadata",) if k in call.body}
    wire = save(core, refund)
    core.emit("refund.updated", wire, refund.order, changes(old, wire))
    return reply(200, wire)
