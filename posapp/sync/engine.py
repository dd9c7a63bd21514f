"""The engine: what runs by itself, each in its own loop that is restarted when it fails, never
silently dead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from posapp.domain.changes import (
    CatalogueChanged,
    Change,
    Changes,
    FeedChanged,
    OutboxChanged,
    StoreReturned,
)
from posapp.domain.clock import Clock
from posapp.domain.errors import WrongMode
from posapp.gateway.errors import GatewayError, RateLimited
from posapp.store.errors import StoreError
from posapp.sync.backoff import Backoff

if TYPE_CHECKING:
    from posapp.sync.apply import Inbox
    from posapp.sync.catalogue import Catalogue
    from posapp.sync.doubts import Doubts
    from posapp.sync.feed import Feed
    from posapp.sync.outbox import Outbox

log = logging.getLogger(__name__)

EAGER_S = 2.0
"""Between sweeps while an order waits for a decision at this shop (design 7)."""
CALM_S = 10.0
CATALOGUE_S = 300.0
FOLLOW_S = 5.0
"""Between looks at the lease and the mirror's age while another till reads the feed (design 7)."""


class Line(StrEnum):
    """How the line to the service is."""

    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Health:
    """How the feed is: the line, when it was last complete, and why it is not."""

    line: Line
    healthy_at: datetime | None
    error: Exception | None = None


@dataclass(slots=True)
class Engine:
    """Runs feed, inbox, outbox and doubts until it is stopped."""

    feed: Feed
    inbox: Inbox
    outbox: Outbox
    doubts: Doubts
    catalogue: Catalogue
    clock: Clock
    changes: Changes
    random: Callable[[], float]
    health: Health = Health(Line.STARTING, None)
    is_pushing: bool = True
    is_reader: bool = False
    _eager: bool = True
    _wake_feed: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_outbox: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_catalogue: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Take up what a crash left, then run in the background."""
        await self.doubts.recover()
        self.changes.subscribe(self._on_change)
        self._tasks = [
            asyncio.create_task(self._run("feed", self._read, self._wake_feed, self._pace)),
            asyncio.create_task(
                self._run("outbox", self._write, self._wake_outbox, lambda: CALM_S)
            ),
            asyncio.create_task(
                self._run("catalogue", self._push, self._wake_catalogue, lambda: CATALOGUE_S)
            ),
        ]

    async def stop(self) -> None:
        """End the loops; what is unsent stays in the outbox."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._yield_lease()

    def look_now(self) -> None:
        """Sweep at once, as after a write of ours."""
        self._wake_feed.set()
        self._wake_outbox.set()

    async def _read(self) -> None:
        self.is_reader = await self.feed.is_ours()
        if not self.is_reader:
            self._tell(Health(Line.ONLINE, await self.feed.healthy_at()))
            return
        try:
            await self.feed.sweep()
            await self.inbox.apply()
        except GatewayError:
            await self._yield_lease()  # another till's line may be whole
            raise
        self._eager = await self.feed.somebody_waits()
        self._tell(Health(Line.ONLINE, self.clock.now()))

    async def _yield_lease(self) -> None:
        if not self.is_reader:
            return
        self.is_reader = False
        try:
            await self.feed.let_go()
        except StoreError as error:  # it ends by itself
            log.info("the lease of the feed could not be given back: %r", error)

    async def _write(self) -> None:
        try:
            await self.doubts.settle_unknown()
        except GatewayError:  # of service and shared store, the one that is there gets its part
            await self._copy_over()
            raise
        await self._copy_over()
        if await self.outbox.send_due():
            self._wake_feed.set()

    async def _copy_over(self) -> None:
        while await self.outbox.store.copy_over():
            pass

    async def _push(self) -> None:
        while await self.catalogue.push():
            pass
        self.is_pushing = False

    def _pace(self) -> float:
        wait_s = FOLLOW_S if not self.is_reader else EAGER_S if self._eager else CALM_S
        return wait_s * (0.9 + 0.2 * self.random())

    async def _run(
        self,
        name: str,
        turn: Callable[[], Awaitable[None]],
        wake: asyncio.Event,
        pace: Callable[[], float],
    ) -> None:
        backoff = Backoff(self.random)
        while True:
            wake.clear()
            try:
                await turn()
            except (GatewayError, StoreError, WrongMode) as error:
                wait = backoff.failed()
                if isinstance(error, RateLimited):
                    wait = max(wait, error.retry_after_s)
                self._trouble(name, error)
            except Exception as error:  # a loop must never die in silence
                wait = backoff.failed()
                log.exception("%s: a fault of ours; trying again in %.0f s", name, wait)
                self._trouble(name, error)
            else:
                backoff.succeeded()
                wait = pace()
            await self._wait(wake, wait)

    async def _wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Wait for the time or the bell, whichever comes first."""
        rung = asyncio.ensure_future(wake.wait())
        slept = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait((rung, slept), return_when=asyncio.FIRST_COMPLETED)
        finally:
            rung.cancel()
            slept.cancel()

    def _trouble(self, name: str, error: Exception) -> None:
        log.info("%s: %r", name, error)
        refused = isinstance(error, WrongMode) or type(error).__name__ in (
            "Unauthorised",
            "Forbidden",
        )
        line = Line.REFUSED if refused else Line.OFFLINE
        self._tell(Health(line, self.health.healthy_at, error))

    def _tell(self, health: Health) -> None:
        self.health = health
        self.changes.announce(FeedChanged())

    def _on_change(self, change: Change) -> None:
        if isinstance(change, OutboxChanged):
            self._wake_outbox.set()
        elif isinstance(change, CatalogueChanged):
            self._wake_catalogue.set()
        elif isinstance(change, StoreReturned):
            self.look_now()  # not when the next try is due: it may be a minute away
