"""The feed: events are swept newest first back to known ground, into an inbox (design 7). Never
applies one itself.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from posapp.domain.changes import FeedChanged
from posapp.domain.clock import Clock
from posapp.domain.queue import View

if TYPE_CHECKING:
    from posapp.domain.event import RawEvent
    from posapp.gateway.river import DigitalRiver
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=3)
"""How far behind the newest known event a sweep still looks: late events are normal (design 7)."""
HISTORY = timedelta(days=30)
"""What the service still lists (contract 14)."""
PAGE = 100
LEASE = timedelta(seconds=30)
"""How long a till that has died is still waited for before another reads the feed (design 7)."""


@dataclass(slots=True)
class Feed:
    """Reads `GET /events` into the inbox."""

    river: DigitalRiver
    store: Store
    clock: Clock
    lease: timedelta = LEASE

    async def is_ours(self) -> bool:
        """Take or prolong the lease; False while another till of the store reads. Raises
        StoreError.

        A store that is one file has one program: its lock says so.
        """
        if self.store.is_one:
            return True
        now = self.clock.now()
        return await self.store.shared.write(
            lambda tx: tx.feed.take(tx.home.origin, now, self.lease)
        )

    async def let_go(self) -> None:
        """Give the lease back: another till may read at once. Raises StoreError."""
        if not self.store.is_one:
            await self.store.shared.write(lambda tx: tx.feed.release(tx.home.origin))

    async def healthy_at(self) -> datetime | None:
        """Return when a sweep, of whichever till, last ended well. Raises StoreError."""
        return await self.store.shared.read(lambda tx: tx.feed.healthy_at())

    async def sweep(self) -> int:
        """Fetch what is new and return how many events that was. Raises GatewayError, StoreError.

        A sweep that dies half-way loses nothing: what was fetched lies in the inbox, and the mark
        of how far the feed
        is complete moves only when the sweep has met known ground.
        """
        cursor = await self.store.shared.read(lambda tx: tx.feed.cursor())
        mark = cursor[1] if cursor is not None else None
        floor = (mark - OVERLAP) if mark is not None else self.clock.now() - HISTORY
        newest = cursor
        fresh = 0
        after = ""
        while True:
            page = await self.river.events.page(
                limit=PAGE, starting_after=after, created_since=floor
            )
            fresh += await self._keep(page.events)
            if page.has_more and not await self.is_ours():
                return fresh  # a long sweep outlived its lease: the till that took it goes on
            if page.events:
                top = max(page.events, key=lambda event: event.created_at)
                if newest is None or top.created_at > newest[1]:
                    newest = (top.id, top.created_at)
                after = page.last_id
            reached = bool(page.events) and page.events[-1].created_at <= floor
            if reached or not page.has_more or not page.events:
                break
        now = self.clock.now()

        def work(tx: Tx) -> None:
            if newest is not None:
                tx.feed.set_cursor(*newest)
            tx.feed.set_healthy_at(now)
            tx.announce(FeedChanged())

        await self.store.shared.write(work)
        return fresh

    async def somebody_waits(self) -> bool:
        """Say whether an order of this shop waits for the service: then the feed hurries (design
        7).
        """
        counts, waiting = await self.store.shared.read(
            lambda tx: (tx.orders.counts(), tx.outbox.count_waiting())
        )
        return counts.get(View.REVIEW, 0) + counts.get(View.UNPAID, 0) + waiting > 0

    async def _keep(self, events: tuple[RawEvent, ...]) -> int:
        if not events:
            return 0
        known = await self.store.shared.read(lambda tx: tx.inbox.known([e.id for e in events]))
        new = tuple(event for event in events if event.id not in known)
        if not new:
            return 0
        # Should the power fail: the mark of how far the feed is complete is kept after this.
        return await self.store.shared.write(lambda tx: tx.inbox.put(new), durable=False)
