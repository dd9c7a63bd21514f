"""What people decided to ship or drop, until the service has confirmed it.

Never sends: `sync/outbox.py` does.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Select, and_, exists, func, or_, select, type_coerce

from posapp.domain.fulfilment import FulfilmentRequest
from posapp.domain.intent import BETWEEN_LOOKUPS, PATIENCE, Intent, IntentKind, IntentState
from posapp.store.belongings import REQUEST
from posapp.store.columns import to_micros
from posapp.store.intents import IS_OPEN, SELECTED, intent_of
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import intents, outbox

_PUT = Upsert(outbox, "request order_id intent_id added_at doc", key="request")
_ENTRIES = SELECTED.add_columns(outbox.c.doc).join(outbox, outbox.c.intent_id == intents.c.id)

Entry = tuple[FulfilmentRequest, Intent]


class Outbox(Repository):
    """Requests with their intents, by order, by key, by what is due."""

    __slots__ = ()

    def add(self, request: FulfilmentRequest, intent: Intent) -> None:
        """Put the decision in; from now on its units count as waiting.

        Call `tx.orders.lock` before checking it.

        Raises ValueError unless the intent is this request's.
        """
        if intent.kind is not IntentKind.FULFILMENT or intent.key != request.request:
            raise ValueError("the intent is not this request's")
        if intent.order_id != request.order_id:
            raise ValueError("intent and request name different orders")
        self._tx.intents.save(intent)
        added = to_micros(request.decided_at or intent.written_at)
        _PUT.run(
            self._connection,
            [(request.request, request.order_id, intent.id, added, REQUEST.write(request))],
        )

    def set_intent(self, intent: Intent) -> None:
        """Record how far the sending has got; the order's row follows. Raises ResourceTaken."""
        self._tx.intents.save(intent)

    def waiting(self, order_id: str) -> tuple[FulfilmentRequest, ...]:
        """Return the order's requests whose end is not known, oldest first."""
        wanted = _ENTRIES.where(outbox.c.order_id == order_id, IS_OPEN)
        return tuple(request for request, _intent in self._entries(wanted))

    def due(self, now: datetime, limit: int) -> tuple[Entry, ...]:
        """Return what the sender should take up now, oldest first; it must claim each before
        touching it.

        Written ones whose resource is free, ones in doubt that may be looked up again,
        and sending ones whose
        sender is gone: its claim ran out, or time limit and patience passed.
        """
        rival = intents.alias("rival")
        blocked = exists(
            select(rival.c.id).where(
                rival.c.resource == intents.c.resource,
                rival.c.resource != "",
                rival.c.id != intents.c.id,
                rival.c.state.in_(("sending", "unknown")),
            )
        )
        looked_long_ago = or_(
            intents.c.last_lookup_at.is_(None), intents.c.last_lookup_at <= now - BETWEEN_LOOKUPS
        )
        patience = PATIENCE.total_seconds()
        sent = type_coerce(intents.c.sent_at, BigInteger)
        given_up = sent + (intents.c.limit_s + patience) * 1_000_000 < to_micros(now)
        unclaimed = or_(intents.c.claim_until.is_(None), intents.c.claim_until <= now)
        state = intents.c.state
        ready = or_(
            and_(state == IntentState.WRITTEN.value, ~blocked),
            and_(state == IntentState.UNKNOWN.value, looked_long_ago),
            and_(
                state == IntentState.SENDING.value,
                or_(intents.c.claim_until.is_not(None), given_up),
            ),
        )
        return self._entries(_ENTRIES.where(IS_OPEN, unclaimed, ready).limit(limit))

    def entry(self, request_key: str) -> Entry | None:
        """Return the request with this key and its intent."""
        wanted = _ENTRIES.where(outbox.c.request == request_key)
        return next(iter(self._entries(wanted)), None)

    def count_waiting(self) -> int:
        """Return how many requests have no known end."""
        wanted = (
            select(func.count())
            .select_from(intents.join(outbox, outbox.c.intent_id == intents.c.id))
            .where(IS_OPEN)
        )
        return int(self._connection.execute(wanted).scalar_one())

    def history(self, order_id: str) -> tuple[Entry, ...]:
        """Return every request of the order, oldest first."""
        return self._entries(_ENTRIES.where(outbox.c.order_id == order_id))

    def _entries(self, statement: Select[tuple[object, ...]]) -> tuple[Entry, ...]:
        ordered = statement.order_by(intents.c.written_at, intents.c.id)
        found = self._connection.execute(ordered).mappings()
        return tuple((REQUEST.read(row["doc"]), intent_of(row)) for row in found)
