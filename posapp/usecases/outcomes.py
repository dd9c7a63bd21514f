"""What the training menu can let happen to the next order, in the shop's words.

The commands are the sandbox's (docs/sandbox.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NextOutcome:
    """One thing that may happen. All words are English here; the screen puts them through `tr()`.

    `name` is what the service calls it.
    """

    name: str
    title: str
    detail: str
    icon: str
    seconds: float | None = None

    @property
    def command(self) -> Mapping[str, object]:
        """The body of the command."""
        how = {} if self.seconds is None else {"seconds": self.seconds}
        return {"outcome": self.name, **how}


OUTCOMES = (
    NextOutcome("accepted", "Accepted", "Goods may go at once: the light is green.", "release"),
    NextOutcome("declined", "Declined", "The bank refuses the card; no order is made.", "card"),
    NextOutcome(
        "in_review", "In review", "Amber for 20 s, then accepted.", "review", seconds=20.0
    ),
    NextOutcome(
        "blocked_later", "Blocked", "Amber for 8 s, then blocked for good.", "do_not_release",
        seconds=8.0,
    ),
    NextOutcome("slow", "Slow", "The answer to the order takes 8 s.", "clock"),
    NextOutcome("lost_answer", "Lost answer", "The order is made, its answer never comes.",
                "unknown", seconds=3.0),
    NextOutcome("outage", "Outage", "From now on nobody answers, for 30 s.", "offline",
                seconds=30.0),
    NextOutcome("wire_transfer", "Wire transfer", "Paid by transfer: the money comes after 20 s.",
                "money"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is set: the outcome, and for an outage the seconds left of it."""

    outcome: NextOutcome
    seconds_left: float = 0.0


def ahead_of(state: Mapping[str, object]) -> Ahead | None:
    """Read the service's own account of what is to come; None for an ordinary day."""
    by_name = {outcome.name: outcome for outcome in OUTCOMES}
    left = state.get("outage_s")
    if isinstance(left, int | float) and left > 0:
        return Ahead(by_name["outage"], float(left))
    queued = state.get("queued")
    first = queued[0] if isinstance(queued, list) and queued else ""
    return Ahead(by_name[first]) if first in by_name else None
