"""The cart: every scan counts, no digit goes astray, nothing is lost."""

from __future__ import annotations

import pytest

from posapp.domain.sale import Delivery
from posapp.ui.sale.cart_page import wanted
from posapp.ui.sale.counter import Place
from posapp.ui.sale.recall_dialog import RecallDialog
from posapp.ui.sale.sounds import Sound
from tests.helpers.waiting import until
from tests.ui.sale.conftest import OpenTill


async def test_ten_scans_faster_than_the_disk_all_count(till_at: OpenTill) -> None:
    async with till_at() as till:
        for _ in range(5):
            till.enter("MUG-WHT")
            till.screen.scan("4006381000017")

        await until(lambda: till.sale.basket.units == 10, what="all ten mugs")
        assert till.basket == [("10 × $14.00", "Enamel mug, white")]


async def test_results_come_while_typing_and_enter_adds_the_best(till_at: OpenTill) -> None:
    async with till_at() as till:
        page = till.screen.steps.cart.page
        till.type("enamel navy")
        await until(lambda: len(page.products.rows) == 1, what="one mug")

        till.key("Return")
        await until(lambda: till.basket, what="the mug in the basket")
        assert till.basket[0][1] == "Enamel mug, navy"
        assert page.search_box.text() == ""


async def test_enter_before_the_results_still_finds_the_best(till_at: OpenTill) -> None:
    async with till_at() as till:
        till.enter("enamel navy")

        await until(lambda: till.basket, what="the mug in the basket")
        assert till.basket[0][1] == "Enamel mug, navy"


async def test_enter_before_the_results_never_sells_what_the_list_showed_before(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        page = till.screen.steps.cart.page
        await until(lambda: page.products.rows, what="the shelf")
        till.enter("no such thing")

        await till.expect_said("no such thing")
        assert till.basket == []


async def test_the_arrow_goes_into_the_list_and_enter_adds_from_there(till_at: OpenTill) -> None:
    async with till_at() as till:
        page = till.screen.steps.cart.page
        till.type("mug")
        await until(lambda: page.results.chosen() is not None, what="results")
        till.key("Down")
        till.key("Down")
        second = page.results.chosen()
        till.key("Return")

        await until(lambda: till.basket, what="the mug in the basket")
        assert till.basket[0][1] == second.name


async def test_an_unknown_number_says_so_with_a_sound_and_changes_nothing(
    till_at: OpenTill,
) -> None:
    async with till_at() as till:
        till.enter("4006389999999")

        await till.expect_said("No product has the number 4006389999999")
        assert till.sounds[-1] is Sound.REFUSED
        assert till.basket == []

        await till.add("MUG-WHT")
        await until(lambda: till.banner == "", what="the sentence to go")


async def test_plus_minus_digits_and_delete_work_on_the_chosen_line(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        table = till.screen.basket.table
        table.setFocus()
        till.key("+", table)
        till.key("+", table)
        till.key("-", table)
        await until(lambda: till.sale.basket.units == 2, what="two mugs")

        till.type("12")
        assert "12" in till.screen.basket.typed_note.text()
        till.key("Return", table)
        await until(lambda: till.sale.basket.units == 12, what="twelve mugs")

        till.key("Del", table)
        await until(lambda: till.sale.basket.units == 0, what="an empty basket")


async def test_a_scan_gone_astray_never_becomes_a_quantity(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        table = till.screen.basket.table
        table.setFocus()
        till.type("4006381000017")
        till.key("Return", table)
        await till.add("CABLE-UC2")

        assert till.sale.basket.units == 2


async def test_all_goods_are_shipped_or_taken_away(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        till.key("Alt+S")
        await until(
            lambda: till.sale.basket.lines[0].delivery is Delivery.SHIP, what="goods to ship"
        )
        assert till.screen.basket.ship_button.isChecked()

        await till.add("CABLE-UC2")
        till.key("Alt+T")
        await until(
            lambda: {line.delivery for line in till.sale.basket.lines} == {Delivery.TAKE_AWAY},
            what="goods to take away",
        )


async def test_an_empty_basket_goes_nowhere(till_at: OpenTill) -> None:
    async with till_at() as till:
        assert not till.screen.basket.forward_button.isEnabled()
        till.screen.steps.cart.go_forward()

        await till.expect_said("The basket is empty")
        assert till.screen.place is Place.CART


async def test_a_sale_is_held_and_recalled_with_its_basket(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("2*MUG-WHT")
        held = till.sale
        till.key("F6")
        await till.expect_said(f"Sale {held.label} is on hold")
        assert till.basket == []

        await till.add("CABLE-UC2")
        till.key("F7")
        dialog = await till.dialog()
        assert isinstance(dialog, RecallDialog)
        till.key("Return", dialog.table)

        await until(lambda: till.sale.id == held.id, what="the held sale in hand")
        assert till.basket == [("2 × $14.00", "Enamel mug, white")]
        assert [sale.basket.units for sale in await till.shop.desks.sale.held()] == [1]


async def test_a_dropped_sale_asks_first(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        number = till.sale.number
        till.screen.basket.drop_button.click()
        await till.answer(yes=False)
        assert till.sale.number == number

        till.screen.basket.drop_button.click()
        await till.answer(yes=True)
        await until(lambda: till.sale.number != number, what="the next sale")
        assert till.basket == []


def test_a_number_before_a_star_multiplies() -> None:
    assert wanted("3*4711") == (3, "4711")
    assert wanted("12 × mug") == (12, "mug")
    assert wanted("0*mug") == (1, "0*mug")
    assert wanted(" mug ") == (1, "mug")


@pytest.mark.parametrize(("typed", "read"), [("3*", "MUG-WHT"), ("", "3*MUG-WHT")])
async def test_a_number_and_a_star_before_a_scan_multiply_it(
    till_at: OpenTill, typed: str, read: str
) -> None:
    async with till_at() as till:
        box = till.screen.steps.cart.page.search_box
        box.set_text(typed)
        till.screen.scan(read)
        await until(lambda: till.sale.basket.lines, what="the mugs in the basket")
        assert [(line.sku, line.quantity) for line in till.sale.basket.lines] == [("MUG-WHT", 3)]
        assert box.text() == ""


async def test_a_search_under_way_does_not_spoil_a_scan(till_at: OpenTill) -> None:
    async with till_at() as till:
        till.screen.steps.cart.page.search_box.set_text("3*candle")
        till.screen.scan("MUG-WHT")
        await until(lambda: till.sale.basket.lines, what="the mug in the basket")
        assert [(line.sku, line.quantity) for line in till.sale.basket.lines] == [("MUG-WHT", 1)]


async def test_every_key_of_the_page_is_told(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        keys = {action.key for action in till.screen.verbs() if action.is_possible()}

        assert {"F3", "F6", "F7", "F12", "Alt+T", "Alt+S"} <= keys
