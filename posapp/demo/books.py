"""The shop's book beside the service's, compared through the public API only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.app.session import Session
    from posapp.domain.order import Order
    from posapp.store.transaction import Tx


async def differences(session: Session, order_ids: list[str]) -> list[str]:
    """Return every difference in words; none when the books agree."""
    found: list[str] = []
    if len(set(order_ids)) != len(order_ids):
        found.append("an order was made twice")
    for order_id in order_ids:
        theirs = await session.river.orders.get(order_id)
        ours = await session.store.shared.read(partial(_kept, order_id))
        if ours is None:
            found.append(f"order {order_id} is not in our book")
            continue
        for what in ("state", "total", "captured", "cancelled", "refunded"):
            here, there = getattr(ours, what), getattr(theirs, what)
            if here != there:
                found.append(f"order {order_id}: {what} is {here} here and {there} there")
        same = await session.river.orders.find_by_checkout(theirs.checkout_id)
        if same is None or same.id != order_id:
            found.append(f"checkout {theirs.checkout_id} made {same.id if same else 'nothing'}")
        here_ids = {x.id for x in (await session.desks.orders.open(order_id)).fulfilments}
        there_ids = {x.id for x in await session.river.fulfilments.list(order_id)}
        if here_ids != there_ids:
            found.append(f"order {order_id}: fulfilments {here_ids} here, {there_ids} there")
    return found


def _kept(order_id: str, tx: Tx) -> Order | None:
    return tx.orders.get(order_id)
