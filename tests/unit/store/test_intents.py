"""Intents: one write in flight for each remote thing, claimed by one program at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.store.engine import Database
from posapp.store.errors import ResourceTaken
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, an_intent

LATER = NOON + timedelta(minutes=10)


def intent(number: int, state: IntentState = IntentState.WRITTEN, **facts: Any) -> Intent:
    ordinary: dict[str, Any] = {
        "id": IntentId(f"intent-{number}"),
        "resource": f"thing:{number}",
        "written_at": NOON + timedelta(seconds=number),
        "state": state,
    }
    return an_intent(**(ordinary | facts))


async def save(database: Database, *intents: Intent) -> None:
    def work(tx: Tx) -> None:
        for each in intents:
            tx.intents.save(each)

    await database.write(work)


async def test_everything_an_intent_holds_comes_back(database: Database) -> None:
    whole = Intent(
        id=IntentId("i"),
        kind=IntentKind.CHECKOUT,
        resource="checkout:c",
        key="up-1",
        body='{"a": 1}',
        written_at=NOON,
        state=IntentState.UNKNOWN,
        sale_id="s",
        order_id="o",
        limit_s=60.5,
        sent_at=NOON + timedelta(microseconds=1),
        settled_at=LATER,
        missed_lookups=2,
        first_missed_at=NOON,
        last_lookup_at=LATER,
        remote_id="r",
        reason="time-out",
    )
    await save(database, whole)
    assert await database.read(lambda tx: tx.intents.get("i")) == whole
    moved = replace(whole, state=IntentState.DONE, reason="")
    await save(database, moved)
    assert await database.read(lambda tx: tx.intents.get("i")) == moved
    assert await database.read(lambda tx: tx.intents.get("j")) is None


async def test_open_intents_are_found_by_what_they_belong_to(database: Database) -> None:
    await save(
        database,
        intent(3, sale_id="s-1", order_id="o-1"),
        intent(1, IntentState.SENDING, sale_id="s-1"),
        intent(2, IntentState.UNKNOWN, sale_id="s-2", resource="thing:x"),
        intent(4, IntentState.DONE, sale_id="s-1"),
        intent(5, IntentState.REFUSED, sale_id="s-1"),
        intent(6, IntentState.NOT_DONE, sale_id="s-1"),
    )

    def asked(tx: Tx) -> list[list[str]]:
        found = (
            tx.intents.open(),
            tx.intents.open_for(sale_id="s-1"),
            tx.intents.open_for(order_id="o-1"),
            tx.intents.open_for(resource="thing:x"),
            tx.intents.open_for(sale_id="s-1", resource="thing:x"),
            tx.intents.unknown(),
            tx.intents.for_sale("s-1"),
        )
        return [[each.id[-1] for each in some] for some in found]

    assert await database.read(asked) == [
        ["1", "2", "3"],
        ["1", "3"],
        ["3"],
        ["2"],
        [],
        ["2"],
        ["1", "3", "4", "5", "6"],
    ]


@pytest.mark.parametrize("holding", [IntentState.SENDING, IntentState.UNKNOWN])
@pytest.mark.parametrize("wanting", [IntentState.SENDING, IntentState.UNKNOWN])
async def test_one_write_to_a_remote_thing_at_a_time(
    database: Database, holding: IntentState, wanting: IntentState
) -> None:
    await save(database, intent(1, holding, resource="order:o"), intent(2, resource="order:o"))
    assert not await database.read(lambda tx: tx.intents.is_free("order:o"))
    with pytest.raises(ResourceTaken):
        await save(database, intent(2, wanting, resource="order:o"))
    kept = await database.read(lambda tx: tx.intents.get("intent-2"))
    assert kept is not None and kept.state is IntentState.WRITTEN
    await save(database, intent(1, IntentState.DONE, resource="order:o"))
    await save(database, intent(2, wanting, resource="order:o"))
    assert not await database.read(lambda tx: tx.intents.is_free("order:o"))


async def test_writes_without_a_resource_do_not_wait_for_each_other(database: Database) -> None:
    await save(
        database,
        intent(1, IntentState.SENDING, resource=""),
        intent(2, IntentState.SENDING, resource=""),
    )
    assert len(await database.read(lambda tx: tx.intents.open())) == 2


async def test_a_claim_holds_until_its_end_and_is_its_holders(database: Database) -> None:
    await save(database, intent(1))
    soon = NOON + timedelta(minutes=1)

    async def claim(holder: str, now: datetime) -> bool:
        return await database.write(lambda tx: tx.intents.claim("intent-1", holder, LATER, now))

    assert await claim("till 1", NOON)
    assert not await claim("till 2", soon)
    assert await claim("till 1", soon)
    await save(database, intent(1))  # saving does not end a claim
    assert not await claim("till 2", soon)
    assert await claim("till 2", LATER)
    await database.write(lambda tx: tx.intents.unclaim("intent-1", "till 1"))  # not theirs any more
    assert not await claim("till 1", soon)
    await database.write(lambda tx: tx.intents.unclaim("intent-1", "till 2"))
    assert await claim("till 1", soon)


async def test_what_is_over_cannot_be_claimed(database: Database) -> None:
    await save(database, intent(1, IntentState.DONE))
    claimed = await database.write(lambda tx: tx.intents.claim("intent-1", "t", LATER, NOON))
    assert not claimed
    assert not await database.write(lambda tx: tx.intents.claim("none", "t", LATER, NOON))
