"""Sales of a till, whole, and the ledger of their steps.

Never forgets a step: the ledger only grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import RowMapping, Select, bindparam, select, text, update

from posapp.domain.sale import LedgerEntry, Sale
from posapp.store.codec import Document
from posapp.store.columns import to_micros
from posapp.store.counters import next_value
from posapp.store.rows import Repository, Row, Upsert, chunks, micros
from posapp.store.tables import sale_ledger, sale_orders, sales

SALE = Document(Sale)
_PUT = Upsert(
    sales,
    "id till number state started_at version doc",
    key="id",
    update="till number state started_at doc",
    bump="version",
)
# A second saving of a step fills its answer in and never takes one away.
_LOG = Upsert(
    sale_ledger,
    "sale_id step attempt sent_at answered_at outcome remote_id",
    key="sale_id step attempt",
    update="answered_at outcome remote_id",
    where="excluded.answered_at IS NOT NULL",
)
_ORDERS = Upsert(sale_orders, "order_id sale_id live", key="order_id")
_TOUCH = text("UPDATE sales SET version = version + 1 WHERE id = :id")
_STORED = select(sales.c.id, sales.c.doc)
_ALIVE = text("state NOT IN ('done', 'discarded')")
_LEDGER = (
    select(sale_ledger)
    .where(sale_ledger.c.sale_id.in_(bindparam("ids", expanding=True)))
    .order_by(sale_ledger.c.num)
)


def _logged(sale_id: str, entry: LedgerEntry) -> Row:
    return (
        sale_id,
        entry.step,
        entry.attempt,
        to_micros(entry.sent_at),
        micros(entry.answered_at),
        entry.outcome,
        entry.remote_id,
    )


def _entry(row: RowMapping) -> LedgerEntry:
    return LedgerEntry(
        step=row["step"],
        attempt=row["attempt"],
        sent_at=row["sent_at"],
        answered_at=row["answered_at"],
        outcome=row["outcome"],
        remote_id=row["remote_id"],
    )


class Sales(Repository):
    """Sales by id, by till and by order."""

    __slots__ = ()

    def save(self, sale: Sale, *, till: str) -> None:
        """Insert the sale or replace it whole; steps in its ledger that are not known yet are
        added.
        """
        document = SALE.write(replace(sale, ledger=()) if sale.ledger else sale)
        started = to_micros(sale.started_at)
        _PUT.run(
            self._connection,
            [(sale.id, till, sale.number, sale.state.value, started, 1, document)],
        )
        if sale.ledger:
            _LOG.run(self._connection, [_logged(sale.id, entry) for entry in sale.ledger])
        told = [(order_id, sale.id, False) for order_id in sale.superseded]
        if sale.order_id:
            told.append((sale.order_id, sale.id, True))
        _ORDERS.run(self._connection, told)

    def get(self, sale_id: str) -> Sale | None:
        """Return the sale with its ledger."""
        return next(iter(self._sales(_STORED.where(sales.c.id == sale_id))), None)

    def open_sale(self, till: str) -> Sale | None:
        """Return the sale in hand at this till: open, placing or unknown; the youngest, should
        there be several.
        """
        found = (
            _STORED.where(_ALIVE, sales.c.state.in_(("open", "placing", "unknown")))
            .where(sales.c.till == till)
            .order_by(sales.c.started_at.desc(), sales.c.number.desc())
            .limit(1)
        )
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

    def log(self, sale_id: str, entry: LedgerEntry) -> None:
        """Append a step. Logged again, a step only takes its answer."""
        _LOG.run(self._connection, [_logged(sale_id, entry)])
        self._connection.execute(_TOUCH, {"id": sale_id})

    def answer(
        self,
        sale_id: str,
        step: str,
        attempt: int,
        answered_at: datetime,
        outcome: str,
        remote_id: str,
    ) -> None:
        """Fill in what came of a step. An answer whose sending was never logged is kept as well."""
        at = to_micros(answered_at)
        _LOG.run(self._connection, [(sale_id, step, attempt, at, at, outcome, remote_id)])
        self._connection.execute(_TOUCH, {"id": sale_id})

    def ledger(self, sale_id: str) -> tuple[LedgerEntry, ...]:
        """Return the steps of a sale in the order they were taken."""
        found = self._connection.execute(_LEDGER, {"ids": [sale_id]}).mappings()
        return tuple(_entry(row) for row in found)

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
        found = self._connection.execute(statement).all()
        ledgers = self._ledgers([row.id for row in found])
        return tuple(replace(SALE.read(row.doc), ledger=ledgers.get(row.id, ())) for row in found)

    def _ledgers(self, sale_ids: Sequence[str]) -> dict[str, tuple[LedgerEntry, ...]]:
        ledgers: dict[str, tuple[LedgerEntry, ...]] = {}
        for part in chunks(sale_ids):
            for row in self._connection.execute(_LEDGER, {"ids": part}).mappings():
                ledgers[row["sale_id"]] = (*ledgers.get(row["sale_id"], ()), _entry(row))
        return ledgers
