"""The shop's own facts, set once and kept. Never a key or a secret."""

from __future__ import annotations

from sqlalchemy import select

from posapp.domain.shop import Shop
from posapp.store.codec import Document
from posapp.store.rows import Repository, Upsert
from posapp.store.tables import shop

_SHOP = Document(Shop)
_PUT = Upsert(shop, "num doc", key="num")
_ONLY = 1


class ShopFacts(Repository):
    """The one shop of this store."""

    __slots__ = ()

    def get(self) -> Shop | None:
        """Return the shop; None before it was set up."""
        document = self._connection.execute(select(shop.c.doc)).scalar()
        return None if document is None else _SHOP.read(document)

    def save(self, facts: Shop) -> None:
        """Keep these facts instead of the former ones."""
        _PUT.run(self._connection, [(_ONLY, _SHOP.write(facts))])
