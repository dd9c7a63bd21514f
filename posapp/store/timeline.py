"""What happened to an order: the service's events, our requests and decisions, notes, the sale's
steps.

Never writes.
"""

from __future__ import annotations

from collections.abc import Iterable

from posapp.domain.fulfilment import FulfilmentRequest
from posapp.domain.intent import IntentKind, IntentState
from posapp.domain.order import Order
from posapp.domain.timeline import EntryKind, TimelineEntry
from posapp.store.rows import Repository


class Timeline(Repository):
    """Timelines by order."""

    __slots__ = ()

    def for_order(self, order_id: str) -> tuple[TimelineEntry, ...]:
        """Return everything known to have happened to the order, oldest first."""
        entries = [
            *self._events(order_id),
            *self._requests(order_id),
            *self._decisions(order_id),
            *self._notes(order_id),
            *self._sale(order_id),
        ]
        return tuple(sorted(entries, key=lambda entry: entry.at))

    def _events(self, order_id: str) -> Iterable[TimelineEntry]:
        for _id, kind, created_at in self._tx.inbox.for_order(order_id):
            yield TimelineEntry(created_at, EntryKind.EVENT, kind)

    def _requests(self, order_id: str) -> Iterable[TimelineEntry]:
        order = self._tx.orders.get(order_id)
        for request, intent in self._tx.outbox.history(order_id):
            what = _word(request)
            yield TimelineEntry(
                at=request.decided_at or intent.written_at,
                kind=EntryKind.DECISION,
                what=what,
                text=_units(request, order),
                who=request.decided_by,
            )
            if intent.settled_at is not None and intent.state is not IntentState.DONE:
                yield TimelineEntry(
                    at=intent.settled_at,
                    kind=EntryKind.DECISION,
                    what=f"{what} {intent.state.value}",
                    text=intent.reason,
                )

    def _decisions(self, order_id: str) -> Iterable[TimelineEntry]:
        for decision in self._tx.decisions.for_order(order_id):
            yield TimelineEntry(
                decision.at, EntryKind.DECISION, decision.outcome, decision.reason, decision.who
            )

    def _notes(self, order_id: str) -> Iterable[TimelineEntry]:
        for note in self._tx.notes.for_order(order_id):
            yield TimelineEntry(note.written_at, EntryKind.NOTE, "note", note.text, note.author)

    def _sale(self, order_id: str) -> Iterable[TimelineEntry]:
        sale = self._tx.sales.by_order(order_id)
        if sale is None:
            return
        for intent in self._tx.intents.for_sale(sale.id):
            if intent.kind is IntentKind.FULFILMENT:
                continue  # a request of the outbox, told above
            yield TimelineEntry(
                intent.sent_at or intent.written_at,
                EntryKind.SALE,
                intent.kind.value,
                "" if intent.state is IntentState.DONE else intent.state.value,
            )


def _word(request: FulfilmentRequest) -> str:
    ships = any(item.quantity for item in request.items)
    drops = any(item.cancel_quantity for item in request.items)
    if ships and drops:
        return "fulfil and cancel"
    return "cancel" if drops else "fulfil"


def _units(request: FulfilmentRequest, order: Order | None) -> str:
    """The request in signs that need no translation: `2 × Widget, −1 × Cable, 1Z999`."""
    parts = []
    for item in request.items:
        line = order.line(item.line_id) if order is not None else None
        name = (line.name or line.sku) if line is not None else item.line_id
        if item.quantity:
            parts.append(f"{item.quantity} × {name}")
        if item.cancel_quantity:
            parts.append(f"−{item.cancel_quantity} × {name}")
    if request.tracking.number:
        parts.append(request.tracking.number)
    return ", ".join(parts)
