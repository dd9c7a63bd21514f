"""The feed loses nothing and applies nothing twice, whatever order events come in."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.changes import Change, Changes, OrdersChanged
from posapp.domain.errors import WrongMode
from posapp.domain.order import OrderState
from posapp.gateway.errors import Offline
from posapp.store.store import Store
from posapp.sync.apply import Inbox
from posapp.sync.feed import Feed
from tests.helpers.builders import NOON
from tests.helpers.clock import FakeClock
from tests.helpers.event_river import EventRiver
from tests.helpers.logfail import LogWatch
from tests.helpers.stores import a_store

HAPPY = ("pending_payment", "in_review", "accepted", "fulfilled", "complete")


@dataclass
class Listener:
    """The feed and the inbox over one store."""

    river: EventRiver
    store: Store
    feed: Feed
    inbox: Inbox
    heard: list[Change]

    async def catch_up(self) -> int:
        """Sweep and apply; returns how many events were new."""
        fresh = await self.feed.sweep()
        await self.inbox.apply()
        return fresh

    async def state(self, order_id: str) -> OrderState | None:
        """Return the state in our mirror."""
        order = await self.store.shared.read(lambda tx: tx.orders.get(order_id))
        return order.state if order else None


Listening = Callable[[EventRiver], AbstractAsyncContextManager[Listener]]


@pytest.fixture
def listening(tmp_path: Path) -> Listening:
    """Open a store and listen to a river with it."""

    @asynccontextmanager
    async def listen(river: EventRiver) -> AsyncIterator[Listener]:
        changes, heard = Changes(), list[Change]()
        changes.subscribe(heard.append)
        store = await a_store(tmp_path / f"{id(river)}", changes)
        clock = FakeClock(start=NOON + timedelta(minutes=10))
        feed = Feed(river.as_river(), store, clock)
        inbox = Inbox(river.as_river(), store, clock, live=False)
        try:
            yield Listener(river, store, feed, inbox, heard)
        finally:
            await store.close()

    return listen


async def test_an_order_that_was_accepted_elsewhere_appears_in_the_mirror(
    listening: Listening,
) -> None:
    async with listening(EventRiver()) as till:
        till.river.tell("order.accepted", "o-1", "accepted", 1)
        assert await till.catch_up() == 1
        assert await till.state("o-1") is OrderState.ACCEPTED
        assert OrdersChanged(frozenset({"o-1"})) in till.heard


async def test_what_was_known_is_not_fetched_again(listening: Listening) -> None:
    async with listening(EventRiver()) as till:
        for n in range(250):
            till.river.tell("order.updated", f"o-{n}", "accepted", n / 10)
        assert await till.catch_up() == 250
        pages = till.river.pages_read
        assert await till.catch_up() == 0
        assert till.river.pages_read - pages <= 3


async def test_a_sweep_cut_in_the_middle_is_taken_up_again_without_a_gap(
    listening: Listening,
) -> None:
    async with listening(EventRiver()) as till:
        for n in range(300):
            till.river.tell("order.updated", f"o-{n}", "accepted", n)
        page = till.river.page

        async def cut_at_the_second(**asked: object) -> object:
            if asked["starting_after"]:
                raise Offline(method="GET", path="/events")
            return await page(**asked)  # type: ignore[arg-type]  # passed on as asked

        till.river.page = cut_at_the_second  # type: ignore[method-assign,assignment]
        with pytest.raises(Offline):
            await till.feed.sweep()
        till.river.page = page  # type: ignore[method-assign]
        await till.catch_up()
        known = await till.store.shared.read(
            lambda tx: tx.inbox.known([f"evt-{n}" for n in range(1, 301)])
        )
        assert len(known) == 300


async def test_a_late_event_inside_the_overlap_is_still_found(listening: Listening) -> None:
    async with listening(EventRiver()) as till:
        till.river.tell("order.accepted", "o-1", "accepted", 300)
        await till.catch_up()
        till.river.tell("order.accepted", "o-2", "accepted", 200)
        assert await till.catch_up() == 1
        assert await till.state("o-2") is OrderState.ACCEPTED


@pytest.mark.parametrize("seed", range(8))
async def test_any_shuffle_with_repeats_ends_in_the_newest_state(
    listening: Listening, seed: int
) -> None:
    async with listening(EventRiver()) as till:
        for step, state in enumerate(HAPPY):
            till.river.tell(f"order.{state}", "o-1", state, step)
        events = [*till.river.told, *till.river.told[1:3]]
        random.Random(seed).shuffle(events)
        for event in events:
            await till.store.shared.write(lambda tx, e=event: tx.inbox.put([e]))  # type: ignore[misc]  # binds the loop's event
            await till.inbox.apply()
        assert await till.state("o-1") is OrderState.COMPLETE


async def test_an_unknown_event_type_and_state_are_kept_and_shown(listening: Listening) -> None:
    async with listening(EventRiver()) as till:
        till.river.tell("order.teleported", "o-1", "teleporting", 1)
        till.river.add("moon.full", {"id": "m-1"}, NOON)
        assert await till.catch_up() == 2
        order = await till.store.shared.read(lambda tx: tx.orders.get("o-1"))
        assert order is not None
        assert (order.state, order.raw_state) == (OrderState.UNKNOWN, "teleporting")


async def test_an_event_about_a_charge_has_the_order_read_again(listening: Listening) -> None:
    async with listening(EventRiver()) as till:
        till.river.tell("order.accepted", "o-1", "accepted", 1)
        await till.catch_up()
        charge = {
            "id": "c-1",
            "orderId": "o-1",
            "amount": 21.61,
            "currency": "USD",
            "state": "capturable",
        }
        till.river.orders_now["o-1"]["state"] = "fulfilled"
        till.river.orders_now["o-1"]["updatedTime"] = (NOON + timedelta(seconds=9)).isoformat()
        till.river.add("order.charge.capturable", charge, NOON + timedelta(seconds=9))
        await till.catch_up()
        assert till.river.reads >= 1
        assert await till.state("o-1") is OrderState.FULFILLED


async def test_an_event_that_cannot_be_read_stops_nothing(
    listening: Listening, expected_log: LogWatch
) -> None:
    expected_log.expect("cannot be read")
    async with listening(EventRiver()) as till:
        broken = till.river.add("order.accepted", {}, NOON, event_id="evt-broken")
        till.river.told[-1] = type(broken)(broken.id, broken.type, broken.created_at, b"{")
        till.river.tell("order.accepted", "o-1", "accepted", 1)
        await till.catch_up()
        assert await till.state("o-1") is OrderState.ACCEPTED


async def test_an_event_of_the_other_mode_stops_the_feed(listening: Listening) -> None:
    async with listening(EventRiver()) as till:
        till.river.tell("order.accepted", "o-1", "accepted", 1, live=True)
        with pytest.raises(WrongMode):
            await till.catch_up()


async def test_an_order_the_service_does_not_know_is_left_alone(
    listening: Listening, expected_log: LogWatch
) -> None:
    expected_log.expect("does not know")
    async with listening(EventRiver()) as till:
        till.river.add(
            "order.charge.failed",
            {"id": "c-9", "orderId": "gone", "amount": 1, "currency": "USD", "state": "failed"},
            NOON,
        )
        await till.catch_up()
        assert await till.state("gone") is None
