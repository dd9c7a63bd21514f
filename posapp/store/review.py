"""What a manager must look at: read from indexed columns, acknowledged things left out.

Never decides a review.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, text

from posapp.domain.intent import IntentKind, IntentState
from posapp.domain.money import Money
from posapp.domain.order import Outlook
from posapp.domain.review import Concern, ReviewItem
from posapp.domain.stopped import STOPPED
from posapp.store.intents import IS_OPEN
from posapp.store.rows import Repository
from posapp.store.tables import decisions, intents, orders, sale_orders

UNPAID_AFTER = timedelta(hours=24)
"""How long an order may wait for its payment before a manager is asked to look."""

_BY_OUTLOOK = {
    Outlook.IN_REVIEW: Concern.IN_REVIEW,
    Outlook.BLOCKED: Concern.BLOCKED,
    Outlook.AWAITING_PAYMENT: Concern.UNPAID,
    Outlook.PAYMENT_FAILED: Concern.PAYMENT_FAILED,
    Outlook.CAPTURE_FAILED: Concern.CAPTURE_FAILED,
    Outlook.DISPUTE: Concern.DISPUTE,
}
_SHOWN = (
    orders.c.order_id,
    orders.c.sale_number,
    orders.c.buyer,
    orders.c.total_minor,
    orders.c.currency,
    orders.c.since,
    orders.c.notes,
    orders.c.outlook,
    orders.c.raw_state,
)
_IS_REFUSED = text("intents.state = 'refused'")


def _acknowledged(
    concern: Concern, since: Any, *subjects: ColumnElement[str]
) -> ColumnElement[bool]:
    """A decision about it that is not older than the concern itself."""
    return exists(
        select(decisions.c.num).where(
            decisions.c.subject.in_(subjects),
            decisions.c.subject != "",
            decisions.c.concern == concern.value,
            decisions.c.at >= since,
        )
    )


class Review(Repository):
    """The items of the Review screen."""

    __slots__ = ()

    def items(self, now: datetime) -> tuple[ReviewItem, ...]:
        """Return what nobody has acknowledged yet, oldest first."""
        self._tx.orders.flush()
        found = [*self._orders(now), *self._superseded(), *self._intents()]
        return tuple(sorted(found, key=lambda item: (item.since, item.order_id, item.intent_id)))

    def _orders(self, now: datetime) -> Iterable[ReviewItem]:
        for outlook, concern in _BY_OUTLOOK.items():
            wanted = select(*_SHOWN).where(
                orders.c.outlook == outlook.value,
                ~_acknowledged(concern, orders.c.since, orders.c.order_id),
            )
            if concern is Concern.UNPAID:
                wanted = wanted.where(orders.c.since <= now - UNPAID_AFTER)
            for row in self._connection.execute(wanted):
                yield _of_order(row, concern)

    def _superseded(self) -> Iterable[ReviewItem]:
        wanted = (
            select(*_SHOWN, sale_orders.c.sale_id)
            .join(sale_orders, sale_orders.c.order_id == orders.c.order_id)
            .where(text("NOT sale_orders.live"))
            .where(orders.c.state.in_(("accepted", "fulfilled", "complete")))
            .where(~_acknowledged(Concern.SUPERSEDED_ALIVE, orders.c.since, orders.c.order_id))
        )
        for row in self._connection.execute(wanted):
            yield _of_order(row, Concern.SUPERSEDED_ALIVE, sale_id=row.sale_id)

    def _intents(self) -> Iterable[ReviewItem]:
        unknown = and_(IS_OPEN, intents.c.state == IntentState.UNKNOWN.value)
        # A refused sale is told to the clerk on the spot; a refused fulfilment happens
        # behind everybody's back.
        refused = and_(_IS_REFUSED, intents.c.kind == IntentKind.FULFILMENT.value)
        by_us = intents.c.reason == STOPPED
        for concern, condition in (
            (Concern.UNKNOWN_INTENT, unknown),
            (Concern.REFUSED_INTENT, and_(refused, ~by_us)),
            (Concern.STOPPED_INTENT, and_(refused, by_us)),
        ):
            began = intents.c.written_at
            wanted = (
                select(
                    intents,
                    orders.c.sale_number,
                    orders.c.buyer,
                    orders.c.total_minor,
                    orders.c.currency,
                    orders.c.notes,
                )
                .select_from(intents.outerjoin(orders, orders.c.order_id == intents.c.order_id))
                .where(condition)
                .where(or_(intents.c.order_id != "", intents.c.sale_id != ""))
                .where(
                    ~_acknowledged(
                        concern, began, intents.c.id, intents.c.order_id, intents.c.sale_id
                    )
                )
            )
            for row in self._connection.execute(wanted):
                yield _of_intent(row, concern)


def _of_order(row: Any, concern: Concern, sale_id: str = "") -> ReviewItem:
    return ReviewItem(
        concern=concern,
        since=row.since,
        order_id=row.order_id,
        sale_id=sale_id,
        sale_number=row.sale_number,
        buyer=row.buyer,
        total=Money(row.total_minor, row.currency),
        notes=row.notes,
        facts=(("state", row.raw_state),),
    )


def _of_intent(row: Any, concern: Concern) -> ReviewItem:
    facts = [("key", row.key)]
    if row.reason != STOPPED:  # what was never sent has neither a name there nor a reason
        facts.insert(0, ("kind", row.kind))
        facts += [("reason", row.reason)] if row.reason else []
    if row.missed_lookups:
        facts.append(("missed look-ups", str(row.missed_lookups)))
    return ReviewItem(
        concern=concern,
        since=row.settled_at or row.sent_at or row.written_at,
        order_id=row.order_id,
        sale_id=row.sale_id,
        intent_id=row.id,
        sale_number=row.sale_number or "",
        buyer=row.buyer or "",
        total=None if row.currency is None else Money(row.total_minor, row.currency),
        notes=row.notes or 0,
        facts=tuple(facts),
    )
