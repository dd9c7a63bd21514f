"""The catalogue on its way to the service: products that are new there, or changed (contract 3)."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.domain.catalogue import Product
    from posapp.gateway.river import DigitalRiver
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

log = logging.getLogger(__name__)

BATCH = 50


@dataclass(slots=True)
class Catalogue:
    """Pushes products; `PUT /skus/{id}` may be repeated without harm (design 6)."""

    river: DigitalRiver
    store: Store

    async def push(self) -> int:
        """Push a batch of what is new or changed and return how many. Raises GatewayError."""
        waiting = await self.store.shared.read(lambda tx: tx.products.unpushed(BATCH))
        for product in waiting:
            await self.river.skus.upsert(product)
            await self.store.shared.write(partial(_mark, product=product))
        return len(waiting)


def _mark(tx: Tx, product: Product) -> None:
    tx.products.mark_pushed(product.sku, hashlib.sha256(repr(product).encode()).hexdigest())
