"""What may still leave the shop, and what was asked to leave.

The sums are asserted, never assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from posapp.domain.errors import BadQuantity, NothingOpen, StateForbids, TooMany
from posapp.domain.money import Money
from posapp.domain.order import LineId, LineState, Order, OrderId, OrderLine, OrderState

FulfilmentId = NewType("FulfilmentId", str)


@dataclass(frozen=True, slots=True)
class Tracking:
    """How a parcel can be followed; any part may be empty."""

    company: str = ""
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FulfilmentItem:
    """Units of one line that were shipped (`quantity`) and dropped (`cancel_quantity`)."""

    line_id: LineId
    quantity: int = 0
    cancel_quantity: int = 0


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A report of shipped and dropped units as the service keeps it; `request` is our key from its
    metadata.
    """

    id: FulfilmentId
    order_id: OrderId
    items: tuple[FulfilmentItem, ...]
    created_at: datetime | None = None
    tracking: Tracking = Tracking()
    request: str = ""


@dataclass(frozen=True, slots=True)
class FulfilmentRequest:
    """What a person decided: the outbox sends it once. `request` is the key written into the
    metadata (design 6).
    """

    request: str
    order_id: OrderId
    items: tuple[FulfilmentItem, ...]
    tracking: Tracking = Tracking()
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineStanding:
    """How a line stands: ordered = fulfilled + cancelled + waiting + open (design 8)."""

    line: OrderLine
    ordered: int
    fulfilled: int
    cancelled: int
    waiting: int
    open: int


def standing(
    order: Order, fulfilments: Iterable[Fulfilment], waiting: Iterable[FulfilmentRequest]
) -> tuple[LineStanding, ...]:
    """Add up each line over the order's fulfilments and the intents not yet confirmed."""
    done = [item for fulfilment in fulfilments for item in fulfilment.items]
    asked = [item for request in waiting for item in request.items]
    return tuple(_line_standing(order, line, done, asked) for line in order.lines)


def _line_standing(
    order: Order, line: OrderLine, done: list[FulfilmentItem], asked: list[FulfilmentItem]
) -> LineStanding:
    fulfilled = cancelled = waits = 0
    for item in done:
        if item.line_id == line.id:
            fulfilled += item.quantity
            cancelled += item.cancel_quantity
    for item in asked:
        if item.line_id == line.id:
            waits += item.quantity + item.cancel_quantity
    rest = line.quantity - fulfilled - cancelled - waits
    closed = line.state in (LineState.CANCELLED, LineState.BLOCKED) or order.state in (
        OrderState.CANCELLED,
        OrderState.BLOCKED,
    )
    if closed:  # the service dropped what was left
        cancelled, waits, rest = line.quantity - fulfilled, 0, 0
    elif line.state is LineState.FULFILLED and rest > 0:  # its fulfilment has not been read yet
        fulfilled, rest = fulfilled + rest, 0
    return LineStanding(line, line.quantity, fulfilled, cancelled, waits, max(rest, 0))


def check(request: FulfilmentRequest, order: Order, lines: tuple[LineStanding, ...]) -> None:
    """Raise StateForbids, NothingOpen, TooMany or BadQuantity unless the request can be sent
    (design 8).
    """
    if order.state is not OrderState.ACCEPTED:
        raise StateForbids(order.id, order.raw_state)
    if not any(line.open for line in lines):
        raise NothingOpen(order.id)
    if not any(item.quantity + item.cancel_quantity for item in request.items):
        raise BadQuantity(0, sum(line.open for line in lines))
    by_id = {line.line.id: line for line in lines}
    for item in request.items:
        asked = item.quantity + item.cancel_quantity
        free = by_id[item.line_id].open if item.line_id in by_id else 0
        if min(item.quantity, item.cancel_quantity) < 0:
            raise BadQuantity(min(item.quantity, item.cancel_quantity), free)
        if asked > free:
            raise TooMany(item.line_id, asked, free)


@dataclass(frozen=True, slots=True)
class MoneyPreview:
    """What sending would do to the money, by the service's published rounding; what really happened
    replaces it.
    """

    captures: Money
    releases: Money
    remains: Money


def preview(
    order: Order, lines: tuple[LineStanding, ...], items: Iterable[FulfilmentItem]
) -> MoneyPreview:
    """Foretell captures, releases and what stays authorised (contract 10: parts round, the last
    takes the remainder).
    """
    captures = releases = remains = Money.zero(order.currency)
    asked = {item.line_id: item for item in items}
    for line in lines:
        item = asked.get(line.line.id, FulfilmentItem(line.line.id))
        gross = line.line.gross
        left = gross - line.line.part(line.ordered - line.open)
        rest = line.open - item.quantity - item.cancel_quantity
        taken = line.line.part(item.quantity)
        dropped = line.line.part(item.cancel_quantity)
        if rest <= 0:  # the last movement takes what the roundings before it left
            taken = left if not item.cancel_quantity else taken
            dropped = left - taken
        stays = left - taken - dropped
        captures, releases, remains = captures + taken, releases + dropped, remains + stays
    return MoneyPreview(captures, releases, remains)
