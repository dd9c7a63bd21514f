"""Events as they came, until they are applied: each id once. Never understands a body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update

from posapp.domain.event import EventId, RawEvent
from posapp.store.columns import to_micros
from posapp.store.rows import Repository, Row, Upsert, chunks, these
from posapp.store.tables import inbox, to_read

_COLUMNS = "event_id, type, created_at, body"
_SQLITE = f"INSERT OR IGNORE INTO inbox ({_COLUMNS}) VALUES (?, ?, ?, ?)"
_POSTGRES = (
    f"INSERT INTO inbox ({_COLUMNS}) VALUES (%s, %s, %s, %s) ON CONFLICT (event_id) DO NOTHING"
)
_STAGE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS inbox_new "
    "(event_id text, type text, created_at bigint, body bytea) ON COMMIT DELETE ROWS"
)
_COPY = f"COPY inbox_new ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_TAKE = (
    f"INSERT INTO inbox ({_COLUMNS}) SELECT {_COLUMNS} FROM inbox_new "
    "ON CONFLICT (event_id) DO NOTHING"
)
_KNOWN = "SELECT event_id FROM inbox WHERE event_id {these}"
_WANT = Upsert(to_read, "order_id asked", key="order_id", update="", bump="asked")
_WORTH_A_COPY = 50
_UNAPPLIED = text("NOT applied")


def _row(event: RawEvent) -> Row:
    return (event.id, event.type, to_micros(event.created_at), event.body)


class Inbox(Repository):
    """Events by id, by order, and the next to apply."""

    __slots__ = ()

    def put(self, events: Sequence[RawEvent]) -> int:
        """Keep the events that are not known yet; return how many those were."""
        if not events:
            return 0
        rows = [_row(event) for event in events]
        if self._connection.dialect.name == "sqlite":
            return self._connection.exec_driver_sql(_SQLITE, rows).rowcount
        if len(rows) < _WORTH_A_COPY:
            return self._connection.exec_driver_sql(_POSTGRES, rows).rowcount
        self._connection.exec_driver_sql(_STAGE)
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                copy.set_types(["text", "text", "int8", "bytea"])
                for row in rows:
                    copy.write_row(row)
            cursor.execute(_TAKE)
            new = int(cursor.rowcount)
            cursor.execute("TRUNCATE inbox_new")
        return new

    def next(self, limit: int) -> tuple[RawEvent, ...]:
        """Return the next events to apply, in the order they were created."""
        wanted = (
            select(inbox.c.event_id, inbox.c.type, inbox.c.created_at, inbox.c.body)
            .where(_UNAPPLIED)
            .order_by(inbox.c.created_at, inbox.c.event_id)
            .limit(limit)
        )
        return tuple(
            RawEvent(EventId(row.event_id), row.type, row.created_at, bytes(row.body or b""))
            for row in self._connection.execute(wanted)
        )

    def applied(self, event_id: str, order_id: str, outcome: str) -> None:
        """Record in the transaction of its effect that the event had it.

        `order_id` may be empty.
        """
        self.applied_all([(event_id, order_id, outcome)])

    def applied_all(self, told: Sequence[tuple[str, str, str]]) -> None:
        """Record (event id, order id, outcome) of many."""
        if not told:
            return
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        self._connection.exec_driver_sql(
            f"UPDATE inbox SET applied = true, order_id = {mark}, outcome = {mark} "
            f"WHERE event_id = {mark}",
            [(order_id or None, outcome, event_id) for event_id, order_id, outcome in told],
        )

    def want(self, order_ids: Iterable[str]) -> None:
        """Remember that these orders must be read: an event told less than a read does."""
        _WANT.run(self._connection, [(order_id, 1) for order_id in order_ids])

    def wanted(self, limit: int) -> tuple[tuple[str, int], ...]:
        """Return (order id, how often it was asked for) of orders to read."""
        found = select(to_read.c.order_id, to_read.c.asked).order_by(to_read.c.order_id)
        rows = self._connection.execute(found.limit(limit))
        return tuple((row.order_id, row.asked) for row in rows)

    def was_read(self, order_id: str, asked: int) -> None:
        """Forget the wish, unless it was raised once more since."""
        self._connection.execute(
            delete(to_read).where(to_read.c.order_id == order_id, to_read.c.asked == asked)
        )

    def known(self, event_ids: Iterable[str]) -> frozenset[str]:
        """Return those of the ids that are in the inbox, applied or not."""
        found: set[str] = set()
        for part in chunks(event_ids, 5000):
            found.update(row[0] for row in these(self._connection, _KNOWN, part))
        return frozenset(found)

    def for_order(self, order_id: str) -> tuple[tuple[str, str, datetime], ...]:
        """Return (id, type, created at) of the order's applied events, oldest first."""
        wanted = (
            select(inbox.c.event_id, inbox.c.type, inbox.c.created_at)
            .where(inbox.c.order_id == order_id)
            .order_by(inbox.c.created_at, inbox.c.event_id)
        )
        return tuple(
            (row.event_id, row.type, row.created_at) for row in self._connection.execute(wanted)
        )

    def newest(self) -> datetime | None:
        """Return the creation time of the youngest event we hold."""
        return self._connection.execute(select(func.max(inbox.c.created_at))).scalar()

    def count_unapplied(self) -> int:
        """Return how many events wait to be applied."""
        wanted = select(func.count()).select_from(inbox).where(_UNAPPLIED)
        return int(self._connection.execute(wanted).scalar_one())

    def forget_bodies(self, before: datetime) -> int:
        """Drop the bodies of applied events created before then; what and when stays.

        Return how many.
        """
        return self._connection.execute(
            update(inbox)
            .where(inbox.c.applied, inbox.c.created_at < before, inbox.c.body.is_not(None))
            .values(body=None)
        ).rowcount
