"""The feed: each event once, applied in the order it was made, one reader at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.event import EventId, RawEvent
from posapp.store.engine import Database
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON


def event(number: int, seconds: float = 0, body: bytes = b"{}") -> RawEvent:
    made = NOON + timedelta(seconds=seconds)
    return RawEvent(EventId(f"ev-{number:04d}"), "order.accepted", made, body)


@pytest.mark.parametrize("count", [1, 3, 120])
async def test_events_are_kept_once(database: Database, count: int) -> None:
    told = [event(number) for number in range(count)]
    assert await database.write(lambda tx: tx.inbox.put(told)) == count
    again = [*told, event(count), event(count)]
    assert await database.write(lambda tx: tx.inbox.put(again)) == 1
    assert await database.write(lambda tx: tx.inbox.put(told)) == 0
    assert await database.write(lambda tx: tx.inbox.put([])) == 0
    assert await database.read(lambda tx: tx.inbox.count_unapplied()) == count + 1


async def test_two_batches_in_one_piece_of_work_are_two_batches(database: Database) -> None:
    def work(tx: Tx) -> tuple[int, int]:
        put = tx.inbox.put
        return (
            put([event(number) for number in range(60)]),
            put([event(number) for number in range(30, 100)]),
        )

    assert await database.write(work) == (60, 40)


async def test_a_body_comes_back_byte_by_byte(database: Database) -> None:
    odd = bytes(range(256)) * 3
    told = [event(1, body=odd), *(event(number) for number in range(2, 90))]
    await database.write(lambda tx: tx.inbox.put(told))
    assert (await database.read(lambda tx: tx.inbox.next(1)))[0].body == odd
    await database.write(lambda tx: tx.inbox.put([event(1000, -1, odd)]))
    assert (await database.read(lambda tx: tx.inbox.next(1)))[0] == event(1000, -1, odd)


async def test_events_are_applied_in_the_order_they_were_made(database: Database) -> None:
    told = [event(3, 5), event(1, 9), event(2, 5), event(4, 1)]
    await database.write(lambda tx: tx.inbox.put(told))

    def ids(found: tuple[RawEvent, ...]) -> list[str]:
        return [each.id[-1] for each in found]

    assert ids(await database.read(lambda tx: tx.inbox.next(9))) == ["4", "2", "3", "1"]
    await database.write(lambda tx: tx.inbox.applied("ev-0004", "o-1", "merged"))
    await database.write(lambda tx: tx.inbox.applied("ev-0002", "", "unknown type"))
    assert ids(await database.read(lambda tx: tx.inbox.next(9))) == ["3", "1"]
    assert ids(await database.read(lambda tx: tx.inbox.next(1))) == ["3"]
    await database.write(lambda tx: tx.inbox.put(told))  # told again: still applied
    assert ids(await database.read(lambda tx: tx.inbox.next(9))) == ["3", "1"]


async def test_an_orders_events_are_those_applied_to_it(database: Database) -> None:
    await database.write(lambda tx: tx.inbox.put([event(1, 2), event(2, 1), event(3)]))
    told = [("ev-0001", "o-1", "ok"), ("ev-0002", "o-1", "ok"), ("ev-0003", "", "ignored")]
    await database.write(lambda tx: tx.inbox.applied_all(told))
    assert await database.read(lambda tx: tx.inbox.for_order("o-1")) == (
        ("ev-0002", "order.accepted", NOON + timedelta(seconds=1)),
        ("ev-0001", "order.accepted", NOON + timedelta(seconds=2)),
    )
    assert await database.read(lambda tx: tx.inbox.for_order("")) == ()


async def test_known_ids_and_the_newest_event_are_told(database: Database) -> None:
    assert await database.read(lambda tx: tx.inbox.newest()) is None
    await database.write(lambda tx: tx.inbox.put([event(1, 7), event(2, 3)]))
    asked = [f"ev-{number:04d}" for number in range(3)]
    assert await database.read(lambda tx: tx.inbox.known(asked)) == {"ev-0001", "ev-0002"}
    assert await database.read(lambda tx: tx.inbox.known([])) == frozenset()
    assert await database.read(lambda tx: tx.inbox.newest()) == NOON + timedelta(seconds=7)


async def test_bodies_of_old_applied_events_can_be_forgotten(database: Database) -> None:
    await database.write(lambda tx: tx.inbox.put([event(1), event(2), event(3, 100)]))
    told = [("ev-0001", "o", "ok"), ("ev-0003", "o", "ok")]
    await database.write(lambda tx: tx.inbox.applied_all(told))
    later = NOON + timedelta(seconds=50)
    assert await database.write(lambda tx: tx.inbox.forget_bodies(later)) == 1
    assert len(await database.read(lambda tx: tx.inbox.for_order("o"))) == 2
    assert (await database.read(lambda tx: tx.inbox.next(1)))[0].body == b"{}"


async def test_cursor_and_health_are_remembered(database: Database) -> None:
    assert await database.read(lambda tx: (tx.feed.cursor(), tx.feed.healthy_at())) == (None, None)
    await database.write(lambda tx: tx.feed.set_cursor("ev-9", NOON))
    await database.write(lambda tx: tx.feed.set_healthy_at(NOON + timedelta(seconds=1)))
    assert await database.read(lambda tx: tx.feed.cursor()) == ("ev-9", NOON)
    assert await database.read(lambda tx: tx.feed.healthy_at()) == NOON + timedelta(seconds=1)


async def test_one_program_reads_until_its_lease_ends(database: Database) -> None:
    async def take(holder: str, ttl: float) -> bool:
        return await database.write(lambda tx: tx.feed.take(holder, NOON, ttl))

    assert await take("one", 60)
    assert not await take("two", 60)
    assert await take("one", 60)
    assert await database.read(lambda tx: tx.feed.reader()) == "one"
    assert await take("one", 0)  # prolonged to now: it ends at once
    assert await take("two", 60)
    await database.write(lambda tx: tx.feed.release("one"))  # not the reader any more
    assert not await take("one", 60)
    await database.write(lambda tx: tx.feed.release("two"))
    assert await take("one", 60)


async def test_taking_the_lease_leaves_the_cursor_alone(database: Database) -> None:
    await database.write(lambda tx: tx.feed.set_cursor("ev-9", NOON))
    await database.write(lambda tx: tx.feed.take("one", NOON, timedelta(seconds=5)))
    assert await database.read(lambda tx: tx.feed.cursor()) == ("ev-9", NOON)


async def test_an_order_asked_for_again_while_it_is_read_is_read_once_more(
    database: Database,
) -> None:
    await database.write(lambda tx: tx.inbox.want(["o-1", "o-2"]))
    assert await database.read(lambda tx: tx.inbox.wanted(9)) == (("o-1", 1), ("o-2", 1))
    await database.write(lambda tx: tx.inbox.want(["o-1"]))
    await database.write(lambda tx: tx.inbox.was_read("o-1", 1))
    await database.write(lambda tx: tx.inbox.was_read("o-2", 1))
    assert await database.read(lambda tx: tx.inbox.wanted(9)) == (("o-1", 2),)
    await database.write(lambda tx: tx.inbox.was_read("o-1", 2))
    assert await database.read(lambda tx: tx.inbox.wanted(9)) == ()
