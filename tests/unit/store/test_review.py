"""The Review screen: what a manager must look at, and what was acknowledged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from posapp.domain.intent import IntentId, IntentKind, IntentState
from posapp.domain.order import Order, OrderState
from posapp.domain.payment import ChargeState, OperationState
from posapp.domain.review import Concern, ReviewItem
from posapp.domain.sale import SaleId, SaleState
from posapp.store.engine import Database
from posapp.store.review import UNPAID_AFTER
from posapp.store.transaction import Tx
from tests.helpers.builders import (
    NOON,
    a_capture,
    a_charge,
    a_request,
    a_sale,
    an_intent,
    an_order,
    later,
)

ORDER = "231388420336"


async def items(database: Database, now: datetime = NOON) -> list[tuple[Concern, str]]:
    found = await database.read(lambda tx: tx.review.items(now))
    return [(item.concern, item.order_id or item.sale_id) for item in found]


async def save(database: Database, *orders: Order) -> None:
    def work(tx: Tx) -> None:
        for order in orders:
            tx.orders.save(order, NOON)

    await database.write(work)


@pytest.mark.parametrize(
    ("order", "concern"),
    [
        (an_order(state=OrderState.IN_REVIEW), Concern.IN_REVIEW),
        (an_order(state=OrderState.BLOCKED), Concern.BLOCKED),
        (an_order(state=OrderState.DISPUTE), Concern.DISPUTE),
        (an_order(charges=(a_charge(ChargeState.FAILED),)), Concern.PAYMENT_FAILED),
        (
            an_order(charges=(a_charge(operations=(a_capture(OperationState.FAILED),)),)),
            Concern.CAPTURE_FAILED,
        ),
    ],
)
async def test_what_an_order_suffers_from_is_a_concern(
    database: Database, order: Order, concern: Concern
) -> None:
    await save(database, order, an_order("fine"))
    assert await items(database) == [(concern, ORDER)]


async def test_an_unpaid_order_is_a_concern_when_it_waited_too_long(database: Database) -> None:
    await save(database, an_order(state=OrderState.PENDING_PAYMENT))
    assert await items(database, NOON + UNPAID_AFTER - timedelta(seconds=1)) == []
    assert await items(database, NOON + UNPAID_AFTER) == [(Concern.UNPAID, ORDER)]


async def test_an_item_says_whose_order_it_is_and_since_when(database: Database) -> None:
    since = NOON + timedelta(hours=1)
    blocked = an_order(
        state=OrderState.BLOCKED, transitions=(("in_review", NOON), ("blocked", since))
    )
    await save(database, blocked)
    found = await database.read(lambda tx: tx.review.items(NOON))
    assert found == (
        ReviewItem(
            concern=Concern.BLOCKED,
            since=since,
            order_id=ORDER,
            sale_number="1-1042",
            buyer="Ada Lovelace",
            total=blocked.total,
            facts=(("state", "blocked"),),
        ),
    )


async def test_what_was_acknowledged_is_left_out_until_it_happens_again(
    database: Database,
) -> None:
    await save(database, an_order(state=OrderState.BLOCKED))
    await database.write(
        lambda tx: tx.decisions.add(ORDER, Concern.DISPUTE, "closed", "x", "Abe", NOON)
    )
    assert await items(database) == [(Concern.BLOCKED, ORDER)]  # another concern was decided
    await database.write(
        lambda tx: tx.decisions.add(ORDER, Concern.BLOCKED, "closed", "x", "Abe", NOON)
    )
    assert await items(database) == []
    await save(database, later(an_order(), 60, state=OrderState.BLOCKED))
    assert await items(database) == [(Concern.BLOCKED, ORDER)]


async def test_writes_in_doubt_and_refused_fulfilments_are_concerns(database: Database) -> None:
    def work(tx: Tx) -> None:
        tx.orders.save(an_order(), NOON)
        for number, state in ((1, IntentState.REFUSED), (2, IntentState.UNKNOWN)):
            tx.outbox.add(
                a_request(("l-1", 1, 0), key=f"req-{number}"),
                an_intent(
                    IntentKind.FULFILMENT,
                    id=IntentId(f"i-{number}"),
                    key=f"req-{number}",
                    order_id=ORDER,
                    resource=f"order:{number}",
                    sale_id="",
                    state=state,
                    reason="too many",
                    sent_at=NOON + timedelta(seconds=number),
                ),
            )
        tx.intents.save(
            an_intent(
                id=IntentId("i-3"), state=IntentState.UNKNOWN, sent_at=NOON + timedelta(seconds=3)
            )
        )
        declined = an_intent(id=IntentId("i-4"), state=IntentState.REFUSED, reason="declined")
        tx.intents.save(declined)

    await database.write(work)
    assert await items(database) == [
        (Concern.REFUSED_INTENT, ORDER),
        (Concern.UNKNOWN_INTENT, ORDER),
        (Concern.UNKNOWN_INTENT, "sale-1"),
    ]
    found = await database.read(lambda tx: tx.review.items(NOON))
    assert found[0].intent_id == "i-1" and ("reason", "too many") in found[0].facts
    assert (found[0].buyer, found[2].buyer) == ("Ada Lovelace", "")
    await database.write(
        lambda tx: tx.decisions.add(ORDER, Concern.REFUSED_INTENT, "closed", "x", "Abe", NOON)
    )
    assert len(await items(database)) == 2


async def test_a_superseded_order_that_comes_alive_is_a_concern(database: Database) -> None:
    sale = a_sale(id=SaleId("s"), state=SaleState.DONE, order_id="live", superseded=("old", "dead"))

    def work(tx: Tx) -> None:
        tx.sales.save(sale, till="1")
        tx.orders.save(an_order("live"), NOON)
        tx.orders.save(an_order("old"), NOON)
        tx.orders.save(an_order("dead", state=OrderState.CANCELLED), NOON)

    await database.write(work)
    assert await items(database) == [(Concern.SUPERSEDED_ALIVE, "old")]
    found = await database.read(lambda tx: tx.review.items(NOON))
    assert found[0].sale_id == "s"
