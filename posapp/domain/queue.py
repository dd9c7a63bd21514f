"""The order queue as people read it: views and rows. Rows are projections made by the store, not
whole orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.money import Money
from posapp.domain.order import OrderState, Outlook


class View(StrEnum):
    """The saved views above the queue, in their order (design 9)."""

    READY = "ready"
    TO_HAND_OVER = "to hand over"
    REVIEW = "review"
    UNPAID = "unpaid"
    BLOCKED = "blocked"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the queue.

    `open_units` counts what is still to leave, intents already taken off.
    """

    order_id: str
    state: OrderState
    raw_state: str
    outlook: Outlook
    sale_number: str
    buyer: str
    email: str
    line_count: int
    units: int
    open_units: int
    total: Money
    created_at: datetime
    updated_at: datetime | None
    sending: int = 0
    to_hand_over: bool = False
    claimed_by: str = ""
    claim_until: datetime | None = None
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: keyset paging by time and id, newest first."""

    created_at: datetime
    order_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows and where the next begins; None at the end."""

    rows: tuple[OrderRow, ...]
    next: Cursor | None


def view_of(
    state: OrderState, ahead: Outlook, open_units: int, *, to_hand_over: bool
) -> View | None:
    """Return the one view an order stands in beside "all"; None if it needs nobody (design 9)."""
    match ahead:
        case Outlook.IN_REVIEW:
            return View.REVIEW
        case Outlook.AWAITING_PAYMENT | Outlook.PAYMENT_FAILED:
            return View.UNPAID
        case Outlook.BLOCKED:
            return View.BLOCKED
        case Outlook.TO_FULFIL | Outlook.SENDING if state is OrderState.ACCEPTED and open_units:
            return View.TO_HAND_OVER if to_hand_over else View.READY
        case _:
            return None


def stands_in(row: OrderRow, view: View) -> bool:
    """Say whether a row belongs into this view: so news finds its place without asking anew."""
    if view is View.ALL:
        return True
    found = view_of(row.state, row.outlook, row.open_units, to_hand_over=row.to_hand_over)
    return found is view
