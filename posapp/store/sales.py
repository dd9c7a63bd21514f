"""Sales of a till, whole. What was sent of them, and what came of it, are their intents
(`store/intents.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select, text, update

from posapp.domain.sale import Sale
from posapp.store.codec import Document
from posapp.store.columns import to_micros
from posapp.store.counters import next_value
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import sale_orders, sales

SALE = Document(Sale)
_PUT = Upsert(
    sales,
    "id till number state started_at version doc",
    key="id",
    update="till number state started_at doc",
    bump="version",
)
_ORDERS = Upsert(sale_orders, "order_id sale_id live", key="order_id")
_TOUCH = text(
    "UPDATE sales SET version = version + 1 "
    "WHERE id IN (SELECT sale_id FROM sale_orders WHERE order_id = :order_id)"
)
_STORED = select(sales.c.id, sales.c.doc)
_ALIVE = text("state NOT IN ('done', 'discarded')")


class Sales(Repository):
    """Sales by id, by till and by order."""

    __slots__ = ()

    def save(self, sale: Sale, *, till: str) -> None:
        """Insert the sale or replace it whole."""
        document = SALE.write(sale)
        started = to_micros(sale.started_at)
        _PUT.run(
            self._connection,
            [(sale.id, till, sale.number, sale.state.value, started, 1, document)],
        )
        told = [(order_id, sale.id, False) for order_id in sale.superseded]
        if sale.order_id:
            told.append((sale.order_id, sale.id, True))
        _ORDERS.run(self._connection, told)

    def get(self, sale_id: str) -> Sale | None:
        """Return the sale."""
        return next(iter(self._sales(_STORED.where(sales.c.id == sale_id))), None)

    def open_sale(self, till: str = "") -> Sale | None:
        """Return the sale in hand at this till: open, placing or unknown; the youngest, should
        there be several. Without `till` of whatever name, for a till may be called anew.
        """
        found = (
            _STORED.where(_ALIVE, sales.c.state.in_(("open", "placing", "unknown")))
            .order_by(sales.c.started_at.desc(), sales.c.number.desc())
            .limit(1)
        )
        if till:
            found = found.where(sales.c.till == till)
        return next(iter(self._sales(found)), None)

    def held(self) -> tuple[Sale, ...]:
        """Return the sales put aside, oldest first."""
        return self._in_states("held")

    def unsettled(self) -> tuple[Sale, ...]:
        """Return the sales of which an order may exist, oldest first."""
        return self._in_states("placing", "unknown")

    def by_order(self, order_id: str) -> Sale | None:
        """Return the sale that made this order, live or superseded."""
        made = select(sale_orders.c.sale_id).where(sale_orders.c.order_id == order_id)
        return next(iter(self._sales(_STORED.where(sales.c.id == made.scalar_subquery()))), None)

    def next_number(self) -> int:
        """Return a number no sale of this journal has had."""
        return next_value(self._connection, "sale number")

    def recent(self, limit: int) -> tuple[Sale, ...]:
        """Return the newest sales, newest first."""
        newest = _STORED.order_by(sales.c.started_at.desc(), sales.c.number.desc()).limit(limit)
        return self._sales(newest)

    def touch(self, order_id: str) -> None:
        """Have the sale of this order copied to the shared store once more."""
        self._connection.execute(_TOUCH, {"order_id": order_id})

    def uncopied(self, limit: int) -> tuple[tuple[Sale, str, int], ...]:
        """Return (sale, till, version) of sales changed since they were copied to the shared
        store, oldest first.
        """
        found = self._connection.execute(
            select(sales.c.id, sales.c.till, sales.c.version)
            .where(text("version <> copied_version"))
            .order_by(sales.c.started_at)
            .limit(limit)
        ).all()
        these = _STORED.where(sales.c.id.in_([row.id for row in found]))
        whole: dict[str, Sale] = {sale.id: sale for sale in self._sales(these)}
        return tuple((whole[row.id], row.till, row.version) for row in found)

    def mark_copied(self, copied: Iterable[tuple[str, int]]) -> None:
        """Remember which version of which sale the shared store holds."""
        for sale_id, version in copied:
            self._connection.execute(
                update(sales).where(sales.c.id == sale_id).values(copied_version=version)
            )

    def _in_states(self, *states: str) -> tuple[Sale, ...]:
        return self._sales(
            _STORED.where(_ALIVE, sales.c.state.in_(states)).order_by(
                sales.c.started_at, sales.c.number
            )
        )

    def _sales(self, statement: Select[tuple[str, str]]) -> tuple[Sale, ...]:
        return tuple(SALE.read(row.doc) for row in self._connection.execute(statement))
