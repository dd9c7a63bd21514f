"""What was done by whom, chained so that a change in the past shows.

Never holds a name in the chain itself.

Each till has its own chain. A link holds ids and a keyed hash of the facts; the facts and the key
lie in a side table
and can be erased (right to be forgotten) without breaking the chain. Heads are kept apart, so
that a cut-off end shows.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select

from posapp.store.codec import write_plain
from posapp.store.columns import to_micros
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import audit, audit_facts, audit_heads

_HEAD = Upsert(audit_heads, "till seq hash", key="till")
_FACTS = msgspec.json.Decoder(dict[str, str])
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link; `facts` is None when they were erased."""

    till: str
    seq: int
    kind: str
    who: str
    at: datetime
    facts: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link of a till's chain that is not what was written."""

    till: str
    seq: int


def _keyed(salt: str, document: str) -> str:
    return hmac.new(bytes.fromhex(salt), document.encode(), hashlib.sha256).hexdigest()


def _link(before: str, till: str, seq: int, kind: str, who: str, at: int, facts_hash: str) -> str:
    parts = write_plain([before, till, seq, kind, who, at, facts_hash])
    return hashlib.sha256(parts.encode()).hexdigest()


class Audit(Repository):
    """The chains of all tills."""

    __slots__ = ()

    def append(
        self,
        kind: str,
        who: str,
        at: datetime,
        facts: Mapping[str, str],
        *,
        till: str | None = None,
    ) -> None:
        """Add a link to the chain of the till, this program's by default."""
        chain = self._tx.home.till if till is None else till
        head = self._connection.execute(
            select(audit_heads.c.seq, audit_heads.c.hash)
            .where(audit_heads.c.till == chain)
            .with_for_update()  # two programs that call themselves the same till
        ).first()
        seq, before = (head.seq + 1, head.hash) if head else (1, "")
        salt = self._tx.home.random_bytes(_SALT_BYTES).hex()
        document = write_plain(dict(facts))
        keyed = _keyed(salt, document)
        link = _link(before, chain, seq, kind, who, to_micros(at), keyed)
        self._connection.execute(
            insert(audit).values(
                till=chain, seq=seq, kind=kind, who=who, at=at, facts_hash=keyed, hash=link
            )
        )
        self._connection.execute(
            insert(audit_facts).values(till=chain, seq=seq, salt=salt, doc=document)
        )
        _HEAD.run(self._connection, [(chain, seq, link)])

    def erase(self, till: str, seq: int) -> None:
        """Erase the facts of one link; that something happened, when and by whom stays."""
        self._connection.execute(
            delete(audit_facts).where(audit_facts.c.till == till, audit_facts.c.seq == seq)
        )

    def entries(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Return the newest links of all tills, newest first."""
        wanted = self._joined().order_by(audit.c.at.desc(), audit.c.seq.desc()).limit(limit)
        return tuple(
            AuditEntry(
                row.till,
                row.seq,
                row.kind,
                row.who,
                row.at,
                None if row.doc is None else _FACTS.decode(row.doc),
            )
            for row in self._connection.execute(wanted)
        )

    def verify(self) -> bool:
        """Say whether every chain is what was written."""
        return self.first_broken() is None

    def first_broken(self) -> Broken | None:
        """Return the first link that was changed, taken out, or cut off; None when all is whole."""
        heads = {row.till: row for row in self._connection.execute(select(audit_heads))}
        last: dict[str, tuple[int, str]] = {}
        wanted = self._joined().order_by(audit.c.till, audit.c.seq)
        for row in self._connection.execute(wanted):
            seq, before = last.get(row.till, (0, ""))
            if row.seq != seq + 1 or not self._holds(before, row):
                return Broken(row.till, seq + 1)
            last[row.till] = (row.seq, row.hash)
        for till, head in heads.items():
            seq, link = last.get(till, (0, ""))
            if (seq, link) != (head.seq, head.hash):
                return Broken(till, seq + 1)
        orphan = next((till for till in last if till not in heads), None)
        return None if orphan is None else Broken(orphan, last[orphan][0])

    def _holds(self, before: str, row: Any) -> bool:
        if row.doc is not None and _keyed(row.salt, row.doc) != row.facts_hash:
            return False
        at = to_micros(row.at)
        whole = _link(before, row.till, row.seq, row.kind, row.who, at, row.facts_hash)
        return bool(whole == row.hash)

    def _joined(self) -> Any:
        beside = (audit_facts.c.till == audit.c.till) & (audit_facts.c.seq == audit.c.seq)
        return select(audit, audit_facts.c.salt, audit_facts.c.doc).select_from(
            audit.outerjoin(audit_facts, beside)
        )
