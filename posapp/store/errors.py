"""What can go wrong with what we remember, as errors that carry facts and no prose.

Never imports SQLAlchemy.

StoreError
├── StoreBusy         somebody else held it too long; asking again may help
├── StoreAway         the shared store cannot be reached; the till's journal still can
├── StoreUnusable     the disk is full, the file read-only, damaged or no store at all
├── StoreTooNew       a newer program made it; this one must not touch it
├── WrongStore        it belongs to another mode or account
├── StoreInUse        another program has this file open
└── ChangedElsewhere  somebody changed this in the meantime
    └── ResourceTaken another write to the same remote thing is under way or in doubt
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StoreError(Exception):
    """What we remember could not be read or written; nothing of the failed work was kept."""


class StoreBusy(StoreError):
    """A lock was not to be had in time."""


class StoreAway(StoreError):
    """The database server does not answer."""


class Trouble(StrEnum):
    """What ails a store that cannot be used; `ui/messages.py` has the sentence."""

    DISK_FULL = "disk full"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"
    CANNOT_OPEN = "cannot be opened"
    FAULT = "fault"


@dataclass(eq=False)
class StoreUnusable(StoreError):
    """The store cannot do its work; `detail` is the engine's own sentence."""

    trouble: Trouble
    detail: str = ""


@dataclass(eq=False)
class StoreTooNew(StoreError):
    """The store's schema is `found`; this program knows up to `known`."""

    found: str
    known: str


@dataclass(eq=False)
class WrongStore(StoreError):
    """The store's `what` (mode or account) is `found`, the program's is `expected`."""

    what: str
    found: str
    expected: str


@dataclass(eq=False)
class StoreInUse(StoreError):
    """Another program, or an open store of this one, has the file `path`."""

    path: str


@dataclass(eq=False)
class ChangedElsewhere(StoreError):
    """The thing `what` was changed by somebody else; read it again."""

    what: str


@dataclass(eq=False)
class ResourceTaken(ChangedElsewhere):
    """Another write to the remote thing `what` is sending or unknown (design 6)."""
