"""A clock that tests turn by hand, so that hours pass in no time. Never reads the real one."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

OPENING_TIME = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """Stands still until turned; with `running` set, whoever sleeps turns it, so nobody waits.

    `slept` lists every sleep asked for, in seconds.
    """

    start: datetime = OPENING_TIME
    running: bool = False
    slept: list[float] = field(default_factory=list)
    _passed_s: float = 0.0
    _alarms: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    _ticket: itertools.count[int] = field(default_factory=itertools.count)

    def now(self) -> datetime:
        """Return the moment on the clock, aware, in UTC."""
        return self.start + timedelta(seconds=self._passed_s)

    def monotonic(self) -> float:
        """Return the seconds turned so far."""
        return self._passed_s

    @property
    def sleepers(self) -> int:
        """How many are asleep."""
        return sum(not alarm.done() for _due, _ticket, alarm in self._alarms)

    async def sleep(self, seconds: float) -> None:
        """Sleep until the clock has been turned that far."""
        self.slept.append(seconds)
        if self.running:
            self.turn(max(seconds, 0.0))
            await asyncio.sleep(0)
            return
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._alarms, (self._passed_s + seconds, next(self._ticket), alarm))
        await alarm

    def turn(self, seconds: float) -> None:
        """Turn the clock and ring what is due; who wakes runs at the loop's next turn."""
        self._passed_s += seconds
        while self._alarms and self._alarms[0][0] <= self._passed_s + 1e-9:
            _due, _ticket, alarm = heapq.heappop(self._alarms)
            if not alarm.done():
                alarm.set_result(None)

    async def advance(self, seconds: float) -> None:
        """Turn the clock alarm by alarm and let everybody woken act before it goes on."""
        end = self._passed_s + seconds
        await _let_others_act()
        while self._alarms and self._alarms[0][0] <= end:
            self.turn(max(self._alarms[0][0] - self._passed_s, 0.0))
            await _let_others_act()
        self.turn(end - self._passed_s)
        await _let_others_act()


async def _let_others_act(turns: int = 20) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
