"""From the till's journal to the shared store: sales as they change, and what was kept on the till
while the store was away (design 1). Never copies a write in doubt: the till settles its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from posapp.domain.changes import OrdersChanged
from posapp.domain.order import Order, merge
from posapp.domain.sale import Sale

if TYPE_CHECKING:
    from posapp.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class KeptSale:
    """A sale with what its till kept for the shared store."""

    sale: Sale
    till: str
    version: int
    order: Order | None
    order_seen_at: datetime | None
    is_to_hand_over: bool


def kept_sales(tx: Tx, limit: int) -> tuple[KeptSale, ...]:
    """Return, from the journal, the sales changed since they were copied, oldest first."""
    waiting = {order_id for order_id, _sale in tx.handover.all()}
    return tuple(
        KeptSale(
            sale,
            till,
            version,
            tx.orders.get(sale.order_id) if sale.order_id else None,
            tx.orders.seen_at(sale.order_id) if sale.order_id else None,
            sale.order_id in waiting,
        )
        for sale, till, version in tx.sales.uncopied(limit)
    )


def take_over(tx: Tx, kept: Sequence[KeptSale]) -> None:
    """Write them into the shared store; what is newer there stays."""
    changed = set()
    for one in kept:
        tx.sales.save(one.sale, till=one.till)
        buyer = one.sale.customer
        if buyer is not None and buyer.id is not None and tx.customers.get(buyer.id) is None:
            tx.customers.save(buyer)
        if one.order is not None and one.order_seen_at is not None:
            merged = merge(tx.orders.get(one.order.id), one.order)
            if merged.changed:
                tx.orders.save(merged.order, one.order_seen_at)
                changed.add(str(one.order.id))
            tx.inbox.want([one.order.id])  # it may be long ago that the till read it
        if one.is_to_hand_over and not tx.outbox.history(one.sale.order_id):
            tx.handover.add(one.sale.order_id, one.sale.id)
            changed.add(one.sale.order_id)
    if changed:
        tx.announce(OrdersChanged(frozenset(changed)))


def forget(tx: Tx, kept: Sequence[KeptSale]) -> None:
    """Note in the journal what the shared store holds now."""
    tx.sales.mark_copied([(one.sale.id, one.version) for one in kept])
    for one in kept:
        if one.is_to_hand_over:
            tx.handover.remove(one.sale.order_id)
