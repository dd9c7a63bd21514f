"""The mirror of orders and the rows of the queue.

Written only from what the service said; rows follow by themselves.

Saving puts the row's recomputation off to the end of the transaction, so that a batch costs a few
statements.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select, text

from posapp.domain.making import maker
from posapp.domain.money import Money
from posapp.domain.order import Order, OrderState, Outlook
from posapp.domain.queue import Cursor, OrderRow, Page, View
from posapp.store import counters
from posapp.store.belongings import ORDER, belongings, documents
from posapp.store.columns import from_micros, to_micros
from posapp.store.projection import (
    COLUMNS,
    Belongings,
    created_of,
    free_places,
    place_in_time,
    row_of,
)
from posapp.store.rows import Repository, Row, Upsert, chunks, fetched, these
from posapp.store.search import Newest
from posapp.store.tables import order_documents, orders

_PUT_ROW = Upsert(orders, COLUMNS, key="order_id")
_PUT_DOCUMENT = Upsert(order_documents, "order_id doc", key="order_id")
_ALIVE = text("state NOT IN ('complete', 'cancelled', 'blocked', 'returned')")
_COUNTER = "orders"
_ROW_COLUMNS = (
    "order_id state raw_state outlook sale_number buyer email line_count units open_units sending "
    "total_minor currency created_at updated_at to_hand_over claimed_by claim_until notes place"
)
_NEWEST = Newest(orders, "place", _ROW_COLUMNS, within="view")
_THESE = "SELECT {columns} FROM orders WHERE order_id {{these}} ORDER BY place DESC".format(
    columns=", ".join(_ROW_COLUMNS.split())
)
_STATES = {state.value: state for state in OrderState}
_made, _money = maker(OrderRow), maker(Money)
_OUTLOOKS = {outlook.value: outlook for outlook in Outlook}


def _row(row: Row) -> OrderRow:
    """Return the row of the queue; its values come in the order of `_ROW_COLUMNS`."""
    (
        order_id, state, raw_state, ahead, sale_number, buyer, email, lines, units, open_units,
        sending, minor, currency, created, updated, to_hand_over, claimed_by, claim_until, notes,
        _place,
    ) = row  # fmt: skip
    created_at = from_micros(created)
    return _made(
        order_id,
        _STATES[state],
        raw_state,
        _OUTLOOKS[ahead],
        sale_number,
        buyer,
        email,
        lines,
        units,
        open_units,
        _money(minor, currency),
        created_at,
        created_at if updated == created else None if updated is None else from_micros(updated),
        sending,
        to_hand_over == 1,
        claimed_by,
        None if claim_until is None else from_micros(claim_until),
        notes,
    )


def _place(row: Row) -> int:
    return int(row[-1])


class Orders(Repository):
    """Orders by id and checkout, and the queue by view and words."""

    __slots__ = ("_put_off",)

    def __init__(self, tx: Any) -> None:
        super().__init__(tx)
        self._put_off: dict[str, tuple[Order | None, int | None]] = {}

    # -------------------------------------------------------------- the mirror
    def save(self, order: Order, seen_at: datetime) -> None:
        """Keep the order as the service told it at `seen_at`; its row follows within the
        transaction.
        """
        self._put_off[order.id] = (order, to_micros(seen_at))

    def get(self, order_id: str) -> Order | None:
        """Return the order as last told."""
        if order_id in self._put_off and (waiting := self._put_off[order_id][0]) is not None:
            return waiting
        return documents(self._connection, [order_id]).get(order_id)

    def many(self, order_ids: Iterable[str]) -> dict[str, Order]:
        """Return those of these orders that are known, by id: for whoever applies a batch."""
        self.flush()
        known: dict[str, Order] = {}
        for part in chunks(order_ids):
            known |= documents(self._connection, part)
        return known

    def seen_at(self, order_id: str) -> datetime | None:
        """Return when the service last told us of this order."""
        self.flush()
        found = select(orders.c.seen_at).where(orders.c.order_id == order_id)
        return self._connection.execute(found).scalar()

    def by_checkout(self, checkout_id: str) -> Order | None:
        """Return the order made from this checkout; a checkout is spent once."""
        self.flush()
        found = (
            select(orders.c.order_id)
            .where(orders.c.checkout_id == checkout_id)
            .order_by(orders.c.place.desc())
            .limit(1)
        )
        order_id = self._connection.execute(found).scalar()
        return None if order_id is None else self.get(order_id)

    def newest(self, count: int) -> tuple[str, ...]:
        """Return the ids of the orders made last, newest first."""
        self.flush()
        found = select(orders.c.order_id).order_by(orders.c.place.desc()).limit(count)
        return tuple(self._connection.execute(found).scalars())

    def stale(self, older_than: datetime, limit: int) -> tuple[str, ...]:
        """Return ids of orders that can still change and were last told before then, longest
        unseen first.
        """
        self.flush()
        found = (
            select(orders.c.order_id)
            .where(_ALIVE, orders.c.seen_at < older_than)
            .order_by(orders.c.seen_at)
            .limit(limit)
        )
        return tuple(self._connection.execute(found).scalars())

    def lock(self, order_id: str) -> None:
        """Make other writers of this order wait for our commit. SQLite has one writer anyway."""
        self.flush()
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(
                select(orders.c.place).where(orders.c.order_id == order_id).with_for_update()
            )

    # -------------------------------------------------------------- the queue
    def rows(
        self, view: View = View.ALL, after: Cursor | None = None, limit: int = 100, search: str = ""
    ) -> Page:
        """Return the next rows of a view, newest first, in which every typed word begins a word.

        Words are sought in order id, sale number, buyer and e-mail.
        """
        self.flush()
        within = None if view is View.ALL else view.value
        found = self._below(after, limit, search, within)
        rows = tuple([_row(each) for each in found[:limit]])
        more = len(found) > limit
        return Page(rows, Cursor(rows[-1].created_at, rows[-1].order_id) if more else None)

    def _below(
        self, after: Cursor | None, limit: int, search: str, within: str | None
    ) -> list[Row]:
        """Return up to one row more than `limit` below the cursor.

        Nearly always the order it names still stands where its time says: then it comes first.
        """
        find = partial(_NEWEST.find, self._connection, search, within=within)
        if after is None:
            return find(limit=limit + 1)
        expected = place_in_time(to_micros(after.created_at), after.order_id)
        found = find(limit=limit + 2, before=expected + 1)
        if found and found[0][0] == after.order_id:
            return found[1:]
        return find(limit=limit + 1, before=self._place_of(after, expected))

    def row(self, order_id: str) -> OrderRow | None:
        """Return the order's row in the queue."""
        return next(iter(self.rows_of([order_id])), None)

    def rows_of(self, order_ids: Iterable[str]) -> tuple[OrderRow, ...]:
        """Return the rows of these orders, newest first: for a screen that refreshes what
        changed.
        """
        self.flush()
        found: list[Row] = []
        for part in chunks(order_ids):
            found += these(self._connection, _THESE, part)
        return tuple(_row(row) for row in sorted(found, key=_place, reverse=True))

    def counts(self) -> dict[View, int]:
        """Return how many orders stand in each view."""
        self.flush()
        found = self._connection.execute(
            select(orders.c.view, func.count())
            .where(orders.c.view.is_not(None))
            .group_by(orders.c.view)
        ).all()
        counted = {View(name): int(number) for name, number in found}
        counted[View.ALL] = counters.value(self._connection, _COUNTER)
        return {view: counted.get(view, 0) for view in View}

    # -------------------------------------------------------------- rows follow
    def reproject(self, order_id: str) -> None:
        """Recompute the order's row within this transaction; an order we do not know has none."""
        self._put_off.setdefault(order_id, (None, None))

    def flush(self) -> None:
        """Write what was put off.

        Every question about rows does so first, and so does the commit.
        """
        while self._put_off:
            some = dict(list(self._put_off.items())[:500])
            for order_id in some:
                del self._put_off[order_id]
            self._write(some)

    def _write(self, told: dict[str, tuple[Order | None, int | None]]) -> None:
        missing = [order_id for order_id, (order, _at) in told.items() if order is None]
        stored = documents(self._connection, missing) if missing else {}
        told = {
            order_id: (order, at)
            for order_id, (order, at) in told.items()
            if order is not None or order_id in stored
        }
        if not told:
            return
        held = belongings(self._connection, list(told))
        for order_id, (order, seen_at) in told.items():
            mine = held[order_id]
            mine.order = order or stored.get(order_id)
            mine.seen_at = seen_at if seen_at is not None else mine.seen_at
        known = {order_id: mine for order_id, mine in held.items() if mine.order is not None}
        _PUT_ROW.run(self._connection, self._projected(known))
        _PUT_DOCUMENT.run(
            self._connection,
            [(order.id, ORDER.write(order)) for order, _at in told.values() if order is not None],
        )
        added = sum(mine.place is None for mine in known.values())
        if added:
            counters.next_value(self._connection, _COUNTER, added)

    def _projected(self, known: dict[str, Belongings]) -> list[Row]:
        created: dict[str, int] = {}
        to_place: list[tuple[str, int]] = []
        for order_id, mine in known.items():
            assert mine.order is not None and mine.seen_at is not None
            created[order_id] = created_of(mine.order, mine, mine.seen_at)
            if mine.place is None or mine.created_at != created[order_id]:
                to_place.append((order_id, place_in_time(created[order_id], order_id)))
        places = self._places(to_place)
        return [
            row_of(
                mine.order,
                mine,
                places.get(order_id, mine.place or 0),
                created[order_id],
                mine.seen_at,
            )
            for order_id, mine in known.items()
            if mine.order is not None and mine.seen_at is not None
        ]

    def _places(self, wanted: list[tuple[str, int]]) -> dict[str, int]:
        if not wanted:
            return {}
        first = [place for _order_id, place in wanted]
        # A tie needs the same millisecond and the same 20 bits; a run of ties is never long.
        near = select(orders.c.place).where(
            orders.c.place.in_([place + step for place in first for step in range(2)])
        )
        return free_places(wanted, set(self._connection.execute(near).scalars()))

    def _place_of(self, cursor: Cursor, expected: int) -> int:
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        wanted = f"SELECT place FROM orders WHERE order_id = {mark}"
        found = fetched(self._connection, wanted, (cursor.order_id,))
        return int(found[0][0]) if found else expected
