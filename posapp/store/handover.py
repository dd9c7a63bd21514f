"""Orders whose goods wait at the shop for a customer who left before they were released (design
5).
"""

from __future__ import annotations

from sqlalchemy import delete, select

from posapp.store.rows import Repository, Upsert
from posapp.store.tables import handover

_PUT = Upsert(handover, "order_id sale_id", key="order_id")


class Handover(Repository):
    """Orders to hand over, with their sales."""

    __slots__ = ()

    def add(self, order_id: str, sale_id: str) -> None:
        """Remember that the customer comes back for this order."""
        _PUT.run(self._connection, [(order_id, sale_id)])
        self._tx.orders.reproject(order_id)

    def remove(self, order_id: str) -> None:
        """Forget it: handed over, or never to be."""
        self._connection.execute(delete(handover).where(handover.c.order_id == order_id))
        self._tx.orders.reproject(order_id)

    def all(self) -> tuple[tuple[str, str], ...]:
        """Return (order id, sale id) of each, by order id."""
        found = select(handover.c.order_id, handover.c.sale_id).order_by(handover.c.order_id)
        return tuple((row.order_id, row.sale_id) for row in self._connection.execute(found))
