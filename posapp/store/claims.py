"""Who works on which order right now: a lease with an end, so that nobody blocks an order by
going home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text

from posapp.store.columns import to_micros
from posapp.store.rows import Repository
from posapp.store.tables import claims

_TAKE = (
    "INSERT INTO claims (order_id, holder, till, until) VALUES (:order_id, :holder, :till, :until) "
    "ON CONFLICT (order_id) DO UPDATE SET holder = excluded.holder, till = excluded.till, "
    "until = excluded.until"
)
_TAKE_FREE = text(f"{_TAKE} WHERE claims.until <= :now OR claims.holder = excluded.holder")
_TAKE_OVER = text(_TAKE)


@dataclass(frozen=True, slots=True)
class Claim:
    """`holder` at `till` works on the order; after `until` it is anybody's."""

    order_id: str
    holder: str
    till: str
    until: datetime


class Claims(Repository):
    """Claims by order."""

    __slots__ = ()

    def take(
        self,
        order_id: str,
        holder: str,
        till: str,
        until: datetime,
        now: datetime,
        *,
        take_over: bool = False,
    ) -> bool:
        """Claim the order or prolong the claim; False while somebody else's holds.

        `take_over` takes it from anybody.
        """
        wanted = {"order_id": order_id, "holder": holder, "till": till, "until": to_micros(until)}
        if take_over:
            taken = self._connection.execute(_TAKE_OVER, wanted)
        else:
            taken = self._connection.execute(_TAKE_FREE, wanted | {"now": to_micros(now)})
        self._tx.orders.reproject(order_id)
        return taken.rowcount == 1

    def get(self, order_id: str) -> Claim | None:
        """Return the last claim on the order, which may have ended."""
        found = self._connection.execute(select(claims).where(claims.c.order_id == order_id))
        row = found.mappings().first()
        if row is None:
            return None
        return Claim(row["order_id"], row["holder"], row["till"], row["until"])

    def of(self, holder: str) -> tuple[Claim, ...]:
        """Return the last claims of this person, ended ones among them."""
        found = select(claims).where(claims.c.holder == holder).order_by(claims.c.order_id)
        return tuple(
            Claim(row["order_id"], row["holder"], row["till"], row["until"])
            for row in self._connection.execute(found).mappings()
        )

    def release(self, order_id: str, holder: str = "") -> None:
        """End the claim of `holder`, or whoever's it is."""
        ended = delete(claims).where(claims.c.order_id == order_id)
        self._connection.execute(ended.where(claims.c.holder == holder) if holder else ended)
        self._tx.orders.reproject(order_id)
