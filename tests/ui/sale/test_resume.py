"""A window closed in the middle: the next start takes the sale up where it stood."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from posapp.domain.customer import Party
from posapp.domain.sale import Sale, SaleState, Step
from posapp.ui.kit import theme
from posapp.ui.sale.counter import Place
from posapp.ui.sale.screen import resumed_at
from tests.helpers.builders import a_basket, a_customer, a_party, a_quote, a_sale
from tests.helpers.shop import open_shop
from tests.helpers.waiting import until
from tests.ui.sale.conftest import open_till


async def test_a_basket_is_there_again(tmp_path: Path, qapp: QApplication) -> None:
    theme.apply(qapp, theme.load("light"))
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        async with open_till(shop) as till:
            await till.add("2*MUG-WHT")
            number = till.sale.number
        async with open_till(shop) as till:
            await till.expect_said("taken up where it stood")
            assert till.sale.number == number
            assert till.basket == [("2 × $14.00", "Enamel mug, white")]


async def test_at_payment_the_service_is_asked_before_a_form_opens(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        async with open_till(shop) as till:
            await till.to_payment()
        calls = len(shop.transport.calls)
        async with open_till(shop) as till:
            await till.expect_place(Place.PAYMENT)
            await till.form()
            assert shop.transport.calls[calls].startswith("GET /checkouts/")
            await till.pay_card()


async def test_a_payment_made_before_the_end_is_not_asked_for_again(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        async with open_till(shop) as till:
            await till.to_review()
        async with open_till(shop) as till:
            await till.expect_place(Place.REVIEW)
            assert till.forms.requests == []
            till.key("Alt+G")
            await till.forward()
            await till.expect_place(Place.DONE)


async def test_closed_while_offline_at_payment_nothing_opens_until_the_service_answers(
    tmp_path: Path, qapp: QApplication
) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        async with open_till(shop) as till:
            await till.to_payment()
        shop.transport.is_down = True
        async with open_till(shop) as till:
            page = till.screen.steps.payment.page
            await until(lambda: "No connection" in page.status_label.text(), what="the sentence")
            assert not till.screen.is_form_open
            shop.transport.is_down = False
            till.key("F5")
            await till.form()


BUYER: Party = a_party()


@pytest.mark.parametrize(
    ("sale", "place"),
    [
        (a_sale(), Place.CART),
        (a_sale(step=Step.REVIEW), Place.CUSTOMER),
        (a_sale(step=Step.CHECKOUT, customer=a_customer()), Place.CHECKOUT),
        (a_sale(step=Step.CART, customer=a_customer()), Place.CART),
        (a_sale(step=Step.PAYMENT, customer=a_customer(), quote=a_quote()), Place.PAYMENT),
        (a_sale(step=Step.REVIEW, customer=a_customer(), quote=a_quote()), Place.PAYMENT),
        (
            a_sale(step=Step.PAYMENT, customer=a_customer(), quote=a_quote(basket_version=0)),
            Place.CHECKOUT,
        ),
        (a_sale(state=SaleState.UNKNOWN), Place.LOCKED),
        (a_sale(state=SaleState.PLACING), Place.LOCKED),
        (a_sale(basket=a_basket(), step=Step.DONE, order_id="1"), Place.DONE),
    ],
)
def test_where_a_sale_is_taken_up(sale: Sale, place: Place) -> None:
    assert resumed_at(sale) is place
