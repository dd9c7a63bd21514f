"""The outbox: what people decided waits until the service confirmed it, and is taken up once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from posapp.domain.fulfilment import FulfilmentRequest, Tracking
from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.store.engine import Database
from posapp.store.errors import ResourceTaken
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_request, an_intent, an_order

ORDER = "231388420336"


def entry(
    number: int, state: IntentState = IntentState.WRITTEN, **facts: Any
) -> tuple[FulfilmentRequest, Intent]:
    request = replace(
        a_request(("l-1", 1, 0), key=f"req-{number}"), tracking=Tracking("UPS", "1Z999")
    )
    ordinary: dict[str, Any] = {
        "id": IntentId(f"i-{number}"),
        "key": request.request,
        "order_id": ORDER,
        "resource": f"order:{number}",
        "sale_id": "",
        "written_at": NOON + timedelta(seconds=number),
        "state": state,
    }
    return request, an_intent(IntentKind.FULFILMENT, **(ordinary | facts))


async def add(database: Database, *entries: tuple[FulfilmentRequest, Intent]) -> None:
    def work(tx: Tx) -> None:
        tx.orders.save(an_order(), NOON)
        for request, intent in entries:
            tx.outbox.add(request, intent)

    await database.write(work)


async def due(database: Database, seconds: float = 0, limit: int = 9) -> list[str]:
    now = NOON + timedelta(seconds=seconds)
    found = await database.read(lambda tx: tx.outbox.due(now, limit))
    return [request.request for request, _intent in found]


async def test_a_decision_comes_back_with_its_intent(database: Database) -> None:
    kept = entry(1)
    await add(database, kept)
    assert await database.read(lambda tx: tx.outbox.entry("req-1")) == kept
    assert await database.read(lambda tx: tx.outbox.entry("req-9")) is None
    assert await database.read(lambda tx: tx.outbox.waiting(ORDER)) == (kept[0],)
    assert await database.read(lambda tx: tx.outbox.history(ORDER)) == (kept,)
    assert await database.read(lambda tx: tx.outbox.count_waiting()) == 1


async def test_what_ended_waits_no_more_but_is_remembered(database: Database) -> None:
    await add(database, entry(1), entry(2), entry(3))

    def work(tx: Tx) -> None:
        for number, state in ((1, IntentState.DONE), (2, IntentState.REFUSED)):
            tx.outbox.set_intent(entry(number, state)[1])

    await database.write(work)
    waiting = await database.read(lambda tx: tx.outbox.waiting(ORDER))
    history = await database.read(lambda tx: tx.outbox.history(ORDER))
    assert [request.request for request in waiting] == ["req-3"]
    assert [intent.state for _request, intent in history] == [
        IntentState.DONE,
        IntentState.REFUSED,
        IntentState.WRITTEN,
    ]
    assert await database.read(lambda tx: tx.outbox.count_waiting()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "another request"},
        {"kind": IntentKind.ORDER},
        {"order_id": "another order"},
    ],
)
async def test_a_request_with_the_intent_of_another_is_refused(
    database: Database, wrong: dict[str, object]
) -> None:
    request, intent = entry(1)
    with pytest.raises(ValueError, match="intent"):
        await add(database, (request, replace(intent, **wrong)))  # type: ignore[arg-type]
    assert await database.read(lambda tx: tx.outbox.count_waiting()) == 0


async def test_the_oldest_decisions_are_due_first(database: Database) -> None:
    await add(database, entry(3), entry(1), entry(2))
    assert await due(database) == ["req-1", "req-2", "req-3"]
    assert await due(database, limit=2) == ["req-1", "req-2"]


async def test_a_decision_behind_a_write_in_flight_is_not_due(database: Database) -> None:
    sent = NOON
    await add(
        database,
        entry(1, IntentState.SENDING, resource="order:o", sent_at=sent),
        entry(2, resource="order:o"),
        entry(3),
    )
    assert await due(database, 1) == ["req-3"]
    done = entry(1, IntentState.DONE, resource="order:o", sent_at=sent)[1]
    await database.write(lambda tx: tx.outbox.set_intent(done))
    assert await due(database, 1) == ["req-2", "req-3"]


async def test_what_another_program_claimed_is_due_when_the_claim_ends(database: Database) -> None:
    await add(database, entry(1))
    end = NOON + timedelta(minutes=1)
    assert await database.write(lambda tx: tx.intents.claim("i-1", "till 2", end, NOON))
    assert await due(database, 59) == []
    assert await due(database, 60) == ["req-1"]


async def test_a_sender_that_died_is_succeeded(database: Database) -> None:
    sending = entry(1, IntentState.SENDING, sent_at=NOON, limit_s=20.0)
    await add(database, sending)
    assert await due(database, 50) == []  # time limit and patience have not passed
    assert await due(database, 51) == ["req-1"]


async def test_what_is_in_doubt_is_looked_up_again_after_a_pause(database: Database) -> None:
    await add(database, entry(1, IntentState.UNKNOWN, sent_at=NOON, last_lookup_at=NOON))
    assert await due(database, 9) == []
    assert await due(database, 10) == ["req-1"]


async def test_two_decisions_of_one_order_are_never_sent_at_once(database: Database) -> None:
    await add(database, entry(1, resource="order:o"), entry(2, resource="order:o"))
    first = entry(1, IntentState.SENDING, resource="order:o")[1]
    second = entry(2, IntentState.SENDING, resource="order:o")[1]
    await database.write(lambda tx: tx.outbox.set_intent(first))
    with pytest.raises(ResourceTaken):
        await database.write(lambda tx: tx.outbox.set_intent(second))
    kept = await database.read(lambda tx: tx.outbox.entry("req-2"))
    assert kept is not None and kept[1].state is IntentState.WRITTEN
