"""Whose orders the store holds: new keys are of that account when the service shows them one.

Sends nothing but look-ups, and never guesses: no answer is an error, not a no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.gateway.errors import NotFound
from posapp.gateway.river import DigitalRiver

if TYPE_CHECKING:
    from posapp.store.store import Store

ASKED_AT_MOST = 3


async def shows_our_orders(store: Store, river: DigitalRiver) -> bool:
    """Say whether the service shows these keys an order the store holds; yes when it holds none.

    Raises GatewayError, StoreError.
    """
    ids = await store.shared.read(lambda tx: tx.orders.newest(ASKED_AT_MOST))
    for order_id in ids:
        try:
            await river.orders.get(order_id)
        except NotFound:
            continue
        return True
    return not ids
