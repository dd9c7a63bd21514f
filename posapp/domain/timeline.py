"""What happened to an order, by whom, when: events of the service, decisions of ours, notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """Where an entry came from."""

    EVENT = "event"
    DECISION = "decision"
    NOTE = "note"
    SALE = "sale"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry; `what` is the event type or our own short word, `text` what a person wrote."""

    at: datetime
    kind: EntryKind
    what: str
    text: str = ""
    who: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about an order."""

    order_id: str
    text: str
    author: str
    written_at: datetime
