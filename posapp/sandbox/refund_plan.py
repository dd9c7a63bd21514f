"""How much of what a refund pays back (contract section 12; section 22, points 42 to 44).

Pure: reads an order, changes nothing.
"""

from __future__ import annotations

from decimal import Decimal

from posapp.sandbox import money, sales
from posapp.sandbox.sales import (
    DUTY,
    FEE,
    FEE_TAX,
    GOODS,
    IMPORTER_TAX,
    SHIPPING,
    SHIPPING_TAX,
    TAX,
    Line,
    Order,
    Parts,
)
from posapp.sandbox.wire import Json, Problem, invalid, problem

PRODUCT = (GOODS, TAX, SHIPPING, SHIPPING_TAX, DUTY, IMPORTER_TAX)  # never fees
OF_TYPE = {
    "shipping": (SHIPPING, SHIPPING_TAX),
    "fees": (FEE, FEE_TAX),
    "duty": (DUTY,),
    "tax": (TAX, SHIPPING_TAX, FEE_TAX),
    "importer_tax": (IMPORTER_TAX,),
}


def plan(order: Order, body: Json) -> tuple[dict[str, Parts], Json]:
    """The money by line and part, and the refund's own fields; raises Problem 400."""
    wire: Json = {k: body[k] for k in ("type", "percent", "reason", "metadata") if k in body}
    if "items" in body:
        if "type" in body:
            raise invalid("type", "Give the type on each line.")
        return _by_lines(order, body["items"], wire)
    pools = {line.id: _pool(line.left, OF_TYPE.get(body.get("type", ""), PRODUCT))
             for line in order.lines}  # fmt: skip
    everything = {line.id: list(line.left) for line in order.lines}
    amount = _amount(body, order, pools, everything)
    if body.get("type") is None and amount == order.refundable:
        pools = everything
    wire |= {"amount": money.number(amount, order.currency), "items": []}
    return cut(pools, amount), wire


def _pool(left: Parts, kinds: tuple[int, ...]) -> Parts:
    return [amount if at in kinds else 0 for at, amount in enumerate(left)]


def _sum(pools: dict[str, Parts]) -> int:
    return sum(sum(parts) for parts in pools.values())


def _amount(body: Json, order: Order, pools: dict[str, Parts], everything: dict[str, Parts]) -> int:
    """How much an order-level refund pays back; raises Problem 400."""
    kind = body.get("type")
    available = _sum(pools)
    ceiling = min(order.refundable, available if kind else _sum(everything))
    if "percent" in body:
        amount = money.times(ceiling, Decimal(body["percent"]) / 100)
        if kind == "tax" and body["percent"] != 100:
            raise invalid("percentRequested", "Tax goes back in full only.")
    else:
        amount = _read(body["amount"], order.currency, "amountRequested")
        if kind == "tax" and amount != available:
            raise invalid("percentRequested", "Tax goes back in full only.")
    full = amount == order.refundable and kind is None
    if amount <= 0 or amount > ceiling or (not full and amount > available):
        raise invalid("amountRequested", "Exceeds what is left.")
    return amount


def _read(value: Decimal | str, currency: str, parameter: str) -> int:
    minor = money.to_minor(Decimal(value), currency)
    if minor is None or minor <= 0:
        raise invalid(parameter, "An amount above zero with the digits of its currency.")
    return minor


def cut(pools: dict[str, Parts], amount: int) -> dict[str, Parts]:
    """`amount` taken from the pools pro rata, never more than each holds."""
    flat = [(id_, at, held) for id_, parts in pools.items() for at, held in enumerate(parts)]
    weights = [max(0, held) for _id, _at, held in flat]
    out: dict[str, Parts] = {id_: [0] * 8 for id_ in pools}
    taken = [min(h, part) for h, part in zip(weights, money.spread(amount, weights), strict=True)]
    rest = amount - sum(taken)
    for position, (id_, at, _held) in enumerate(flat):
        more = min(rest, weights[position] - taken[position])
        out[id_][at] = taken[position] + more
        rest -= more
    return out


def _of_units(line: Line, pool: Parts, units: int) -> int:
    """What that many units can still pay back: their share of what the line took."""
    taken = sum(have for have, left in zip(line.captured, pool, strict=True) if left)
    return min(sum(pool), money.share(taken, units, line.quantity))


def _by_lines(order: Order, items: list[Json], wire: Json) -> tuple[dict[str, Parts], Json]:
    chosen: dict[str, Parts] = {}
    shown = []
    for at, item in enumerate(items):
        try:
            line = sales.the_line(order, item, "itemId")
        except Problem:
            raise invalid(f"items[{at}].itemId", "No such line.") from None
        units = int(item.get("quantity", line.quantity))
        if not 1 <= units <= line.quantity:
            raise problem(
                400, "invalid_quantity_amount", "Quantity not valid.", f"items[{at}].quantity"
            )
        gone = chosen.get(line.id, [0] * 8)
        left = [have - less for have, less in zip(line.left, gone, strict=True)]
        pool = _pool(left, OF_TYPE.get(item.get("type", ""), (GOODS, TAX)))
        if "percent" in item:
            worth = _of_units(line, pool, units)
            amount = money.times(worth, Decimal(item["percent"]) / 100)
        else:
            amount = _read(item["amount"], order.currency, "amountRequested")
        if amount <= 0 or amount > sum(pool):
            raise invalid("amountRequested", "Exceeds what is left.")
        part = cut({line.id: pool}, amount)[line.id]
        chosen[line.id] = [a + b for a, b in zip(gone, part, strict=True)]
        row: Json = {k: item[k] for k in ("type", "percent") if k in item}
        row |= {"itemId": line.id, "quantity": units, "refundedAmount": Decimal(0)}
        row["amount"] = money.number(amount, order.currency)
        shown.append({**row, **({"skuId": line.sku} if line.sku else {})})
    if _sum(chosen) > order.refundable:
        raise invalid("amountRequested", "Exceeds what is left.")
    return chosen, {**wire, "items": shown}
