"""The catalogue on its way to the service: products that are new there, or changed (contract 3)."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from posapp.gateway.errors import Rejected

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
    _refused: set[str] = field(default_factory=set)  # hashes; asked again after the next start

    async def push(self) -> int:
        """Push a batch of what is new or changed and return how many; a product that the service
        refuses waits until it is changed and keeps no other waiting. Raises GatewayError.
        """
        most = BATCH + len(self._refused)
        unpushed = await self.store.shared.read(lambda tx: tx.products.unpushed(most))
        waiting = [product for product in unpushed if _hash(product) not in self._refused]
        for product in waiting:
            try:
                await self.river.skus.upsert(product)
            except Rejected as error:
                log.warning("product %s is refused: %s", product.sku, error)
                self._refused.add(_hash(product))
                continue
            await self.store.shared.write(partial(_mark, product=product))
        return len(waiting)


def _mark(tx: Tx, product: Product) -> None:
    if tx.products.get(product.sku) == product:  # else changed while it was on its way
        tx.products.mark_pushed(product.sku, _hash(product))


def _hash(product: Product) -> str:
    return hashlib.sha256(repr(product).encode()).hexdigest()
