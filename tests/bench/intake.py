"""What it costs to take events in, whole: page parsed, duplicates left out, kept, understood,
merged, the order's document and its row in the queue written, announced.

Run: `python -m tests.bench.intake [EVENTS]`. The yardstick is `sqlite3`'s executemany of the very
rows that ours leaves behind (inbox, documents, queue), into bare tables with the same columns, in
batches as large. Every event carries another order, as the service sends it.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from posapp.domain.changes import Changes
from posapp.gateway.events import EventPage, parse_event_page
from posapp.gateway.river import DigitalRiver
from posapp.store.drivers import sqlite_module
from posapp.store.executor import inline
from posapp.store.store import Identity, Store
from posapp.sync.apply import BATCH, Inbox
from posapp.sync.feed import PAGE, Feed
from tests.bench.parse import an_order
from tests.helpers.builders import NOON
from tests.helpers.clock import FakeClock

EVENTS = 10_000
ROUNDS = 3
TARGET = 0.25
_TABLES = ("inbox", "order_documents", "orders")


@dataclass
class Pages:
    """Lists pages that were written beforehand, newest first."""

    bodies: list[bytes]
    at: int = 0

    @property
    def events(self) -> Pages:
        """Itself."""
        return self

    async def page(self, *, limit: int, starting_after: str, created_since: datetime) -> EventPage:
        """Return the next page, parsed."""
        del limit, starting_after, created_since
        body = self.bodies[self.at]
        self.at += 1
        return parse_event_page(body)


def main() -> int:
    """Print both rates and the ratio; return 1 when the design's target is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    pages = _written(count)
    rounds = []
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            ours = asyncio.run(_taken_in(home / "ours.sqlite", pages, count))
            bare = _bare(home / "ours.sqlite", home / f"bare-{number}.sqlite", count)
            rounds.append((bare, ours))
    bare, ours = (statistics.median(one[at] for one in rounds) for at in (0, 1))
    ratio = statistics.median(mine / limit for limit, mine in rounds)
    verdict = "met" if ratio >= TARGET else "NOT MET"
    print(f"bare executemany of the same rows: {bare:9,.0f} events/s")
    print(f"events taken in, whole:            {ours:9,.0f} events/s")
    print(f"ratio {ratio:.2f} (design: >= {TARGET}): {verdict}")
    return 0 if ratio >= TARGET else 1


def _written(count: int) -> list[bytes]:
    rng = random.Random(3)
    events = []
    for number in range(count):
        at = (NOON + timedelta(milliseconds=number)).isoformat()
        order = an_order(rng) | {"id": f"{231_000_000_000 + number}", "checkoutId": f"chk-{number}"}
        events.append(
            {
                "id": f"evt_{number:012d}",
                "type": "order.accepted",
                "createdTime": at,
                "liveMode": False,
                "data": {"object": order | {"updatedTime": at}},
            }
        )
    events.reverse()
    return [
        json.dumps({"hasMore": start + PAGE < count, "data": events[start : start + PAGE]}).encode()
        for start in range(0, count, PAGE)
    ]


async def _taken_in(path: Path, pages: list[bytes], count: int) -> float:
    store = await Store.open(
        path, changes=Changes(), identity=Identity("test"), till="1", make_executor=inline
    )
    clock = FakeClock(start=NOON + timedelta(minutes=10))
    river = cast(DigitalRiver, Pages(pages))
    feed, inbox = Feed(river, store, clock), Inbox(river, store, clock, live=False)
    begun = time.perf_counter()
    fresh = await feed.sweep()
    applied = await inbox.apply()
    took = time.perf_counter() - begun
    known = await store.shared.read(lambda tx: tx.orders.counts())
    await store.close()
    if (fresh, applied, max(known.values())) != (count, count, count):
        raise RuntimeError(f"{fresh} fresh, {applied} applied, {known} of {count}")
    return count / took


def _bare(ours: Path, path: Path, count: int) -> float:
    """Read what ours left, and write it again into bare tables."""
    module: Any = sqlite_module()
    connection = module.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-32768")
    connection.execute("ATTACH ? AS ours", (str(ours),))
    rows = {}
    for table in _TABLES:
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM ours.{table} WHERE 0")
        rows[table] = connection.execute(f"SELECT * FROM ours.{table}").fetchall()
        if len(rows[table]) != count:
            raise RuntimeError(f"{len(rows[table])} rows in {table}")
    connection.execute("DETACH ours")
    begun = time.perf_counter()
    for start in range(0, count, BATCH):
        connection.execute("BEGIN")
        for table, held in rows.items():
            marks = ", ".join("?" * len(held[0]))
            connection.executemany(
                f"INSERT INTO {table} VALUES ({marks})", held[start : start + BATCH]
            )
        connection.execute("COMMIT")
    took = time.perf_counter() - begun
    connection.close()
    return count / took


if __name__ == "__main__":
    sys.exit(main())
