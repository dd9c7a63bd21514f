"""How fast a batch of events is kept, beside the fastest way each engine has to keep the same rows.

Run: `python -m tests.bench.store_intake [EVENTS]`. The yardsticks: `sqlite3`'s executemany into a
bare table with two indexes, and PostgreSQL's COPY into one. Ours refuses doubles, counts what is
new and commits. Rounds take turns. PostgreSQL is the throw-away server of the tests.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from posapp.domain.changes import Changes
from posapp.domain.event import EventId, RawEvent
from posapp.store import schema
from posapp.store.columns import to_micros
from posapp.store.drivers import postgres_url, sqlite_module
from posapp.store.engine import Database
from posapp.store.executor import inline
from posapp.store.home import Home
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON
from tests.helpers.postgres import PostgresServer, running_server

EVENTS = 100_000
ROUNDS = 5
BATCH = 10_000
SQLITE_TARGET = 0.25
POSTGRES_TARGET = 0.4
_BODY = b'{"type":"order.accepted","data":{"object":{"id":"231388420336"}}}'.ljust(300)
_TABLE = (
    "CREATE TABLE bare (id text PRIMARY KEY, type text NOT NULL, at bigint NOT NULL, body {body} "
    "NOT NULL, handled integer NOT NULL)"
)
_INDEX = "CREATE INDEX bare_next ON bare (handled, at)"


def main() -> int:
    """Print both ratios; return 1 when a target is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    events = [
        RawEvent(
            EventId(f"evt_{number:012d}"),
            "order.accepted",
            NOON + timedelta(milliseconds=number),
            _BODY,
        )
        for number in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        home = Path(folder)
        sqlite = [_sqlite_round(home, number, events) for number in range(ROUNDS)]
        postgres = [_postgres_round(server, events) for _ in range(ROUNDS)]
    good = _told("SQLite", "executemany", sqlite, SQLITE_TARGET)
    return 0 if _told("PostgreSQL", "COPY", postgres, POSTGRES_TARGET) and good else 1


def _told(engine: str, limit: str, rounds: list[tuple[float, float]], target: float) -> bool:
    best, ours = (statistics.median(one[at] for one in rounds) for at in (0, 1))
    ratio = statistics.median(mine / bare for bare, mine in rounds)
    print(f"{engine}: bare {limit} {best:9,.0f} rows/s, inbox {ours:9,.0f} rows/s")
    print(f"ratio {ratio:.2f} (design: >= {target}): {'met' if ratio >= target else 'NOT MET'}")
    return ratio >= target


def _rows(events: list[RawEvent]) -> list[tuple[str, str, int, bytes, int]]:
    return [(one.id, one.type, to_micros(one.created_at), one.body, 0) for one in events]


def _sqlite_round(home: Path, number: int, events: list[RawEvent]) -> tuple[float, float]:
    module: Any = sqlite_module()
    connection = module.connect(str(home / f"bare-{number}.db"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-32768")
    connection.execute(_TABLE.format(body="blob"))
    connection.execute(_INDEX)
    rows = _rows(events)

    def bare() -> None:
        for start in range(0, len(rows), BATCH):
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO bare VALUES (?, ?, ?, ?, ?)", rows[start : start + BATCH]
            )
            connection.execute("COMMIT")

    limit = _rate(len(rows), bare)
    connection.close()
    return limit, asyncio.run(_ours(home / f"store-{number}.db", events))


def _postgres_round(server: PostgresServer, events: list[RawEvent]) -> tuple[float, float]:
    rows = _rows(events)
    with server.fresh() as url:
        address = postgres_url(url).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
            connection.execute(_TABLE.format(body="bytea"))
            connection.execute(_INDEX)
            connection.commit()

            def bare() -> None:
                for start in range(0, len(rows), BATCH):
                    with connection.cursor() as cursor, cursor.copy("COPY bare FROM STDIN") as copy:
                        for row in rows[start : start + BATCH]:
                            copy.write_row(row)
                    connection.commit()

            limit = _rate(len(rows), bare)
    with server.fresh() as url:
        return limit, asyncio.run(_ours(url, events))


def _put(tx: Tx, events: list[RawEvent]) -> int:
    return tx.inbox.put(events)


def _rate(count: int, work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


async def _ours(where: Path | str, events: list[RawEvent]) -> float:
    database = Database(
        where, changes=Changes(), home=Home("1", "here", bytes), make_executor=inline
    )
    await database.with_connection(schema.prepare)
    begun = time.perf_counter()
    new = 0
    for start in range(0, len(events), BATCH):
        batch = events[start : start + BATCH]
        new += await database.write(partial(_put, events=batch), durable=False)
    took = time.perf_counter() - begun
    await database.close()
    if new != len(events):
        raise RuntimeError(f"{new} of {len(events)} events were kept")
    return len(events) / took


if __name__ == "__main__":
    sys.exit(main())
