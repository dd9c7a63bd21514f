"""Writes that were decided, from pen to proof (design 6).

Never lets two writes to one remote thing be in flight at once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, Select, or_, select, text, update

from posapp.domain.intent import Intent, IntentId, IntentKind, IntentState
from posapp.store.columns import to_micros
from posapp.store.rows import Repository, Row, Upsert, micros
from posapp.store.tables import intents

_COLUMNS = (
    "id kind resource key body written_at state sale_id order_id limit_s sent_at settled_at "
    "missed_lookups first_missed_at last_lookup_at remote_id reason"
)
_PUT = Upsert(intents, _COLUMNS, key="id")
# The same words as in the partial indexes, or neither engine would use them.
IS_OPEN = text("intents.state IN ('written', 'sending', 'unknown')")
IS_IN_FLIGHT = text("intents.state IN ('sending', 'unknown') AND intents.resource <> ''")
SELECTED = select(*(intents.c[name] for name in _COLUMNS.split()))


def _row(intent: Intent) -> Row:
    return (
        intent.id,
        intent.kind.value,
        intent.resource,
        intent.key,
        intent.body,
        to_micros(intent.written_at),
        intent.state.value,
        intent.sale_id,
        intent.order_id,
        intent.limit_s,
        micros(intent.sent_at),
        micros(intent.settled_at),
        intent.missed_lookups,
        micros(intent.first_missed_at),
        micros(intent.last_lookup_at),
        intent.remote_id,
        intent.reason,
    )


def intent_of(row: RowMapping) -> Intent:
    """Return the intent in a row of `SELECTED`."""
    return Intent(
        id=IntentId(row["id"]),
        kind=IntentKind(row["kind"]),
        resource=row["resource"],
        key=row["key"],
        body=row["body"],
        written_at=row["written_at"],
        state=IntentState(row["state"]),
        sale_id=row["sale_id"],
        order_id=row["order_id"],
        limit_s=row["limit_s"],
        sent_at=row["sent_at"],
        settled_at=row["settled_at"],
        missed_lookups=row["missed_lookups"],
        first_missed_at=row["first_missed_at"],
        last_lookup_at=row["last_lookup_at"],
        remote_id=row["remote_id"],
        reason=row["reason"],
    )


class Intents(Repository):
    """Intents by id, by what they belong to, by what is still open."""

    __slots__ = ()

    def save(self, *those: Intent) -> None:
        """Insert or replace intents; their claims stay.

        Raises ResourceTaken when it is to be sent while another write to the same
        resource is sending or unknown.
        """
        _PUT.run(self._connection, [_row(intent) for intent in those])
        for intent in those:
            if intent.kind is IntentKind.FULFILMENT and intent.order_id:
                self._tx.orders.reproject(intent.order_id)

    def get(self, intent_id: str) -> Intent | None:
        """Return the intent with this id."""
        return next(iter(self._intents(SELECTED.where(intents.c.id == intent_id))), None)

    def open(self) -> tuple[Intent, ...]:
        """Return every intent whose end is not known, oldest first."""
        return self._intents(SELECTED.where(IS_OPEN))

    def open_for(
        self, *, sale_id: str = "", order_id: str = "", resource: str = ""
    ) -> tuple[Intent, ...]:
        """Return the open intents of a sale, an order or a remote resource, oldest first."""
        wanted = SELECTED.where(IS_OPEN)
        for column, value in (
            (intents.c.sale_id, sale_id),
            (intents.c.order_id, order_id),
            (intents.c.resource, resource),
        ):
            if value:
                wanted = wanted.where(column == value)
        return self._intents(wanted)

    def for_sale(self, sale_id: str) -> tuple[Intent, ...]:
        """Return every intent of a sale, open or not, oldest first."""
        return self._intents(SELECTED.where(intents.c.sale_id == sale_id))

    def unknown(self) -> tuple[Intent, ...]:
        """Return the intents in doubt, oldest first."""
        return self._intents(SELECTED.where(IS_OPEN, intents.c.state == IntentState.UNKNOWN.value))

    def is_free(self, resource: str) -> bool:
        """Say whether no write to this resource is sending or unknown."""
        taken = select(intents.c.id).where(IS_IN_FLIGHT, intents.c.resource == resource).limit(1)
        return self._connection.execute(taken).first() is None

    def claim(self, intent_id: str, holder: str, until: datetime, now: datetime) -> bool:
        """Take an open intent for `holder` until then; False when somebody else's claim still
        holds at `now`.
        """
        taken = self._connection.execute(
            update(intents)
            .where(intents.c.id == intent_id, IS_OPEN)
            .where(
                or_(
                    intents.c.holder == holder,
                    intents.c.claim_until.is_(None),
                    intents.c.claim_until <= now,
                )
            )
            .values(holder=holder, claim_until=until)
        )
        return taken.rowcount == 1

    def unclaim(self, intent_id: str, holder: str) -> None:
        """Give a claim of `holder` back."""
        self._connection.execute(
            update(intents)
            .where(intents.c.id == intent_id, intents.c.holder == holder)
            .values(holder="", claim_until=None)
        )

    def _intents(self, statement: Select[tuple[object, ...]]) -> tuple[Intent, ...]:
        ordered = statement.order_by(intents.c.written_at, intents.c.id)
        return tuple(intent_of(row) for row in self._connection.execute(ordered).mappings())
