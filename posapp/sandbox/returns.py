"""Returns: authorised, accepted, refunded by themselves (contract section 12)."""

from __future__ import annotations

from decimal import Decimal

from posapp.sandbox import money, refund_plan, refunds, sales
from posapp.sandbox.core import Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.sales import GOODS, TAX, Line, Order
from posapp.sandbox.skus import at_of, changes
from posapp.sandbox.wire import Json, Problem, Response, conflict, invalid, problem

KIND = Kind(
    "return",
    {"createdTime": "INTEGER", "state": "TEXT", "orderId": "TEXT", "skuId": "TEXT"},
    ("createdTime", "state", "orderId"),
)


def create(core: Core, call: Call) -> Response:
    """POST /returns"""
    body = call.body
    if core.storage.get("order", body["orderId"]) is None:
        raise problem(400, "invalid_parameter", "No such order.", "orderId")
    order = sales.load(core, body["orderId"])
    if order.state == "dispute":
        raise conflict("invalid_parameter", "Order is in dispute.", "order")
    items, taken = [], dict[str, int]()
    for at, item in enumerate(body["items"]):
        line = _line(order, item, at)
        units = int(item["quantity"])
        if units < 1:
            path = f"items[{at}].quantity"
            raise problem(400, "invalid_quantity_amount", "Quantity not valid.", path)
        taken[line.id] = taken.get(line.id, 0) + units
        if taken[line.id] > line.shipped - line.returned:
            raise conflict("quantity_too_large", "Exceeds what can come back.", f"items[{at}].qty")
        items.append(_item(order, line, units))
    for line in order.lines:
        line.returned += taken.get(line.id, 0)
    order.updated = core.stamp()
    sales.save(core, order)
    wire: Json = {
        "id": f"ret_{core.ids.uuid()}",
        "createdTime": core.stamp(),
        "updatedTime": core.stamp(),
        "orderId": order.id,
        "currency": order.currency,
        "items": items,
        "state": "created",
        "liveMode": False,
    }
    wire |= {k: body[k] for k in ("reason", "location", "metadata") if k in body}
    _save(core, wire)
    core.emit("return.created", wire, order.id)
    return reply(201, wire)


def _line(order: Order, item: Json, at: int) -> Line:
    try:
        return sales.the_line(order, item, "itemId")
    except Problem:
        raise invalid(f"items[{at}].itemId", "No such line.") from None


def _worth(line: Line, units: int) -> int:
    """Goods and their tax of that many units."""
    return money.share(line.parts[GOODS] + line.parts[TAX], units, line.quantity)


def _item(order: Order, line: Line, units: int) -> Json:
    row: Json = {
        "itemId": line.id,
        "quantity": units,
        "quantityAccepted": 0,
        "amount": money.number(_worth(line, units), order.currency),
        "state": "created",
    }
    return {**row, "skuId": line.sku} if line.sku else row


def _save(core: Core, wire: Json) -> None:
    columns = {
        "createdTime": at_of(wire, "createdTime"),
        "state": wire["state"],
        "orderId": wire["orderId"],
        "skuId": {item["skuId"] for item in wire["items"] if "skuId" in item},
    }
    core.save("return", wire["id"], wire, {}, columns)


def get(core: Core, call: Call) -> Response:
    """GET /returns/{id}"""
    return reply(200, core.shown("return", call.id))


def list_(core: Core, call: Call) -> Response:
    """GET /returns"""
    return core.listing("return", call)


def update(core: Core, call: Call) -> Response:
    """POST /returns/{id}: goods came back; once all of them did, the refund starts."""
    old, wire = core.document("return", call.id), core.document("return", call.id)
    body = call.body
    wire |= {k: body[k] for k in ("location", "metadata") if k in body}
    if "state" in body or "items" in body:
        if wire["state"] == "accepted":
            raise conflict("invalid_parameter", "Already accepted.", "state")
        _accept(wire, body)
    wire["updatedTime"] = core.stamp()
    whole = all(item["state"] == "accepted" for item in wire["items"])
    if whole and wire["state"] == "created":
        wire["state"] = "accepted"
        wire["refundIds"] = _pay_back(core, wire)
        _save(core, wire)
        core.emit("return.accepted", wire, wire["orderId"], changes(old, wire))
    else:
        _save(core, wire)
        core.emit("return.updated", wire, wire["orderId"], changes(old, wire))
    return reply(200, wire)


def _accept(wire: Json, body: Json) -> None:
    if "state" in body:
        for item in wire["items"]:
            item |= {"quantityAccepted": item["quantity"], "state": "accepted"}
        return
    for at, each in enumerate(body["items"]):
        item = next(
            (
                row
                for row in wire["items"]
                if row["itemId"] == each.get("itemId")
                or ("itemId" not in each and row.get("skuId") == each.get("skuId"))
            ),
            None,
        )
        if item is None:
            raise invalid(f"items[{at}].itemId", "No such line.")
        item["quantityAccepted"] += int(each["quantity"])
        if item["quantityAccepted"] > item["quantity"]:
            raise conflict("quantity_too_large", "Exceeds what can come back.", f"items[{at}].qty")
        if item["quantityAccepted"] == item["quantity"]:
            item["state"] = "accepted"


def _pay_back(core: Core, wire: Json) -> list[str]:
    """One refund over all lines, never more than is left on each."""
    order = sales.load(core, wire["orderId"])
    parts, shown = {}, []
    for item in wire["items"]:
        line = order.line(item["itemId"])
        if line is None:
            continue
        pool = [max(0, left) if at in (GOODS, TAX) else 0 for at, left in enumerate(line.left)]
        amount = min(sum(pool), _worth(line, item["quantity"]))
        if not amount:
            continue
        parts[line.id] = refund_plan.cut({line.id: pool}, amount)[line.id]
        row = {k: item[k] for k in ("itemId", "skuId", "quantity") if k in item}
        row["amount"] = money.number(amount, order.currency)
        shown.append({**row, "refundedAmount": Decimal(0)})
    if not parts or sum(map(sum, parts.values())) > order.refundable:
        return []
    what: Json = {"items": shown}
    if "reason" in wire:
        what["reason"] = wire["reason"]
    return [refunds.make(core, order, parts, what).id]
