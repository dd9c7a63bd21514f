"""Several tills, one store: one reads the feed, the others hear of it, and one takes over when the
reader is gone (design 7).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from posapp.domain.changes import Change, OrdersChanged
from posapp.domain.fulfilment import FulfilmentItem, FulfilmentRequest
from posapp.domain.order import OrderState
from posapp.gateway.errors import Offline
from posapp.store.tables import feed
from posapp.sync.engine import Line
from tests.helpers.builders import NOON
from tests.helpers.shop import Shop, open_shop
from tests.helpers.waiting import until


@asynccontextmanager
async def two_tills(folder: Path, url: str) -> AsyncIterator[tuple[Shop, Shop]]:
    """Open two tills on one server; their engines run and the one clock stands still."""
    async with (
        open_shop(folder / "one", database_url=url) as one,
        open_shop(folder / "two", till="2", database_url=url, beside=one) as two,
    ):
        one.clock.running = False
        for shop in (one, two):
            shop.sign_in()
            await shop.session.store.wait_until_listening()
            await shop.session.engine.start()
        await until(
            lambda: all(shop.session.engine.health.line is Line.ONLINE for shop in (one, two)),
            what="both tills online",
        )
        yield (one, two) if one.session.engine.is_reader else (two, one)


def sweeps(shop: Shop) -> int:
    """Return how often this till has read the feed."""
    return shop.transport.calls.count("GET /events")


async def takes_over(shop: Shop) -> None:
    """Turn the clock until this till, which has not read the feed yet, has read it twice."""
    assert sweeps(shop) == 0

    def reads() -> bool:
        shop.clock.turn(1)
        return shop.session.engine.is_reader and sweeps(shop) > 1

    await until(reads, what="the other till to read the feed")


async def test_of_two_tills_one_reads_the_feed_and_the_other_hears_of_it(
    tmp_path: Path, postgres_url: str
) -> None:
    async with two_tills(tmp_path, postgres_url) as (reader, other):
        heard: list[Change] = []
        other.desks.changes.subscribe(heard.append)
        reader.clock.running = True
        order = await reader.sold("MUG-WHT")
        reader.clock.running = False
        before = sweeps(reader)

        def told() -> bool:
            reader.clock.turn(1)
            ids = [change.order_ids for change in heard if isinstance(change, OrdersChanged)]
            return sweeps(reader) > before + 3 and any(str(order.id) in each for each in ids)

        await until(told, what="the order heard of at the other till")
        sheet = await other.sheet(order.id)
        assert sheet.order.state is OrderState.ACCEPTED
        assert (other.session.engine.is_reader, sweeps(other)) == (False, 0)
        healthy = other.session.engine.health.healthy_at
        assert healthy is not None
        assert reader.clock.now() - healthy < timedelta(seconds=60)


async def test_a_till_that_died_is_waited_for_until_its_lease_ends(
    tmp_path: Path, postgres_url: str
) -> None:
    async with two_tills(tmp_path, postgres_url) as (reader, other):
        reader.session.engine.is_reader = False  # killed: nothing is given back
        await reader.session.engine.stop()
        assert not await other.session.engine.feed.is_ours()
        for _ in range(60):
            other.clock.turn(1)  # a till's own clock ends no lease: the server's does
        assert not await other.session.engine.feed.is_ours()

        await other.session.store.shared.write(
            lambda tx: tx.connection.execute(update(feed).values(lease_until=NOON))
        )
        await takes_over(other)
        assert not reader.session.engine.is_reader


async def test_a_till_that_closes_hands_the_feed_over_at_once(
    tmp_path: Path, postgres_url: str
) -> None:
    async with two_tills(tmp_path, postgres_url) as (reader, other):
        await reader.session.engine.stop()
        await takes_over(other)
        assert not reader.session.engine.is_reader


async def test_a_till_whose_line_is_cut_lets_another_read(
    tmp_path: Path, postgres_url: str
) -> None:
    async with two_tills(tmp_path, postgres_url) as (reader, other):
        reader.transport.is_down = True
        await takes_over(other)
        assert not reader.session.engine.is_reader


async def test_what_a_till_could_not_read_any_more_the_next_one_reads(
    tmp_path: Path, postgres_url: str
) -> None:
    async with (
        open_shop(tmp_path / "one", database_url=postgres_url) as one,
        open_shop(tmp_path / "two", till="2", database_url=postgres_url, beside=one) as two,
    ):
        one.sign_in()
        order = await one.sold("MUG-WHT")
        await one.catch_up()
        items = tuple(FulfilmentItem(line.id, quantity=line.quantity) for line in order.lines)
        sent = FulfilmentRequest("from the dashboard", order.id, items)
        await one.session.river.fulfilments.create(sent)
        one.clock.turn(5)
        await one.session.engine.feed.sweep()
        one.transport.is_down = True
        with pytest.raises(Offline):
            await one.session.engine.inbox.apply()

        await two.session.engine.feed.sweep()
        await two.session.engine.inbox.apply()
        shown = await two.session.store.shared.read(lambda tx: tx.orders.get(order.id))
        assert shown == await two.session.river.orders.get(order.id)
        assert await two.session.store.shared.read(lambda tx: tx.inbox.wanted(9)) == ()


async def test_a_store_of_one_file_asks_for_no_lease(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        assert await shop.session.engine.feed.is_ours()
        await shop.session.engine.feed.let_go()
        assert await shop.session.store.shared.read(lambda tx: tx.feed.reader()) == ""
