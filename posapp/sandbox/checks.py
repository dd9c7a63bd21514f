"""The invariants of the pretend service: amounts add up, each charge within its authorisation."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.sandbox import refunds, sales
from posapp.sandbox.core import Core
from posapp.sandbox.sales import Order


def run(core: Core) -> list[str]:
    """Every broken rule in words, over all orders and events."""
    own = [f"{core.own_faults} faults of the sandbox's own, see its log"] if core.own_faults else []
    return [*own, *_orders(core), *_refunds(core), *_events(core)]


def _refunds(core: Core) -> Iterator[str]:
    after = ""
    while ids := core.storage.ids("refund", after):
        for id_ in ids:
            refund = refunds.load(core, id_)
            if sum(amount for _charge, _operation, amount in refund.operations) != refund.amount:
                yield f"refund {id_}: its charge refunds do not add up to it"
        after = ids[-1]


def _orders(core: Core) -> Iterator[str]:
    after = ""
    while ids := core.storage.ids("order", after):
        for id_ in ids:
            for sentence in order(sales.load(core, id_)):
                yield f"order {id_}: {sentence}"
        after = ids[-1]


def order(each: Order) -> Iterator[str]:
    """Broken rules of one order."""
    if sum(sum(line.parts) for line in each.lines) != each.total:
        yield "lines do not add up to the total"
    if each.session["state"] == "complete" and sum(c.amount for c in each.charges) != each.total:
        yield "charges do not add up to the total"
    for charge in each.charges:
        if charge.open < 0:
            yield f"charge {charge.id} captured and cancelled beyond its authorisation"
        if charge.refundable < 0:
            yield f"charge {charge.id} refunded more than it captured"
    yield from _lines(each)
    if sum(charge.refundable for charge in each.charges) < each.refundable:
        yield "lines promise more money back than the charges hold"
    parcels = sum(sum(parcel.parts) for parcel in each.parcels)
    if parcels != sum(sum(line.asked) for line in each.lines):
        yield "fulfilments and lines disagree on the money"
    if each.state in ("fulfilled", "complete", "returned") and any(n.open for n in each.lines):
        yield f"{each.state} with open units"


def _lines(each: Order) -> Iterator[str]:
    for line in each.lines:
        if line.open < 0 or line.shipped < 0 or line.dropped < 0:
            yield f"line {line.id} has more units gone than ordered"
        if line.returned > line.shipped:
            yield f"line {line.id} has more units returned than shipped"
        if any(a > p or a < 0 for a, p in zip(line.asked, line.parts, strict=True)):
            yield f"line {line.id} asked for more money than it is worth"
        if any(left < 0 for left in line.left):
            yield f"line {line.id} refunded more than it captured"


def _events(core: Core) -> Iterator[str]:
    doubled = core.director.events.double > 0
    seen = 0
    after = ""
    while ids := core.storage.ids("event", after, 5000):
        seen += len(ids)
        after = ids[-1]
        for id_ in ids:
            if id_.endswith(" again") and not doubled:
                yield f"event {id_} listed twice"
    if seen != core.storage.count("event"):
        yield "events miscounted"
