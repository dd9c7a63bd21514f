"""The request budget of the key: who may call when. Never sends anything itself.

The limit is the key's (contract 15: 25 calls a second in test, 250 live), and after a 429 every
call fails until `Retry-After` has passed. So one Budget stands before all clients of one key.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from enum import IntEnum

from posapp.domain.clock import Clock
from posapp.gateway.errors import RateLimited

TEST_CALLS_PER_S = 25.0
LIVE_CALLS_PER_S = 250.0


class Priority(IntEnum):
    """Whose call it is; lower goes first."""

    SALE = 0
    FEED = 1
    BACKFILL = 2


@dataclass(slots=True)
class _Bucket:
    """Tokens that refill with time: `rate` a second, at most `size` at once."""

    rate: float
    size: float
    tokens: float
    filled_at: float

    def refill(self, now: float) -> None:
        self.tokens = min(self.size, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now

    def wait_s(self, wanted: float = 1.0) -> float:
        return max(0.0, (wanted - self.tokens) / self.rate)


@dataclass(slots=True)
class Budget:
    """Lets calls through one by one: sales first, backfill at most `backfill_share` of the rate.

    `calls_per_s` is this till's share of the key's limit.
    """

    clock: Clock
    calls_per_s: float = TEST_CALLS_PER_S
    backfill_share: float = 0.2
    _quiet_until: float = float("-inf")
    _all: _Bucket = field(init=False)
    _backfill: _Bucket = field(init=False)
    _queue: list[tuple[Priority, int]] = field(default_factory=list)
    _tickets: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        now = self.clock.monotonic()
        burst = max(1.0, self.calls_per_s)
        self._all = _Bucket(self.calls_per_s, burst, burst, now)
        slow = self.calls_per_s * self.backfill_share
        self._backfill = _Bucket(slow, max(1.0, slow), max(1.0, slow), now)

    @property
    def quiet_s(self) -> float:
        """Seconds until the key may be used again after a 429; 0 when it may."""
        return max(0.0, self._quiet_until - self.clock.monotonic())

    def hush(self, retry_after_s: float) -> None:
        """Keep every caller quiet that long: the service said 429."""
        self._quiet_until = max(self._quiet_until, self.clock.monotonic() + retry_after_s)

    async def take(self, priority: Priority, patience_s: float = float("inf")) -> None:
        """Return when a call of this priority may go.

        Raises RateLimited (not sent) when the key stays quiet for longer than `patience_s`.
        """
        if not self._queue and self._spend(priority):
            return
        ticket = (priority, next(self._tickets))
        heapq.heappush(self._queue, ticket)
        try:
            while self._queue[0] != ticket or not self._spend(priority):
                if self.quiet_s > patience_s:
                    raise RateLimited(retry_after_s=self.quiet_s)
                await self.clock.sleep(self._wait_s(priority))
        finally:
            self._queue.remove(ticket)
            heapq.heapify(self._queue)

    def _spend(self, priority: Priority) -> bool:
        now = self.clock.monotonic()
        self._all.refill(now)
        self._backfill.refill(now)
        if self.quiet_s > 0 or self._all.tokens < 1:
            return False
        if priority is Priority.BACKFILL:
            if self._backfill.tokens < 1:
                return False
            self._backfill.tokens -= 1
        self._all.tokens -= 1
        return True

    def _wait_s(self, priority: Priority) -> float:
        wait = max(self.quiet_s, self._all.wait_s())
        if priority is Priority.BACKFILL:
            wait = max(wait, self._backfill.wait_s())
        return max(wait, 1 / self.calls_per_s)
