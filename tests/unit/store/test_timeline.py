"""The timeline: events, decisions, notes and the sale's steps, in the order they happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from posapp.domain.event import EventId, RawEvent
from posapp.domain.intent import IntentId, IntentKind, IntentState
from posapp.domain.review import Concern
from posapp.domain.timeline import EntryKind, Note, TimelineEntry
from posapp.store.engine import Database
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_request, a_sale, an_intent, an_order

ORDER = "231388420336"


async def test_an_orders_story_is_told_in_order(database: Database) -> None:
    at = [NOON + timedelta(minutes=number) for number in range(7)]

    def work(tx: Tx) -> None:
        tx.sales.save(a_sale(order_id=ORDER), till="1")
        placed = an_intent(state=IntentState.DONE, sent_at=at[0], settled_at=at[0])
        declined = an_intent(id=IntentId("i-0"), state=IntentState.REFUSED, sent_at=at[0])
        tx.intents.save(replace(declined, written_at=at[0]))
        tx.intents.save(replace(placed, written_at=at[0] + timedelta(seconds=1)))
        tx.orders.save(an_order(), NOON)
        tx.inbox.put([RawEvent(EventId("e-1"), "order.accepted", at[1], b"{}")])
        tx.inbox.applied("e-1", ORDER, "merged")
        tx.notes.add(Note(ORDER, "rings twice", "Finn", at[2]))
        refused = an_intent(
            IntentKind.FULFILMENT,
            id=IntentId("i-1"),
            key="req-1",
            order_id=ORDER,
            written_at=at[0],
            state=IntentState.REFUSED,
            settled_at=at[4],
            reason="too many",
        )
        tx.outbox.add(a_request(("l-1", 1, 1)), refused)
        tx.decisions.add(ORDER, Concern.REFUSED_INTENT, "closed", "counted anew", "Abe", at[5])
        tx.notes.add(Note("another", "not this one", "Finn", at[2]))

    await database.write(work)
    assert await database.read(lambda tx: tx.timeline.for_order(ORDER)) == (
        TimelineEntry(
            at[0],
            EntryKind.DECISION,
            "fulfil and cancel",
            "1 × Enamel mug, −1 × Enamel mug",
            "Finn",
        ),
        TimelineEntry(at[0], EntryKind.SALE, "create order", "refused"),
        TimelineEntry(at[0], EntryKind.SALE, "create order"),
        TimelineEntry(at[1], EntryKind.EVENT, "order.accepted"),
        TimelineEntry(at[2], EntryKind.NOTE, "note", "rings twice", "Finn"),
        TimelineEntry(at[4], EntryKind.DECISION, "fulfil and cancel refused", "too many"),
        TimelineEntry(at[5], EntryKind.DECISION, "closed", "counted anew", "Abe"),
    )


async def test_an_order_nobody_touched_has_no_story(database: Database) -> None:
    assert await database.read(lambda tx: tx.timeline.for_order("none")) == ()
