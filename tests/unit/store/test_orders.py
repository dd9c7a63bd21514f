"""The queue: rows follow their order, views page newest first, words find what was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from posapp.domain.fulfilment import Fulfilment, FulfilmentId, FulfilmentItem
from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.domain.order import LineId, Order, OrderId, OrderState, Outlook
from posapp.domain.payment import ChargeState, OperationState
from posapp.domain.queue import Cursor, OrderRow, Page, View
from posapp.domain.timeline import Note
from posapp.store.engine import Database
from posapp.store.transaction import Tx
from tests.helpers.builders import (
    NOON,
    a_capture,
    a_charge,
    a_fulfilment,
    a_line,
    a_party,
    a_request,
    an_intent,
    an_order,
    usd,
)

ORDER = "231388420336"


def the_intent(state: IntentState = IntentState.WRITTEN) -> Intent:
    return an_intent(
        IntentKind.FULFILMENT,
        id=IntentId("i-1"),
        key="req-1",
        order_id=ORDER,
        resource=f"order:{ORDER}",
        sale_id="",
        state=state,
    )


async def save(database: Database, *orders: Order) -> None:
    def work(tx: Tx) -> None:
        for order in orders:
            tx.orders.save(order, NOON)

    await database.write(work)


async def the_row(database: Database) -> OrderRow:
    row = await database.read(lambda tx: tx.orders.row(ORDER))
    assert row is not None
    return row


def numbered(number: int, **facts: Any) -> Order:
    made = NOON + timedelta(minutes=number)
    return an_order(f"o-{number:03d}", created_at=made, updated_at=made, **facts)


async def test_an_order_comes_back_as_told(database: Database) -> None:
    order = an_order(
        charges=(a_charge(ChargeState.CAPTURABLE, operations=(a_capture(),)),),
        ship_to=a_party(given_name="Grace"),
        transitions=(("accepted", NOON),),
        metadata=(("sale", "1-1042"),),
        tax=usd("1.61"),
    )
    await save(database, order)
    assert await database.read(lambda tx: tx.orders.get(ORDER)) == order
    assert await database.read(lambda tx: tx.orders.seen_at(ORDER)) == NOON
    assert await database.read(lambda tx: tx.orders.by_checkout("chk-1")) == order
    assert await database.read(lambda tx: tx.orders.many([ORDER, "none"])) == {ORDER: order}
    assert await database.read(lambda tx: tx.orders.get("none")) is None
    assert await database.read(lambda tx: tx.orders.seen_at("none")) is None
    assert await database.read(lambda tx: tx.orders.by_checkout("none")) is None


async def test_what_was_saved_is_seen_within_the_same_work(database: Database) -> None:
    def work(tx: Tx) -> tuple[Order | None, OrderRow | None, int]:
        tx.orders.save(an_order(), NOON)
        tx.orders.save(an_order(state=OrderState.BLOCKED), NOON)
        return tx.orders.get(ORDER), tx.orders.row(ORDER), tx.orders.counts()[View.ALL]

    order, row, count = await database.write(work)
    assert order is not None and row is not None
    assert (order.state, row.state, count) == (OrderState.BLOCKED, OrderState.BLOCKED, 1)


async def test_the_row_says_what_a_clerk_needs(database: Database) -> None:
    await save(database, an_order(lines=(a_line(), a_line("l-2", 3, "7.50"))))
    assert await the_row(database) == OrderRow(
        order_id=ORDER,
        state=OrderState.ACCEPTED,
        raw_state="accepted",
        outlook=Outlook.TO_FULFIL,
        sale_number="1-1042",
        buyer="Ada Lovelace",
        email="ada@example.com",
        line_count=2,
        units=5,
        open_units=5,
        total=usd("21.61"),
        created_at=NOON,
        updated_at=NOON,
    )


async def test_what_is_decided_is_taken_off_what_is_open(database: Database) -> None:
    await save(database, an_order())
    await database.write(lambda tx: tx.outbox.add(a_request(("l-1", 1, 0)), the_intent()))
    row = await the_row(database)
    assert (row.open_units, row.sending, row.outlook) == (1, 1, Outlook.SENDING)
    await database.write(lambda tx: tx.outbox.set_intent(the_intent(IntentState.REFUSED)))
    row = await the_row(database)
    assert (row.open_units, row.sending, row.outlook) == (2, 0, Outlook.TO_FULFIL)


async def test_what_the_service_confirmed_is_neither_open_nor_sending(database: Database) -> None:
    def confirmed(tx: Tx) -> None:
        tx.outbox.add(a_request(("l-1", 1, 1)), the_intent())
        tx.outbox.set_intent(the_intent(IntentState.DONE))
        tx.fulfilments.save(a_fulfilment(("l-1", 1, 1), request="req-1"))

    await save(database, an_order())
    await database.write(confirmed)
    row = await the_row(database)
    assert (row.open_units, row.sending, row.outlook) == (0, 0, Outlook.TO_FULFIL)


async def test_facts_that_come_before_their_order_wait_for_it(database: Database) -> None:
    def early(tx: Tx) -> None:
        tx.fulfilments.save(a_fulfilment(("l-1", 1, 0)))
        tx.notes.add(Note(ORDER, "rings twice", "Finn", NOON))
        tx.handover.add(ORDER, "sale-1")

    await database.write(early)
    assert await database.read(lambda tx: tx.orders.row(ORDER)) is None
    await save(database, an_order())
    row = await the_row(database)
    assert (row.open_units, row.notes, row.to_hand_over) == (1, 1, True)


async def test_claim_note_and_hand_over_show_in_the_row(database: Database) -> None:
    until = NOON + timedelta(minutes=10)

    def work(tx: Tx) -> None:
        tx.orders.save(an_order(), NOON)
        assert tx.claims.take(ORDER, "Finn", "1", until, NOON)
        for _ in range(2):
            tx.notes.add(Note(ORDER, "fragile", "Finn", NOON))
        tx.handover.add(ORDER, "sale-1")

    await database.write(work)
    row = await the_row(database)
    assert (row.claimed_by, row.claim_until, row.notes) == ("Finn", until, 2)
    assert row.to_hand_over

    def over(tx: Tx) -> None:
        tx.claims.release(ORDER)
        tx.handover.remove(ORDER)

    await database.write(over)
    row = await the_row(database)
    assert (row.claimed_by, row.claim_until, row.to_hand_over) == ("", None, False)


async def test_each_order_stands_in_its_view(database: Database) -> None:
    failed_capture = a_charge(operations=(a_capture(OperationState.FAILED),))
    await save(
        database,
        numbered(1),
        numbered(2, state=OrderState.IN_REVIEW),
        numbered(3, state=OrderState.PENDING_PAYMENT),
        numbered(4, state=OrderState.BLOCKED),
        numbered(5, state=OrderState.FULFILLED),
        numbered(6),
        numbered(7, charges=(a_charge(ChargeState.FAILED),)),
        numbered(8, charges=(failed_capture,)),
        numbered(9, state=OrderState.UNKNOWN, raw_state="on_the_moon"),
    )
    await database.write(lambda tx: tx.handover.add("o-006", "sale-6"))

    def seen(tx: Tx) -> dict[View, list[str]]:
        return {view: [row.order_id for row in tx.orders.rows(view).rows] for view in View}

    found = await database.read(seen)
    assert found[View.READY] == ["o-001"]
    assert found[View.TO_HAND_OVER] == ["o-006"]
    assert found[View.REVIEW] == ["o-002"]
    assert found[View.UNPAID] == ["o-007", "o-003"]
    assert found[View.BLOCKED] == ["o-004"]
    assert found[View.ALL] == [f"o-00{number}" for number in range(9, 0, -1)]
    counts = await database.read(lambda tx: tx.orders.counts())
    assert counts == {view: len(rows) for view, rows in found.items()}


def page_of(tx: Tx, view: View, after: Cursor | None, typed: str) -> Page:
    return tx.orders.rows(view, after, 7, typed)


@pytest.mark.parametrize("view", [View.READY, View.ALL])
@pytest.mark.parametrize("typed", ["", "ada"])
async def test_pages_join_without_gap_or_double(database: Database, view: View, typed: str) -> None:
    # Forty orders, some made in the same moment.
    await save(
        database,
        *(an_order(f"o-{n:03d}", created_at=NOON + timedelta(seconds=n // 3)) for n in range(40)),
    )
    after: Cursor | None = None
    seen: list[OrderRow] = []
    sizes = []
    while True:
        page = await database.read(partial(page_of, view=view, after=after, typed=typed))
        sizes.append(len(page.rows))
        seen += page.rows
        if page.next is None:
            break
        after = page.next
    assert sizes == [7, 7, 7, 7, 7, 5]
    assert len({row.order_id for row in seen}) == 40
    assert [row.created_at for row in seen] == sorted(
        (row.created_at for row in seen), reverse=True
    )


async def test_a_new_order_above_does_not_shift_the_next_page(database: Database) -> None:
    await save(database, *(numbered(number) for number in range(6)))
    first = await database.read(lambda tx: tx.orders.rows(View.ALL, None, 3))
    await save(database, numbered(100))
    second = await database.read(lambda tx: tx.orders.rows(View.ALL, first.next, 3))
    assert [row.order_id for row in second.rows] == ["o-002", "o-001", "o-000"]


async def test_orders_of_one_moment_whose_places_collide_all_stay(database: Database) -> None:
    # crc32("plumless") == crc32("buckeroo"): the same place to begin with
    await save(database, an_order("plumless"), an_order("buckeroo"))
    await save(database, an_order("plumless"), an_order("buckeroo"))
    page = await database.read(lambda tx: tx.orders.rows())
    assert {row.order_id for row in page.rows} == {"plumless", "buckeroo"}


async def test_an_order_whose_creation_becomes_known_moves_there(database: Database) -> None:
    await save(database, numbered(1), numbered(5))
    await save(database, an_order("late", created_at=None))
    page = await database.read(lambda tx: tx.orders.rows())
    assert [row.order_id for row in page.rows] == ["o-005", "o-001", "late"]  # seen at noon
    await save(database, an_order("late", created_at=NOON + timedelta(minutes=3)))
    page = await database.read(lambda tx: tx.orders.rows())
    assert [row.order_id for row in page.rows] == ["o-005", "late", "o-001"]
    found = await database.read(lambda tx: tx.orders.rows(search="late"))
    assert [row.order_id for row in found.rows] == ["late"]
    assert (await database.read(lambda tx: tx.orders.counts()))[View.ALL] == 3


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zof", {"o-001"}),
        ("Žofie Zi", {"o-001"}),
        ("zizkova", {"o-001"}),
        ("strasse", {"o-002"}),
        ("STRAẞE", {"o-002"}),
        ("grace@navy", {"o-003"}),
        ("navy.mil", {"o-003"}),
        ("o-00", {"o-001", "o-002", "o-003"}),
        ("O-003", {"o-003"}),
        ("1-77", {"o-002"}),
        ("hopper gra", {"o-003"}),
        ("hopper ada", set()),
        ("race", set()),
        ("'\"*%_)(:&|!", {"o-001", "o-002", "o-003"}),
        ('grace" OR "zof', set()),
        ("grace' | 'zof", set()),
    ],
)
async def test_words_are_found_as_they_are_typed(
    database: Database, typed: str, found: set[str]
) -> None:
    await save(
        database,
        numbered(1, bill_to=a_party(given_name="Žofie", family_name="Žižková")),
        numbered(
            2, bill_to=a_party(given_name="Jürgen", family_name="Straße"), sale_number="1-777"
        ),
        numbered(
            3, bill_to=a_party(given_name="Grace", family_name="Hopper"), email="grace@navy.mil"
        ),
    )
    page = await database.read(lambda tx: tx.orders.rows(search=typed))
    assert {row.order_id for row in page.rows} == found


async def test_a_search_stays_within_its_view_and_follows_a_new_name(database: Database) -> None:
    await save(database, numbered(1), numbered(2, state=OrderState.BLOCKED))
    page = await database.read(lambda tx: tx.orders.rows(View.BLOCKED, search="ada"))
    assert [row.order_id for row in page.rows] == ["o-002"]
    await save(database, numbered(2, bill_to=a_party(given_name="Lord", family_name="Byron")))
    renamed = await database.read(lambda tx: tx.orders.rows(search="byr"))
    former = await database.read(lambda tx: tx.orders.rows(search="lovelace"))
    assert [row.order_id for row in renamed.rows] == ["o-002"]
    assert [row.order_id for row in former.rows] == ["o-001"]


async def test_rows_of_what_changed_are_read_together(database: Database) -> None:
    await save(database, *(numbered(number) for number in range(4)))
    rows = await database.read(lambda tx: tx.orders.rows_of(["o-002", "o-000", "none"]))
    assert [row.order_id for row in rows] == ["o-002", "o-000"]


async def test_orders_unseen_for_long_are_named_longest_first(database: Database) -> None:
    def work(tx: Tx) -> None:
        for number, state in enumerate(
            (OrderState.ACCEPTED, OrderState.IN_REVIEW, OrderState.COMPLETE, OrderState.DISPUTE)
        ):
            seen = NOON - timedelta(days=number)
            tx.orders.save(numbered(number, state=state), seen)

    await database.write(work)
    stale = await database.read(lambda tx: tx.orders.stale(NOON - timedelta(hours=1), 9))
    assert stale == ("o-003", "o-001")
    assert await database.read(lambda tx: tx.orders.stale(NOON, 1)) == ("o-003",)


async def test_fulfilments_are_kept_by_order_oldest_first(database: Database) -> None:
    early = replace(a_fulfilment(("l-1", 1, 0), fulfilment_id="f-9"), created_at=NOON)
    late = replace(
        a_fulfilment(("l-1", 0, 1), fulfilment_id="f-1"), created_at=NOON + timedelta(hours=1)
    )
    await database.write(lambda tx: tx.fulfilments.save_all([late, early]))
    assert await database.read(lambda tx: tx.fulfilments.for_order(ORDER)) == (early, late)
    changed = replace(late, items=(FulfilmentItem(LineId("l-1"), 1, 1),))
    await database.write(lambda tx: tx.fulfilments.save(changed))
    assert await database.read(lambda tx: tx.fulfilments.for_order(ORDER)) == (early, changed)
    other = Fulfilment(FulfilmentId("f-2"), OrderId("another"), ())
    await database.write(lambda tx: tx.fulfilments.save(other))
    assert len(await database.read(lambda tx: tx.fulfilments.for_order(ORDER))) == 2


async def test_a_thousand_orders_in_one_piece_of_work(database: Database) -> None:
    await save(database, *(numbered(number) for number in range(1200)))
    assert (await database.read(lambda tx: tx.orders.counts()))[View.READY] == 1200
    page = await database.read(lambda tx: tx.orders.rows(View.READY, None, 2))
    assert [row.order_id for row in page.rows] == ["o-1199", "o-1198"]


async def test_locking_an_order_nobody_has_is_harmless(database: Database) -> None:
    await database.write(lambda tx: tx.orders.lock("none"))
    assert await database.read(lambda tx: tx.orders.row("none")) is None
