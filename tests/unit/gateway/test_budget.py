"""The request budget: sales first, backfill a fifth, silence after a 429."""

from __future__ import annotations

import asyncio

import pytest

from posapp.gateway.budget import Budget, Priority
from posapp.gateway.errors import RateLimited
from tests.helpers.clock import FakeClock


async def _spend(budget: Budget, priority: Priority, times: int) -> None:
    for _ in range(times):
        await budget.take(priority)


async def test_calls_keep_to_the_rate_of_the_key() -> None:
    clock = FakeClock(running=True)
    budget = Budget(clock, calls_per_s=25)
    await _spend(budget, Priority.SALE, 25 + 250)
    assert clock.monotonic() == pytest.approx(10, abs=0.5)  # one burst, then 25 a second


async def test_backfill_gets_a_fifth_at_most() -> None:
    clock = FakeClock(running=True)
    budget = Budget(clock, calls_per_s=25)
    await _spend(budget, Priority.BACKFILL, 5 + 50)
    assert clock.monotonic() == pytest.approx(10, abs=0.5)


async def test_a_sale_overtakes_whoever_waits() -> None:
    clock = FakeClock()
    budget = Budget(clock, calls_per_s=1)
    await budget.take(Priority.SALE)
    went: list[str] = []

    async def go(name: str, priority: Priority) -> None:
        await budget.take(priority)
        went.append(name)

    async with asyncio.TaskGroup() as group:
        for name, priority in (
            ("feed", Priority.FEED),
            ("backfill", Priority.BACKFILL),
            ("sale 1", Priority.SALE),
            ("sale 2", Priority.SALE),
        ):
            group.create_task(go(name, priority))
            await clock.advance(0)
        await clock.advance(60)
    assert went == ["sale 1", "sale 2", "feed", "backfill"]


async def test_backfill_that_used_its_share_holds_nobody_up() -> None:
    clock = FakeClock()
    budget = Budget(clock, calls_per_s=10)
    await _spend(budget, Priority.BACKFILL, 2)
    waiting = asyncio.create_task(budget.take(Priority.BACKFILL))
    await clock.advance(0)
    await asyncio.wait_for(budget.take(Priority.SALE), 1)
    assert not waiting.done()
    await clock.advance(5)
    assert waiting.done()


async def test_a_429_quiets_everybody_until_it_is_over() -> None:
    clock = FakeClock()
    budget = Budget(clock)
    budget.hush(30)
    budget.hush(5)  # a shorter one takes nothing back
    assert budget.quiet_s == 30
    task = asyncio.create_task(budget.take(Priority.SALE))
    await clock.advance(29)
    assert not task.done()
    await clock.advance(2)
    assert task.done()
    assert budget.quiet_s == 0


async def test_who_has_no_patience_is_told_how_long() -> None:
    budget = Budget(FakeClock())
    budget.hush(30)
    with pytest.raises(RateLimited) as told:
        await budget.take(Priority.SALE, patience_s=10)
    assert told.value.retry_after_s == 30
    assert not told.value.sent


async def test_who_gives_up_leaves_the_queue() -> None:
    clock = FakeClock()
    budget = Budget(clock, calls_per_s=1)
    await budget.take(Priority.SALE)
    first = asyncio.create_task(budget.take(Priority.SALE))
    second = asyncio.create_task(budget.take(Priority.SALE))
    await clock.advance(0)
    first.cancel()
    await clock.advance(1.1)
    assert first.cancelled()
    assert second.done()
