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
