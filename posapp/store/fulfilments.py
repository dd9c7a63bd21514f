"""Fulfilments as the service keeps them: the only truth about units that left or were dropped.

Never what we merely asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from posapp.domain.fulfilment import Fulfilment
from posapp.store.belongings import FULFILMENT
from posapp.store.rows import Repository, Upsert, micros
from posapp.store.tables import fulfilments

_PUT = Upsert(fulfilments, "id order_id created_at doc", key="id")


class Fulfilments(Repository):
    """Fulfilments by order."""

    __slots__ = ()

    def save(self, fulfilment: Fulfilment) -> None:
        """Insert or replace the fulfilment; its order's row follows."""
        self.save_all([fulfilment])

    def save_all(self, told: Iterable[Fulfilment]) -> None:
        """Insert or replace them all; their orders' rows follow."""
        every = list(told)
        _PUT.run(
            self._connection,
            [
                (one.id, one.order_id, micros(one.created_at), FULFILMENT.write(one))
                for one in every
            ],
        )
        for one in every:
            self._tx.orders.reproject(one.order_id)

    def for_order(self, order_id: str) -> tuple[Fulfilment, ...]:
        """Return the order's fulfilments, oldest first."""
        found = (
            select(fulfilments.c.doc)
            .where(fulfilments.c.order_id == order_id)
            .order_by(
                fulfilments.c.created_at.is_(None), fulfilments.c.created_at, fulfilments.c.id
            )
        )
        return tuple(FULFILMENT.read(doc) for doc in self._connection.execute(found).scalars())
