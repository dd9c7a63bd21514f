"""The shop floor: going from screen to screen by keys alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.kit import theme
from posapp.ui.kit.palette import Palette
from tests.drivers.orders import press
from tests.helpers.builders import a_customer
from tests.helpers.waiting import until
from tests.ui.training.conftest import Classroom, open_room


async def test_back_at_the_sale_one_types_on_where_one_left_off(
    qapp: QApplication, tmp_path: Path
) -> None:
    theme.apply(qapp, theme.load("light"))
    async with open_room(tmp_path) as room:
        box = room.till.screen.steps.cart.page.search_box.edit
        room.window.activateWindow()
        await until(box.hasFocus, what="the search field to have the keyboard")
        press(room.floor, "Ctrl+2")
        await until(room.orders.screen.isVisible, what="the orders")
        assert not box.hasFocus()
        press(room.floor, "Ctrl+1")
        await until(box.hasFocus, what="the search field to have the keyboard again")
        QTest.keyClicks(box, "mug")
        assert box.text() == "mug"


async def palette_finds(room: Classroom, typed: str, kind: str) -> Palette:
    """Open the palette with Ctrl+K, type, and wait for something of that kind."""
    room.window.activateWindow()
    await until(room.window.isActiveWindow, what="the window to have the keyboard")
    press(room.floor, "Ctrl+K")
    await until(lambda: room.window.findChild(Palette) is not None, what="the palette")
    palette = room.window.findChild(Palette)
    assert isinstance(palette, Palette)
    palette.search.set_text(typed)
    await until(
        lambda: any(find.kind == kind for find in palette.model.rows), what=f"{kind} for {typed}"
    )
    return palette


async def test_a_product_found_with_ctrl_k_is_asked_for_by_its_number(
    qapp: QApplication, tmp_path: Path
) -> None:
    theme.apply(qapp, theme.load("light"))
    async with open_room(tmp_path) as room:
        wanted: list[str] = []
        room.floor.product_wanted.connect(wanted.append)
        palette = await palette_finds(room, "stoneware", "Products")
        next(find for find in palette.model.rows if find.kind == "Products").choose()
        assert wanted == ["BOWL-STN"]
        palette.reject()


async def test_a_customer_found_with_ctrl_k_buys(qapp: QApplication, tmp_path: Path) -> None:
    theme.apply(qapp, theme.load("light"))
    async with open_room(tmp_path) as room:
        known = a_customer("cust-1")
        await room.shop.session.store.shared.write(lambda tx: tx.customers.save(known))
        room.floor.customer_wanted.connect(room.till.screen.take_customer)
        palette = await palette_finds(room, "lovelace", "Customers")
        next(find for find in palette.model.rows if find.kind == "Customers").choose()
        palette.reject()
        await until(lambda: room.till.sale.customer is not None, what="the sale to have its buyer")
        assert room.till.sale.customer == known


async def test_a_fulfilment_clerk_finds_no_customers_and_no_products(
    qapp: QApplication, tmp_path: Path
) -> None:
    theme.apply(qapp, theme.load("light"))
    async with open_room(tmp_path, "finn") as room:
        sources = {source.name for source in room.floor.finder.sources()}
        assert sources == {"Orders"}
