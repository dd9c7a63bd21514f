"""The plain line at the screen: search, walk-in, taxes, card, order, green light, next sale."""

from __future__ import annotations

from posapp.domain.sale import SaleState, Step
from posapp.ui.kit.release_light import Light as Lamp
from posapp.ui.sale.counter import Place
from tests.ui.sale.conftest import OpenTill


async def test_two_products_are_sold_with_few_keys(till_at: OpenTill) -> None:
    async with till_at() as till:
        await till.add("MUG-WHT")
        await till.add("2*CABLE-UC2")
        assert [quantity for quantity, _ in till.basket] == ["1 × $14.00", "2 × $19.00"]

        await till.forward()
        await till.expect_place(Place.CUSTOMER)
        await till.fill_walk_in()
        await till.forward()
        await till.expect_place(Place.CHECKOUT)

        await till.forward()
        await till.expect_place(Place.PAYMENT)
        await till.pay(till.shop.type_card(till.sale))
        await till.expect_place(Place.REVIEW)
        assert till.sale.step is Step.REVIEW
        assert "1111" in till.screen.steps.review.page.method.text()

        await till.forward()
        await till.expect_place(Place.DONE)
        await till.expect_lamp(Lamp.GREEN)
        assert till.sale.state is SaleState.DONE
        assert till.sale.order_id in till.screen.steps.done.page.order_label.text()

        await till.forward()
        await till.expect_place(Place.CART)
        assert till.basket == []
        assert till.shop.books_agree()
