"""A write that was decided, from pen to proof: the record that makes a lost answer harmless. Never
sends anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from posapp.domain.errors import RuleBroken

IntentId = NewType("IntentId", str)


class IntentKind(StrEnum):
    """Which write it is; each is settled in its own way (design 6)."""

    CUSTOMER = "create customer"
    CUSTOMER_UPDATE = "update customer"
    TAX_IDENTIFIER = "create tax identifier"
    CHECKOUT = "create checkout"
    CHECKOUT_UPDATE = "update checkout"
    CHECKOUT_DELETE = "delete checkout"
    ATTACH_SOURCE = "attach source"
    SAVE_SOURCE = "save source"
    ORDER = "create order"
    FULFILMENT = "create fulfilment"
    SKU = "upsert product"


class IntentState(StrEnum):
    """How far the write has got (design 6)."""

    WRITTEN = "written"
    SENDING = "sending"
    DONE = "done"
    NOT_DONE = "not done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


NEXT: Mapping[IntentState, frozenset[IntentState]] = {
    IntentState.WRITTEN: frozenset({IntentState.SENDING, IntentState.NOT_DONE}),
    IntentState.SENDING: frozenset(
        {
            IntentState.DONE,
            IntentState.REFUSED,
            IntentState.NOT_DONE,
            IntentState.UNKNOWN,
            IntentState.WRITTEN,
        }
    ),
    IntentState.UNKNOWN: frozenset(
        {IntentState.DONE, IntentState.NOT_DONE, IntentState.UNKNOWN, IntentState.WRITTEN}
    ),
    IntentState.DONE: frozenset(),
    IntentState.NOT_DONE: frozenset(),
    IntentState.REFUSED: frozenset(),
}


class IllegalIntentMove(RuleBroken):
    """A write cannot go from where it is to where it was sent."""

    def __init__(self, here: IntentState, there: IntentState) -> None:
        super().__init__(f"{here} → {there}")


OPEN_STATES = frozenset({IntentState.WRITTEN, IntentState.SENDING, IntentState.UNKNOWN})

PATIENCE = timedelta(seconds=30)
"""How long after its time limit a write is still given to appear before its absence counts (design
6).
"""
BETWEEN_LOOKUPS = timedelta(seconds=10)
"""How far apart two look-ups must be to count as two (design 6)."""

LOOKUPS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Intent:
    """One write.

    `resource` names the remote thing that only one write may touch at a time; `key` finds it again.
    """

    id: IntentId
    kind: IntentKind
    resource: str
    key: str
    body: str
    written_at: datetime
    state: IntentState = IntentState.WRITTEN
    sale_id: str = ""
    order_id: str = ""
    limit_s: float = 20.0
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    missed_lookups: int = 0
    first_missed_at: datetime | None = None
    last_lookup_at: datetime | None = None
    remote_id: str = ""
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether its end is not known yet."""
        return self.state in OPEN_STATES

    def moved(self, there: IntentState) -> Intent:
        """Return the intent in state `there`. Raises IllegalIntentMove."""
        if there not in NEXT[self.state]:
            raise IllegalIntentMove(self.state, there)
        return replace(self, state=there)


def may_call_it_not_done(intent: Intent, now: datetime) -> bool:
    """Say whether absence is proof by now: time limit + 30 s passed, two look-ups ≥ 10 s apart
    found nothing (design 6).
    """
    if intent.sent_at is None or intent.first_missed_at is None or intent.last_lookup_at is None:
        return False
    waited = now - intent.sent_at >= timedelta(seconds=intent.limit_s) + PATIENCE
    looked = (
        intent.missed_lookups >= LOOKUPS_NEEDED
        and intent.last_lookup_at - intent.first_missed_at >= BETWEEN_LOOKUPS
    )
    return waited and looked
