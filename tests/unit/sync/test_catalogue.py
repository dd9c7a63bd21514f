"""Products on their way to the service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.catalogue import Product
from posapp.gateway.skus import Skus
from tests.helpers.logfail import LogWatch
from tests.helpers.shop import Shop, open_shop


async def keep(shop: Shop, *products: Product) -> None:
    """Let an administrator keep these products."""
    await shop.session.store.shared.write(lambda tx: tx.products.save_all(products))


async def mug(shop: Shop) -> Product:
    """Return a product to change."""
    found = await shop.session.store.shared.read(lambda tx: tx.products.get("MUG-WHT"))
    assert found is not None
    return found


async def push_all(shop: Shop) -> None:
    """Push until nothing is left, as the engine does."""
    while await shop.session.engine.catalogue.push():
        pass


async def test_a_product_changed_while_it_was_on_its_way_is_told_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_shop(tmp_path) as shop:
        first = replace(await mug(shop), name="First")
        await keep(shop, first)
        told: list[str] = []
        upsert = Skus.upsert

        async def meanwhile(skus: Skus, product: Product) -> object:
            answer = await upsert(skus, product)
            told.append(product.name)
            if product == first:
                await keep(shop, replace(first, name="Second"))
            return answer

        monkeypatch.setattr(Skus, "upsert", meanwhile)
        await push_all(shop)
        assert told == ["First", "Second"]


async def test_a_product_that_is_refused_keeps_no_other_waiting(
    tmp_path: Path, expected_log: LogWatch
) -> None:
    expected_log.expect("product AAA is refused")
    async with open_shop(tmp_path) as shop:
        refused = replace(await mug(shop), sku="AAA", barcode="", country_of_origin="KP")
        good = replace(await mug(shop), sku="ZZZ", barcode="")
        await keep(shop, refused, good)
        await push_all(shop)
        left = await shop.session.store.shared.read(lambda tx: tx.products.unpushed(9))
        assert [product.sku for product in left] == ["AAA"]

        await keep(shop, replace(refused, country_of_origin="CN"))
        await push_all(shop)
        assert await shop.session.store.shared.read(lambda tx: tx.products.unpushed(9)) == ()
