"""The shop floor: going from screen to screen by keys alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.kit import theme
from tests.drivers.orders import press
from tests.helpers.waiting import until
from tests.ui.training.conftest import open_room


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
