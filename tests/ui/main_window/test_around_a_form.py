"""The shop floor around a payment form, and without the shop's server."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton

from posapp.store.errors import StoreAway
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.palette import Palette
from posapp.ui.kit.theme import Tone
from posapp.ui.sale.counter import Place
from tests.helpers.waiting import settled, until
from tests.ui.training.conftest import Classroom, OpenRoom


async def to_payment(room: Classroom) -> None:
    """Stand at Payment with the form open."""
    sale = await room.shop.quoted("MUG-WHT")
    room.till.screen.take_in_hand(sale)
    await room.till.form()


def here(room: Classroom) -> str:
    """Return the place on show and the one the rail marks."""
    shown = room.floor.pages.currentWidget()
    place = next(name for name in ("sell", "orders") if room.floor.screen_of(name) is shown)
    assert room.floor.rail.current() == place
    return place


@pytest.mark.parametrize("chip", ["find_chip", "keys_chip"])
async def test_a_press_at_the_foot_opens_nothing_over_a_payment_form(
    room_of: OpenRoom, chip: str
) -> None:
    async with room_of("cleo") as room:
        await to_payment(room)
        button: QAbstractButton = getattr(room.floor, chip)
        button.click()
        await settled()
        assert not room.window.findChildren(SheetDialog)
        await room.pay()
        button.click()
        await settled()
        (sheet,) = room.window.findChildren(SheetDialog)
        sheet.reject()


async def test_nobody_is_led_away_from_a_payment_form(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        await to_payment(room)
        room.floor.rail.button("orders").click()
        room.floor.go("orders")
        room.floor.lock_button.click()
        await settled()
        assert here(room) == "sell"
        assert room.floor.isVisible()
        assert room.shop.desks.present.staff is not None
        await room.pay()
        room.floor.rail.button("orders").click()
        assert here(room) == "orders"


async def test_a_palette_that_was_open_closes_when_a_payment_form_opens(room_of: OpenRoom) -> None:
    async with room_of("cleo") as room:
        assert room.till.screen.in_hand.sale is not None
        sale = await room.shop.quoted("MUG-WHT")
        room.floor.finder.open_palette()
        assert room.window.findChildren(Palette)
        room.till.screen.take_in_hand(sale)
        await room.till.expect_place(Place.PAYMENT)
        await room.till.form()
        await until(lambda: not room.window.findChildren(Palette), what="the palette to go")


async def test_a_form_that_opens_while_one_looks_at_the_orders_comes_on_show(
    room_of: OpenRoom,
) -> None:
    async with room_of("cleo") as room:
        assert room.till.screen.in_hand.sale is not None
        sale = await room.shop.quoted("MUG-WHT")
        room.floor.go("orders")
        room.till.screen.take_in_hand(sale)
        await room.till.form()
        assert here(room) == "sell"


async def test_without_the_shops_server_no_message_lies_over_the_sale(
    room_of: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> tuple[int, int, int]:
        raise StoreAway("connection refused")

    async with room_of("cleo") as room:
        monkeypatch.setattr(type(room.shop.desks.orders), "waiting_counts", lambda _self: away())
        await room.till.add("MUG-WHT")
        await until(lambda: room.floor.outbox_chip.tone is Tone.WAIT, what="the chip to say so")
        assert room.errors == []
