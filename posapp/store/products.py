"""What the shop sells, found by code or as typed, and which of it the service has not been told
yet.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, text, update

from posapp.domain.catalogue import Product
from posapp.store.codec import Document
from posapp.store.rows import Repository, Upsert
from posapp.store.search import Newest, words_of
from posapp.store.tables import products

_PRODUCT = Document(Product)
_NEWEST = Newest(products, "num", "doc")
# What changed since it was pushed must be pushed again.
_PUT = Upsert(
    products,
    "sku barcode pushed search doc",
    key="sku",
    where="products.doc <> excluded.doc",
)
_UNPUSHED = text("pushed = ''")


class Products(Repository):
    """Products by SKU, by barcode, by words, and by whether the service knows them."""

    __slots__ = ()

    def save_all(self, told: Iterable[Product]) -> int:
        """Insert or replace the products; return how many are new or different now."""
        rows = [
            (
                product.sku,
                product.barcode or None,
                "",
                words_of(product.name, product.sku, product.barcode, product.part_number),
                _PRODUCT.write(product),
            )
            for product in told
        ]
        return _PUT.run(self._connection, rows)

    def get(self, sku: str) -> Product | None:
        """Return the product with this SKU."""
        return self._one(products.c.sku == sku)

    def by_code(self, code: str) -> Product | None:
        """Return the product with this barcode, else with this SKU, upper and lower case alike."""
        code = code.strip()
        return (
            self._one(products.c.barcode == code)
            or self._one(products.c.sku == code)
            or self._one(products.c.sku.in_((code.upper(), code.lower())))
        )

    def search(self, text: str, limit: int) -> tuple[Product, ...]:
        """Return the newest products in which every typed word begins a word of name or number."""
        found = _NEWEST.find(self._connection, text, limit=limit)
        return tuple(_PRODUCT.read(row[0]) for row in found)

    def all_skus(self) -> tuple[str, ...]:
        """Return every SKU, sorted."""
        found = select(products.c.sku).order_by(products.c.sku)
        return tuple(self._connection.execute(found).scalars())

    def count(self) -> int:
        """Return how many products there are."""
        return int(
            self._connection.execute(select(func.count()).select_from(products)).scalar_one()
        )

    def mark_pushed(self, sku: str, body_hash: str) -> None:
        """Record that the service took the product as it is now; `body_hash` is of what was sent.

        Raises ValueError for an empty hash, which would mean "not pushed".
        """
        if not body_hash:
            raise ValueError("an empty hash means not pushed")
        self._connection.execute(
            update(products).where(products.c.sku == sku).values(pushed=body_hash)
        )

    def pushed(self, sku: str) -> str:
        """Return the hash of what the service was last told, '' when it must be told (again)."""
        found = select(products.c.pushed).where(products.c.sku == sku)
        return self._connection.execute(found).scalar() or ""

    def unpushed(self, limit: int) -> tuple[Product, ...]:
        """Return products that are new or changed since they were pushed, oldest first."""
        wanted = select(products.c.doc).where(_UNPUSHED).order_by(products.c.num).limit(limit)
        return tuple(_PRODUCT.read(doc) for doc in self._connection.execute(wanted).scalars())

    def _one(self, condition: object) -> Product | None:
        found = select(products.c.doc).where(condition).limit(1)  # type: ignore[arg-type]
        document = self._connection.execute(found).scalar()
        return None if document is None else _PRODUCT.read(document)
