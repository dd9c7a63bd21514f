"""What a manager must look at.

The service decides reviews; nobody here can approve one (design 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.money import Money


class Concern(StrEnum):
    """Why something stands on the Review screen; `ui/messages.py` has the words."""

    IN_REVIEW = "in review"
    BLOCKED = "blocked"
    UNPAID = "unpaid past its age"
    PAYMENT_FAILED = "payment failed"
    CAPTURE_FAILED = "capture failed"
    DISPUTE = "dispute"
    UNKNOWN_INTENT = "unknown outcome"
    REFUSED_INTENT = "refused by the service"
    STOPPED_INTENT = "stopped before sending"
    SUPERSEDED_ALIVE = "superseded order came alive"


class Outcome(StrEnum):
    """What a manager did about something blocked (design 8)."""

    CUSTOMER_TOLD = "customer told"
    RESOLD = "sold again"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One row of the Review screen; exactly one of `order_id` and `sale_id` may be empty."""

    concern: Concern
    since: datetime
    order_id: str = ""
    sale_id: str = ""
    intent_id: str = ""
    sale_number: str = ""
    buyer: str = ""
    total: Money | None = None
    outcome: str = ""
    notes: int = 0
    facts: tuple[tuple[str, str], ...] = ()
