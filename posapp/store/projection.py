"""From an order and what belongs to it to its row in the queue.

Pure; the sums are `domain.fulfilment`'s.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from posapp.domain.fulfilment import Fulfilment, FulfilmentRequest, standing
from posapp.domain.order import Order, Outlook, outlook
from posapp.domain.payment import OperationKind, OperationState
from posapp.domain.queue import view_of
from posapp.store.columns import to_micros
from posapp.store.rows import Row, micros
from posapp.store.search import words_of

COLUMNS = (
    "place order_id view state raw_state outlook sale_number buyer email line_count units "
    "open_units sending total_minor currency created_at updated_at since seen_at to_hand_over "
    "claimed_by claim_until notes checkout_id search"
)

_TIE_BITS = 20


@dataclass(slots=True)
class Belongings:
    """What is known of an order besides the order: moments are microseconds."""

    order: Order | None = None
    place: int | None = None
    created_at: int | None = None
    seen_at: int | None = None
    fulfilments: list[Fulfilment] = field(default_factory=list)
    waiting: list[FulfilmentRequest] = field(default_factory=list)
    claimed_by: str = ""
    claim_until: int | None = None
    notes: int = 0
    to_hand_over: bool = False


def place_in_time(created_at: int, order_id: str) -> int:
    """Return the order's place among all orders: its millisecond, and a tie-breaker out of its
    id.
    """
    tie = zlib.crc32(order_id.encode()) & ((1 << _TIE_BITS) - 1)
    return ((created_at // 1000) << _TIE_BITS) | tie


def _since(order: Order, ahead: Outlook) -> datetime | None:
    """Since when the order is what it is now, as far as the service says."""
    if ahead is Outlook.CAPTURE_FAILED:
        failed = [
            operation.updated_at or operation.created_at
            for charge in order.charges
            for operation in charge.operations
            if operation.kind is OperationKind.CAPTURE and operation.state is OperationState.FAILED
        ]
        known = [at for at in failed if at is not None]
        if known:
            return max(known)
    reached = [at for name, at in order.transitions if name == order.raw_state]
    return max(reached) if reached else order.updated_at or order.created_at


def row_of(order: Order, held: Belongings, place: int, created_at: int, seen_at: int) -> Row:
    """Return the order's row, its values in the order of `COLUMNS`."""
    lines = standing(order, held.fulfilments, held.waiting)
    open_units = sum(line.open for line in lines)
    ahead = outlook(order, sending=bool(held.waiting))
    view = view_of(order.state, ahead, open_units, to_hand_over=held.to_hand_over)
    since = micros(_since(order, ahead))
    return (
        place,
        order.id,
        None if view is None else view.value,
        order.state.value,
        order.raw_state,
        ahead.value,
        order.sale_number,
        order.buyer,
        order.email,
        len(order.lines),
        sum(line.ordered for line in lines),
        open_units,
        sum(line.waiting for line in lines),
        order.total.minor,
        order.total.currency,
        created_at,
        micros(order.updated_at),
        created_at if since is None else since,
        seen_at,
        held.to_hand_over,
        held.claimed_by,
        held.claim_until,
        held.notes,
        order.checkout_id or None,
        words_of(order.id, order.sale_number, order.buyer, order.email),
    )


def created_of(order: Order, held: Belongings, seen_at: int) -> int:
    """Return when the order was made, or first seen by us when nobody says."""
    if order.created_at is not None:
        return to_micros(order.created_at)
    return held.created_at if held.created_at is not None else seen_at


def free_places(wanted: Iterable[tuple[str, int]], taken: set[int]) -> dict[str, int]:
    """Give each order its place, or the next one above that is not taken."""
    given: dict[str, int] = {}
    for order_id, first in wanted:
        place = first
        while place in taken:
            place += 1
        taken.add(place)
        given[order_id] = place
    return given
