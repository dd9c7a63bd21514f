"""What is sold, kept in Settings: from a file, one by one, and never half a file by mistake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from posapp.ui.kit import theme
from posapp.ui.settings.products_page import ProductsPage
from posapp.usecases.products import ProductDesk
from tests.drivers.products import ProductsDriver
from tests.helpers.running import real_runner
from tests.helpers.shop import open_shop
from tests.helpers.waiting import until

TABLE = """sku,name,price,tax_code,country_of_origin,barcode
A-1,Espresso cup,9.50,4323.310_A,PT,5601
A 2,Saucer,4.00,4323.310_A,PT,5602
A-3,Spoon,four,4323.310_A,PT,5603
"""


OpenCatalogue = Callable[[], AbstractAsyncContextManager[ProductsDriver]]


@pytest.fixture
def catalogue(loop: asyncio.AbstractEventLoop, qapp: QApplication, tmp_path: Path) -> OpenCatalogue:
    """An administrator at the catalogue of the training shop."""
    theme.apply(qapp, theme.load("light"))

    @asynccontextmanager
    async def opened() -> AsyncIterator[ProductsDriver]:
        async with open_shop(tmp_path) as shop:
            shop.sign_in("ada")
            run, errors = real_runner(loop)
            desk = ProductDesk(shop.session.store, shop.desks.present, shop.clock, "USD")
            page = ProductsPage(run, desk)
            driver = ProductsDriver(page)
            await driver.arrive()
            yield driver
            page.close()
            page.deleteLater()
            assert errors == []

    return opened


async def test_a_file_is_shown_with_its_bad_lines_before_anything_is_stored(
    catalogue: OpenCatalogue, tmp_path: Path
) -> None:
    async with catalogue() as at:
        file = tmp_path / "products.csv"
        file.write_text(TABLE, encoding="utf-8")
        before = len(at.skus)
        await at.take_file(file)
        assert at.skus == ["A-1"]
        assert "Usable: 1. Lines that are not: 2." in at.said
        assert "Line 4, Price: This is not a price, such as 5.90." in at.said
        await at.store_file()
        assert len(at.skus) == before + 1
        assert at.skus[0] == "A-1"


async def test_a_file_that_is_not_there_is_told_and_nothing_changes(
    catalogue: OpenCatalogue, tmp_path: Path
) -> None:
    async with catalogue() as at:
        before = at.skus
        await at.take_file(tmp_path / "gone.csv")
        assert "Nothing was changed." in at.said
        assert at.skus == before
        assert not at.page.take_button.isVisible()


async def test_a_new_product_is_found_at_once(catalogue: OpenCatalogue) -> None:
    async with catalogue() as at:
        sheet = await at.sheet("F7")
        at.fill(sheet, sku="TRAY-1", name="Birch tray", price="39.00", tax_code="4323.310_A")
        sheet.store()
        at.expect_error(sheet, "country_of_origin", "Made in is missing.")
        at.fill(sheet, country_of_origin="FI")
        await at.store(sheet)
        await at.search("birch")
        assert at.skus == ["TRAY-1"]
        assert at.known("TRAY-1") == "not yet"
        await at.page.desk.store.shared.write(lambda tx: tx.products.mark_pushed("TRAY-1", "x"))
        at.page.look_again()
        await until(lambda: at.known("TRAY-1") == "knows it", what="the service to know it")


async def test_a_price_is_changed_and_its_number_is_not(catalogue: OpenCatalogue) -> None:
    async with catalogue() as at:
        await at.search("linen")
        at.page.table.choose_first()
        sheet = await at.sheet("Return")
        assert not sheet.form.field("sku").editor.isEnabled()
        at.fill(sheet, price="1,80")
        sheet.store()
        at.expect_error(sheet, "price", "This is not a price, such as 5.90.")
        at.fill(sheet, price="18.00")
        await at.store(sheet)
        assert "is stored" in at.said
