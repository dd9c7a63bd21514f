"""Keeps the pretend service's documents in SQLite, durable before an answer leaves. Knows no rule.

Two tables a kind: what lists filter by, and the bodies (`wire` is the JSON the API shows, `inner`
what only the service knows). Memory stays the same however many documents there are: some bodies
that lists showed lately, and the engine's pages.
"""

from __future__ import annotations

import sqlite3 as _plain
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, cast

from posapp.sandbox import paging
from posapp.sandbox.paging import SEVERAL, Kind, column
from posapp.sandbox.queries import Condition

try:  # a newer engine than the interpreter's where there is a wheel for it
    from pysqlite3 import dbapi2 as _newer
except ImportError:  # pragma: no cover - macOS and Windows
    _newer = _plain
_sqlite = cast(Any, _newer)  # both speak DB-API; only one has type hints

CLEAR = b"\x00"
PACKED = b"\x01"
NEVER = 2**62
KEPT_BYTES = 16_000_000  # bodies that lists showed lately, in memory
PAGE_BYTES = 8192  # of a new file: most bodies fit into one
WORTH_PACKING = 400  # bytes; below that packing gains nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One stored document."""

    seq: int
    id: str
    wire: bytes
    state: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens by itself at `at` (microseconds)."""

    seq: int
    at: int
    what: str
    ref: str
    args: bytes


def _pack(data: bytes) -> bytes:
    return PACKED + zlib.compress(data, 1) if len(data) >= WORTH_PACKING else CLEAR + data


def _unpack(data: bytes) -> bytes:
    return zlib.decompress(data[1:]) if data[:1] == PACKED else data[1:]


class Storage:
    """Documents, timers and counters of one world; `path` None keeps them in memory."""

    def __init__(self, path: Path | None, kinds: Sequence[Kind]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self.packs = path is not None
        self._kept: dict[str, dict[int, bytes]] = {kind.name: {} for kind in kinds}
        self.kept_bytes = 0
        self._calm_until = -1  # nothing is due before; each request asks, so it is remembered
        self._db = _sqlite.connect(
            str(path) if path else ":memory:", isolation_level=None, check_same_thread=False
        )
        if path:
            self._db.execute(f"PRAGMA page_size={PAGE_BYTES}")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA cache_size=-32000")
            self._db.execute("PRAGMA busy_timeout=5000")
        with self.transaction():
            for kind in kinds:
                self._create(kind)
            for statement in _SHARED:
                self._db.execute(statement)

    def _create(self, kind: Kind) -> None:
        run = self._db.execute
        columns = "".join(f", {column(name)} {sql}" for name, sql in kind.columns.items())
        run(
            f'CREATE TABLE IF NOT EXISTS "{kind.name}" '
            f"(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE{columns})"
        )
        run(
            f'CREATE TABLE IF NOT EXISTS "{kind.name}_body" '
            "(seq INTEGER PRIMARY KEY, wire BLOB NOT NULL, inner BLOB NOT NULL)"
        )
        if SEVERAL in kind.columns:
            run(
                f'CREATE TABLE IF NOT EXISTS "{kind.name}_{SEVERAL}" '
                "(value TEXT, seq INTEGER, PRIMARY KEY (value, seq)) WITHOUT ROWID"
            )
        for name in kind.indexed:
            # each list is shown newest first, so an index ends with the time of creation; what
            # has no value is never looked for, but time itself is walked without being asked for
            timed = "createdTime" in kind.columns and name != "createdTime"
            more = ', "createdTime"' if timed else ""
            if kind.beside:  # behind the number, so that the order of an index stays the list's
                more += ", ".join(["", "seq", *map(column, kind.beside)])
            some = "" if name == "createdTime" else f" WHERE {column(name)} IS NOT NULL"
            run(
                f'CREATE INDEX IF NOT EXISTS "{kind.name}_by_{name}" '
                f'ON "{kind.name}" ({column(name)}{more}){some}'
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested use joins the outer one."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._calm_until = -1
            self._forget()
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Ends the connection; the files can then be moved."""
        self._db.close()

    def put(
        self, kind: str, id_: str, wire: bytes, state: bytes, columns: Mapping[str, Any]
    ) -> None:
        """Writes a document; an existing one keeps its place in the order of creation."""
        names = [name for name in self.kinds[kind].columns if name in columns and name != SEVERAL]
        listed = [column(name) for name in names]
        row = self._db.execute(
            f'SELECT {", ".join(["seq", *listed])} FROM "{kind}" WHERE id=?', (id_,)
        ).fetchone()
        if row is None:
            marks = ", ".join("?" * (len(listed) + 1))
            cursor = self._db.execute(
                f'INSERT INTO "{kind}" ({", ".join(["id", *listed])}) VALUES ({marks})',
                [id_, *(columns[name] for name in names)],
            )
            seq = cursor.lastrowid
        else:
            seq = row[0]
            changed = [n for n, old in zip(names, row[1:], strict=True) if old != columns[n]]
            if changed:  # a column that is named is taken out of its index and put back
                self._db.execute(
                    f'UPDATE "{kind}" SET {", ".join(f"{column(n)}=?" for n in changed)} '
                    "WHERE seq=?",
                    [*(columns[name] for name in changed), seq],
                )
        self._kept[kind].pop(seq, None)
        # only the inner half is packed: the public half is what lists and polls read all day
        packed = _pack(state) if self.packs else CLEAR + state
        self._db.execute(
            f'INSERT OR REPLACE INTO "{kind}_body" (seq, wire, inner) VALUES (?, ?, ?)',
            (seq, wire, packed),
        )
        if SEVERAL in columns:
            self._db.executemany(
                f'INSERT OR IGNORE INTO "{kind}_{SEVERAL}" (value, seq) VALUES (?, ?)',
                [(value, seq) for value in columns[SEVERAL]],
            )

    def get(self, kind: str, id_: str) -> Row | None:
        """The document of that id."""
        row = self._db.execute(
            f'SELECT t.seq, t.id, b.wire, b.inner FROM "{kind}" AS t '
            f'JOIN "{kind}_body" AS b ON b.seq=t.seq WHERE t.id=?',
            (id_,),
        ).fetchone()
        return Row(row[0], row[1], row[2], _unpack(row[3])) if row else None

    def wire(self, kind: str, id_: str) -> bytes | None:
        """Only the public JSON of a document."""
        row = self._db.execute(
            f'SELECT wire FROM "{kind}_body" WHERE seq=(SELECT seq FROM "{kind}" WHERE id=?)',
            (id_,),
        ).fetchone()
        return row[0] if row else None

    def delete(self, kind: str, id_: str) -> None:
        """Forgets a document."""
        row = self._db.execute(f'DELETE FROM "{kind}" WHERE id=? RETURNING seq', (id_,)).fetchone()
        if row:
            self._kept[kind].pop(row[0], None)
            self._db.execute(f'DELETE FROM "{kind}_body" WHERE seq=?', row)

    def count(self, kind: str) -> int:
        """How many documents of that kind there are."""
        return int(self._db.execute(f'SELECT count(*) FROM "{kind}"').fetchone()[0])

    def find(self, kind: str, name: str, value: object) -> list[Row]:
        """All documents whose filter column equals `value`, oldest first."""
        rows = self._db.execute(
            f'SELECT t.seq, t.id, b.wire, b.inner FROM "{kind}" AS t '
            f'JOIN "{kind}_body" AS b ON b.seq=t.seq WHERE t.{column(name)}=? ORDER BY t.seq',
            (value,),
        ).fetchall()
        return [Row(r[0], r[1], r[2], _unpack(r[3])) for r in rows]

    def ids(self, kind: str, after: str = "", limit: int = 1000) -> list[str]:
        """Ids in id order, for walks over everything."""
        rows = self._db.execute(
            f'SELECT id FROM "{kind}" WHERE id>? ORDER BY id LIMIT ?', (after, limit)
        )
        return [row[0] for row in rows]

    def page(
        self,
        kind: str,
        conditions: Sequence[Condition],
        any_of: Mapping[str, Sequence[str]],
        limit: int,
        *,
        older_than: int | None = None,
        newer_than: int | None = None,
    ) -> tuple[list[bytes], bool]:
        """One page, newest first, and whether more lie beyond it in the walking direction."""
        walk = paging.plan(
            self.kinds[kind], conditions, any_of, self._counted,
            older_than=older_than, newer_than=newer_than,
        )  # fmt: skip
        rows = self._db.execute(walk.sql, [*walk.values, limit + 1]).fetchall()
        shown = [*chain.from_iterable(rows[:limit])]
        if newer_than is not None:
            shown.reverse()
        kept = self._kept[kind]
        try:
            found = [*map(kept.__getitem__, shown)]
        except KeyError:
            self._keep(kind, shown)
            found = [*map(kept.__getitem__, shown)]
        return found, len(rows) > limit

    def _keep(self, kind: str, shown: Sequence[int]) -> None:
        """Reads bodies that lists show: what is polled all day is read once."""
        if self.kept_bytes > KEPT_BYTES:
            self._forget()
        missing = [seq for seq in shown if seq not in self._kept[kind]]
        rows = self._db.execute(
            f'SELECT seq, wire FROM "{kind}_body" WHERE seq IN ({", ".join("?" * len(missing))})',
            missing,
        ).fetchall()
        self._kept[kind].update(rows)
        self.kept_bytes += sum(len(wire) for _, wire in rows)

    def _forget(self) -> None:
        self.kept_bytes = 0
        for bodies in self._kept.values():
            bodies.clear()

    def explain(self, walk: paging.Walk) -> list[str]:
        """How the engine would go about a walk, a step a line."""
        rows = self._db.execute(f"EXPLAIN QUERY PLAN {walk.sql}", walk.values)
        return [row[3] for row in rows]

    def _counted(self, walk: paging.Walk) -> int:
        return int(self._db.execute(walk.sql, walk.values).fetchone()[0])

    def seq_of(self, kind: str, id_: str) -> int | None:
        """Where a document stands in the order of creation."""
        row = self._db.execute(f'SELECT seq FROM "{kind}" WHERE id=?', (id_,)).fetchone()
        return int(row[0]) if row else None

    def drop_older(self, kind: str, at: int) -> int:
        """Deletes what was created before `at`; returns how many."""
        self._forget()
        self._db.execute(
            f'DELETE FROM "{kind}_body" WHERE seq IN '
            f'(SELECT seq FROM "{kind}" WHERE "createdTime"<?)',
            (at,),
        )
        cursor = self._db.execute(f'DELETE FROM "{kind}" WHERE "createdTime"<?', (at,))
        return int(cursor.rowcount)

    # -- timers, counters, notes ------------------------------------------------------------

    def schedule(self, at: int, what: str, ref: str, args: bytes) -> None:
        """Remembers that `what` happens to `ref` at `at`."""
        self._calm_until = min(self._calm_until, at)
        self._db.execute(
            "INSERT INTO due (at, what, ref, args) VALUES (?, ?, ?, ?)", (at, what, ref, args)
        )

    def next_due(self, until: int) -> Due | None:
        """The earliest thing due by `until`; it stays until `done`."""
        if until < self._calm_until:
            return None
        row = self._db.execute(
            "SELECT seq, at, what, ref, args FROM due WHERE at<=? ORDER BY at, seq LIMIT 1",
            (until,),
        ).fetchone()
        if row is None:
            first = self.first_due()
            self._calm_until = NEVER if first is None else first
        return Due(*row) if row else None

    def first_due(self) -> int | None:
        """When the next thing happens."""
        row = self._db.execute("SELECT min(at) FROM due").fetchone()
        return row[0] if row else None

    def done(self, due: Due) -> None:
        """Forgets a timer."""
        self._db.execute("DELETE FROM due WHERE seq=?", (due.seq,))

    def cancel_due(self, what: str, ref: str) -> None:
        """Forgets every timer of that name on that resource."""
        self._db.execute("DELETE FROM due WHERE what=? AND ref=?", (what, ref))

    def add(self, counter: str, by: int = 1) -> int:
        """Raises a counter and returns its new value."""
        row = self._db.execute(
            "INSERT INTO counters (name, value) VALUES (?, ?) "
            "ON CONFLICT(name) DO UPDATE SET value=value+excluded.value RETURNING value",
            (counter, by),
        ).fetchone()
        return int(row[0])

    def note(self, name: str) -> bytes | None:
        """A remembered value."""
        row = self._db.execute("SELECT value FROM notes WHERE name=?", (name,)).fetchone()
        return row[0] if row else None

    def set_note(self, name: str, value: bytes) -> None:
        """Remembers a value under a name."""
        self._db.execute(
            "INSERT INTO notes (name, value) VALUES (?, ?) "
            "ON CONFLICT(name) DO UPDATE SET value=excluded.value",
            (name, value),
        )


_SHARED = (
    "CREATE TABLE IF NOT EXISTS due (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, "
    "what TEXT NOT NULL, ref TEXT NOT NULL, args BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS due_at ON due (at)",
    "CREATE INDEX IF NOT EXISTS due_ref ON due (ref)",
    "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
)
