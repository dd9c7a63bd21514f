"""The basket, the steps and the sale's own states."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from posapp.domain.errors import BadQuantity, EmptyBasket, MixedDestinations
from posapp.domain.money import Money
from posapp.domain.payment import PaymentSession
from posapp.domain.sale import (
    MOST_PER_LINE,
    NEXT,
    Basket,
    Delivery,
    IllegalMove,
    SaleState,
    Step,
    destination,
    furthest_step,
)
from tests.helpers.builders import (
    a_basket,
    a_customer,
    a_party,
    a_product,
    a_quote,
    a_sale,
    an_address,
    usd,
)


def test_scanning_the_same_mug_twice_makes_one_line_of_two() -> None:
    mug = a_product()
    basket = Basket("USD").add(mug, 1, "a", Delivery.TAKE_AWAY).add(mug, 1, "b", Delivery.TAKE_AWAY)
    assert [(line.key, line.quantity) for line in basket.lines] == [("a", 2)]
    assert basket.subtotal == usd("24.00")
    assert basket.version == 2


def test_the_same_mug_to_take_away_and_to_ship_stays_two_lines() -> None:
    mug = a_product()
    basket = Basket("USD").add(mug, 1, "a", Delivery.TAKE_AWAY).add(mug, 1, "b", Delivery.SHIP)
    assert [line.delivery for line in basket.lines] == [Delivery.TAKE_AWAY, Delivery.SHIP]


def test_quantity_nought_takes_the_line_out() -> None:
    assert a_basket().set_quantity("line-1", 0).lines == ()


@pytest.mark.parametrize("quantity", [-1, MOST_PER_LINE + 1])
def test_a_silly_quantity_is_refused(quantity: int) -> None:
    with pytest.raises(BadQuantity):
        a_basket().set_quantity("line-1", quantity)


def test_a_digital_line_cannot_be_shipped() -> None:
    basket = a_basket(a_product("E-BOOK", physical=False))
    assert basket.set_delivery("line-1", Delivery.SHIP).lines[0].delivery is Delivery.DIGITAL


def test_every_edit_makes_a_new_version() -> None:
    basket = a_basket()
    versions = [
        basket.version,
        basket.set_quantity("line-1", 3).version,
        basket.set_delivery("line-1", Delivery.SHIP).version,
        basket.remove("line-1").version,
    ]
    assert versions[1:] == [versions[0] + 1] * 3


@pytest.mark.parametrize("here, there", list(product(SaleState, SaleState)))
def test_a_sale_moves_only_along_its_table(here: SaleState, there: SaleState) -> None:
    sale = a_sale(state=here)
    if there in NEXT[here]:
        assert sale.moved(there).state is there
    else:
        with pytest.raises(IllegalMove):
            sale.moved(there)


def test_steps_already_answered_are_skipped() -> None:
    paid = PaymentSession("ps-1", "requires_confirmation", usd("12.96"), usd("0"))
    version = a_basket().version
    steps = [
        furthest_step(a_sale(basket=Basket("USD"))),
        furthest_step(a_sale()),
        furthest_step(a_sale(customer=a_customer())),
        furthest_step(a_sale(customer=a_customer(), quote=a_quote(version))),
        furthest_step(a_sale(customer=a_customer(), quote=a_quote(version, session=paid))),
        furthest_step(a_sale(order_id="o-1")),
    ]
    assert steps == list(Step)


def test_a_quote_of_an_older_basket_sends_the_sale_back_to_checkout() -> None:
    sale = a_sale(customer=a_customer(), quote=a_quote(0))
    assert furthest_step(sale) is Step.CHECKOUT


def test_goods_taken_away_are_taxed_at_the_shop() -> None:
    shop = an_address(line1="1 Nicollet Mall")
    assert destination(a_sale(customer=a_customer()), shop) == shop


def test_digital_goods_go_nowhere() -> None:
    sale = a_sale(basket=a_basket(a_product("E-BOOK", physical=False)))
    assert destination(sale, an_address()) is None


def test_take_away_and_shipping_to_another_town_cannot_share_a_checkout() -> None:
    basket = a_basket(a_product("A"), a_product("B")).set_delivery("line-2", Delivery.SHIP)
    far = a_party(address=an_address(postal_code="10001", state="NY", city="New York"))
    sale = a_sale(basket=basket, customer=a_customer(party=far))
    with pytest.raises(MixedDestinations):
        destination(sale, an_address())
    near = replace(sale, customer=a_customer())
    assert destination(near, an_address()) == a_party().address


def test_an_empty_basket_has_no_destination() -> None:
    with pytest.raises(EmptyBasket):
        destination(a_sale(basket=Basket("USD")), an_address())


def test_the_sale_is_called_by_till_and_number() -> None:
    assert a_sale().label == "1-1042"
    assert a_sale(till="").label == "1042"


def test_an_empty_basket_is_worth_nothing_in_its_own_currency() -> None:
    assert Basket("JPY").subtotal == Money(0, "JPY")
    assert not Basket("JPY").physical
    assert a_basket(quantity=3).units == 3
