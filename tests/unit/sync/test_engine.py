"""The engine never dies in silence: it tells trouble, waits, and goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from posapp.domain.changes import Change, FeedChanged, StoreReturned
from posapp.domain.fulfilment import FulfilmentItem
from posapp.domain.intent import IntentState
from posapp.domain.order import OrderState
from posapp.domain.review import Concern
from posapp.domain.stopped import stopped
from posapp.gateway.errors import Offline
from posapp.sync.backoff import Backoff
from posapp.sync.engine import Line
from posapp.sync.feed import Feed
from tests.helpers.logfail import LogWatch
from tests.helpers.shop import Shop, open_shop
from tests.helpers.waiting import until

OpenShop = Callable[[], AbstractAsyncContextManager[Shop]]


@pytest.fixture
def running(tmp_path: Path) -> OpenShop:
    """Open a shop whose engine runs; its clock stands still between turns."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Shop]:
        async with open_shop(tmp_path) as shop:
            shop.clock.running = False
            await shop.session.engine.start()
            shop.sign_in()
            yield shop

    return opened


async def _until_line(shop: Shop, line: Line) -> None:
    """Turn the clock second by second until the engine tells this line."""

    def told() -> bool:
        shop.clock.turn(1)
        return shop.session.engine.health.line is line

    await until(told, what=line)


async def test_the_line_is_online_once_the_feed_was_read(running: OpenShop) -> None:
    async with running() as shop:
        await until(lambda: shop.session.engine.health.line is Line.ONLINE)
        assert shop.session.engine.health.healthy_at == shop.clock.now()


async def test_a_cut_line_is_told_and_mends_by_itself(running: OpenShop) -> None:
    async with running() as shop:
        engine = shop.session.engine
        await until(lambda: engine.health.line is Line.ONLINE)
        shop.transport.is_down = True
        engine.look_now()
        await _until_line(shop, Line.OFFLINE)
        assert isinstance(engine.health.error, Offline)
        assert engine.health.healthy_at is not None
        shop.transport.is_down = False

        await _until_line(shop, Line.ONLINE)
        assert engine.health.error is None


async def test_when_the_shared_store_is_back_nobody_waits_for_the_next_try(
    running: OpenShop,
) -> None:
    async with running() as shop:
        engine = shop.session.engine
        await until(lambda: engine.health.line is Line.ONLINE)
        shop.transport.is_down = True
        told: list[Change] = []
        shop.desks.changes.subscribe(told.append)

        def failed() -> bool:
            shop.clock.turn(0.2)  # the client tries a read twice, a moment apart
            return FeedChanged() in told

        for _ in range(8):  # the waits have grown to a minute
            told.clear()
            engine.look_now()
            await until(failed, what="the feed to fail")
        shop.transport.is_down = False
        before = shop.clock.now()
        shop.desks.changes.announce(StoreReturned())
        await until(lambda: engine.health.line is Line.ONLINE, what="the line, without any wait")
        assert shop.clock.now() == before


async def test_a_wrong_key_is_told_as_refused(running: OpenShop) -> None:
    async with running() as shop:
        engine = shop.session.engine
        await until(lambda: engine.health.line is Line.ONLINE)
        shop.world.core.options.keys = type(shop.world.core.options.keys)(secret="sk_test_other")
        engine.look_now()
        await until(lambda: engine.health.line is Line.REFUSED)
        assert engine.health.error is not None


async def test_a_fault_of_ours_is_logged_and_the_loop_goes_on(
    running: OpenShop, expected_log: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log.expect("a fault of ours", level=logging.ERROR)
    async with running() as shop:
        engine = shop.session.engine
        await until(lambda: engine.health.line is Line.ONLINE)

        async def broken(_feed: Feed) -> int:
            raise KeyError("ours")

        monkeypatch.setattr(Feed, "sweep", broken)
        engine.look_now()
        await _until_line(shop, Line.OFFLINE)
        monkeypatch.undo()
        await _until_line(shop, Line.ONLINE)
        assert engine.health.error is None


async def test_what_was_decided_is_sent_by_itself(running: OpenShop) -> None:
    async with running() as shop:
        shop.clock.running = True
        order = await shop.sold("MUG-WHT")
        shop.clock.running = False
        sheet = await shop.sheet(order.id)
        items = [FulfilmentItem(line.line.id, quantity=line.open) for line in sheet.lines]
        await shop.desks.orders.fulfil(order.id, items)

        async def sent() -> bool:
            outbox = (await shop.sheet(order.id)).outbox
            return [intent.state for _, intent in outbox] == [IntentState.DONE]

        for _ in range(400):
            if await sent():
                break
            await asyncio.sleep(0)
        assert await sent()


async def test_a_decision_overtaken_by_the_service_is_stopped_with_what_was_seen_and_is_now(
    tmp_path: Path, expected_log: LogWatch
) -> None:
    expected_log.expect("is not sent")
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        order = await shop.sold("MUG-WHT")
        sheet = await shop.sheet(order.id)
        items = [FulfilmentItem(line.line.id, quantity=line.open) for line in sheet.lines]
        await shop.desks.orders.fulfil(order.id, items)
        shop.world.dispute(order.id)
        await shop.session.engine.outbox.send_due()
        [(_, intent)] = (await shop.sheet(order.id)).outbox
        assert intent.state is IntentState.REFUSED
        told = stopped(intent)
        assert told is not None and told.saw is not None
        assert (told.saw.state, told.now.state) == ("accepted", "dispute")
        assert list(told.saw.open.values()) == [1]
        found = await shop.session.store.shared.read(lambda tx: tx.review.items(shop.clock.now()))
        concerns = {item.concern: item.intent_id for item in found}
        assert concerns[Concern.STOPPED_INTENT] == intent.id
        assert Concern.REFUSED_INTENT not in concerns
        assert (await shop.sheet(order.id)).order.state is OrderState.DISPUTE


async def test_offline_the_outbox_keeps_what_was_decided(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        order = await shop.sold("MUG-WHT")
        sheet = await shop.sheet(order.id)
        items = [FulfilmentItem(line.line.id, quantity=line.open) for line in sheet.lines]
        await shop.desks.orders.fulfil(order.id, items)
        shop.transport.is_down = True
        with pytest.raises(Offline):
            await shop.session.engine.outbox.send_due()
        [(_, intent)] = (await shop.sheet(order.id)).outbox
        assert intent.state is IntentState.WRITTEN
        shop.transport.is_down = False
        await shop.catch_up(150)
        [(_, intent)] = (await shop.sheet(order.id)).outbox
        assert intent.state is IntentState.DONE


def test_waits_grow_are_capped_and_start_over() -> None:
    backoff = Backoff(lambda: 0.0, first=1.0, most=8.0)
    assert [backoff.failed() for _ in range(5)] == [1.0, 2.0, 4.0, 8.0, 8.0]
    assert backoff.failures == 5
    backoff.succeeded()
    assert backoff.failed() == 1.0
    assert Backoff(lambda: 1.0).failed() == 0.75
