"""What the shop sells, as an administrator keeps it: one by one, or from a file.

The service learns of it by itself (`sync/catalogue.py`); sales in hand keep the price they have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.domain.catalogue import Product, check_product
from posapp.domain.changes import CatalogueChanged
from posapp.domain.clock import Clock
from posapp.domain.staff import Permission
from posapp.usecases.present import Present
from posapp.usecases.product_file import EXAMPLE, Reading, read_products

if TYPE_CHECKING:
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

MOST_SHOWN = 200
"""How many products a search shows: a list never grows with the catalogue."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A product, and whether the service knows it as it is; None while it is only in a file.

    What stays unknown for more than a moment was refused: its tax code or its number is wrong.
    """

    product: Product
    is_known: bool | None = None


@dataclass(slots=True)
class ProductDesk:
    """The catalogue."""

    store: Store
    present: Present
    clock: Clock
    currency: str

    async def find(self, text: str) -> tuple[tuple[Listed, ...], int]:
        """Return the newest products that match, and how many there are in all."""
        self.present.require(Permission.SETTINGS)

        def work(tx: Tx) -> tuple[tuple[Listed, ...], int]:
            found = tx.products.search(text, MOST_SHOWN)
            listed = tuple(Listed(one, bool(tx.products.pushed(one.sku))) for one in found)
            return listed, tx.products.count()

        return await self.store.shared.read(work)

    async def read_file(self, file: Path) -> Reading:
        """Read a CSV file; nothing is stored. Raises NotAllowed, OSError."""
        self.present.require(Permission.SETTINGS)
        data = await asyncio.to_thread(file.read_bytes)
        return await asyncio.to_thread(read_products, data, self.currency)

    async def write_example(self, file: Path) -> None:
        """Write a file to begin with. Raises NotAllowed, OSError."""
        self.present.require(Permission.SETTINGS)
        await asyncio.to_thread(file.write_text, EXAMPLE, encoding="utf-8-sig", newline="")

    async def keep(self, product: Product) -> int:
        """Store one product; returns 1 when it is new or different. Raises NotAllowed, BadField."""
        return await self.take([product])

    async def take(self, products: Sequence[Product]) -> int:
        """Store the products, new or changed; return how many were different.

        Raises NotAllowed, BadField.
        """
        who = self.present.require(Permission.SETTINGS)
        for product in products:
            check_product(product)
        now = self.clock.now()

        def work(tx: Tx) -> int:
            changed = tx.products.save_all(products)
            tx.audit.append("products changed", who.id, now, {"count": str(changed)})
            tx.announce(CatalogueChanged())
            return changed

        return await self.store.shared.write(work)
