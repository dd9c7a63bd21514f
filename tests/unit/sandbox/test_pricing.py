"""Prices to the cent: the vendor's published numbers and the rules of contract section 4.1."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.sandbox import money, pricing
from posapp.sandbox.pricing import Goods, Terms
from posapp.sandbox.rates import Place
from tests.unit.sandbox.shop import COLOGNE, LONDON, PARIS, TOKYO, Shop

MINNETONKA = Place("US", "MN", "55343")
GERMANY = Place("DE")


def goods(unit: int, quantity: int = 1, place: Place = MINNETONKA, **more: Any) -> Goods:
    """A physical line."""
    return Goods(quantity, more.pop("physical", True), "5215", unit=unit, place=place, **more)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("150.5", 151), ("712.5", 713), ("-0.5", -1), ("2.4999", 2), ("0", 0)],
)
def test_halves_go_away_from_zero(amount: str, rounded: int) -> None:
    assert money.half_away(Decimal(amount)) == rounded


def test_half_of_an_odd_sum_is_the_larger_half() -> None:
    assert money.times(2701, Decimal("0.5")) == 1351


def test_published_exclusive_sample() -> None:
    place = Place("US", "CA", "95969")
    priced = pricing.price(Terms("USD", shipping=750), [goods(3000, 2, place)])
    line = priced.lines[0]
    assert (line.amount, line.tax, line.shipping, line.shipping_tax) == (6000, 465, 750, 58)
    assert (priced.subtotal, priced.tax, priced.total) == (6750, 523, 7273)


def test_published_inclusive_sample() -> None:
    priced = pricing.price(Terms("USD", inclusive=True), [goods(1000, 2)])
    assert (priced.lines[0].amount, priced.lines[0].tax, priced.total) == (1860, 140, 2000)


def test_inclusive_shipping_keeps_the_tag_price() -> None:
    priced = pricing.price(Terms("USD", inclusive=True, shipping=500), [goods(1000, 2)])
    assert priced.total == 2500
    assert (priced.shipping, priced.shipping_tax) == (465, 35)


def test_line_discount_lowers_the_line() -> None:
    priced = pricing.price(Terms("USD"), [goods(1000, 3, amount_off=200, discounted=2)])
    assert (priced.lines[0].amount, priced.discount) == (2600, 400)


def test_order_discount_lowers_subtotal_and_tax_but_not_the_line() -> None:
    terms = Terms("EUR", percent_off=Decimal(10))
    priced = pricing.price(terms, [goods(1000, 1, GERMANY), goods(3000, 1, GERMANY)])
    assert [line.amount for line in priced.lines] == [1000, 3000]
    assert [line.tax for line in priced.lines] == [171, 513]
    assert (priced.subtotal, priced.discount, priced.total) == (3600, 400, 4284)


def test_shipping_discount_leaves_the_shown_shipping() -> None:
    terms = Terms("EUR", shipping=1000, shipping_amount_off=300)
    priced = pricing.price(terms, [goods(1000, 1, GERMANY)])
    assert (priced.shipping, priced.sum("shipping"), priced.shipping_tax) == (1000, 700, 133)
    assert priced.subtotal == 1700


def test_shipping_goes_to_physical_lines_only() -> None:
    basket = [
        goods(1000, 1, GERMANY), goods(500, 1, GERMANY, physical=False), goods(2000, 1, GERMANY)
    ]  # fmt: skip
    priced = pricing.price(Terms("EUR", shipping=600), basket)
    assert [line.shipping for line in priced.lines] == [200, 0, 400]


def test_downloads_alone_ship_for_nothing() -> None:
    priced = pricing.price(Terms("EUR", shipping=600), [goods(500, 1, GERMANY, physical=False)])
    assert (priced.shipping, priced.total) == (0, 595)


def test_landed_cost_above_the_threshold() -> None:
    line = goods(40000, 1, GERMANY, hs_code="6912.00", origin="US")
    priced = pricing.price(Terms("EUR"), [line])
    shown = priced.lines[0]
    assert (shown.duty, shown.importer_tax, shown.tax) == (2800, 8132, 0)
    assert shown.rate == Decimal("0.07") + Decimal("0.19")
    assert priced.importer_of_record
    assert priced.total == 40000 + 2800 + 8132


def test_small_imports_are_taxed_by_the_seller() -> None:
    line = goods(15000, 1, GERMANY, hs_code="6912.00", origin="US")
    shown = pricing.price(Terms("EUR"), [line]).lines[0]
    assert (shown.duty, shown.importer_tax, shown.tax) == (0, 0, 2850)
    assert shown.registration


def test_no_duty_inside_the_union_or_without_hs_code() -> None:
    for line in (
        goods(40000, 1, GERMANY, hs_code="6912.00", origin="FR"),
        goods(40000, 1, GERMANY, origin="US"),
    ):
        priced = pricing.price(Terms("EUR"), [line])
        assert (priced.sum("duty"), priced.importer_of_record, priced.lines[0].tax) == (
            0, False, 7600,
        )  # fmt: skip


def test_unpaid_duty_leaves_tax_to_delivery() -> None:
    line = goods(40000, 1, GERMANY, hs_code="6912.00", origin="US")
    priced = pricing.price(Terms("EUR", delivered_duty_paid=False), [line])
    assert (priced.total, priced.tax, priced.sum("duty")) == (40000, 0, 0)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[Terms, list[Goods]]:
    """Any basket of a shop, in any currency."""
    places = [MINNETONKA, GERMANY, Place("JP"), Place("GB"), Place("FR"), Place("CH")]
    place = draw(st.sampled_from(places))
    terms = Terms(
        draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"])),
        inclusive=draw(st.booleans()),
        amount_off=draw(st.none() | st.integers(1, 5000)),
        shipping=draw(st.integers(0, 5000)),
        shipping_amount_off=draw(st.none() | st.integers(1, 6000)),
        delivered_duty_paid=draw(st.booleans()),
        exempt=draw(st.booleans()),
    )
    lines = draw(
        st.lists(
            st.builds(
                Goods,
                quantity=st.integers(1, 9),
                physical=st.booleans(),
                tax_code=st.sampled_from(["5215", "43211", "5510", "50", "4320 1", "2611"]),
                unit=st.integers(0, 99999),
                hs_code=st.sampled_from([None, "6912.00", "8471.30"]),
                percent_off=st.none() | st.decimals("0.01", "100", places=2),
                discounted=st.none() | st.integers(1, 9),
                place=st.just(place),
                origin=st.sampled_from([None, "US", "DE", "CN"]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    return terms, lines


@given(baskets())
def test_any_basket_adds_up(basket: tuple[Terms, list[Goods]]) -> None:
    terms, lines = basket
    priced = pricing.price(terms, lines)
    parts = ("amount", "goods", "tax", "shipping", "shipping_tax", "fee", "fee_tax", "duty")
    for line in priced.lines:
        assert all(getattr(line, part) >= 0 for part in parts)
    assert priced.total == priced.subtotal + priced.tax + 0
    discounted = priced.sum("goods") + priced.sum("shipping") + priced.sum("fee")
    assert priced.subtotal == discounted + priced.sum("duty") + priced.sum("importer_tax")
    if terms.inclusive and not any(line.fee for line in priced.lines):
        gross = sum(pricing.before_discount(line) - pricing.line_discount(line) for line in lines)
        shipped = any(line.physical for line in lines)
        shipping = max(0, terms.shipping - (terms.shipping_amount_off or 0)) if shipped else 0
        assert priced.total == max(0, gross - (terms.amount_off or 0)) + shipping


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_spreading_loses_no_cent(whole: int, weights: list[int]) -> None:
    parts = money.spread(whole, weights)
    assert sum(parts) == whole
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize(
    ("place", "currency", "rate", "entity"),
    [
        (COLOGNE, "EUR", "0.19", "DR_IRELAND-ENTITY"),
        (PARIS, "EUR", "0.20", "DR_IRELAND-ENTITY"),
        (LONDON, "GBP", "0.20", "DR_UK-ENTITY"),
        (TOKYO, "JPY", "0.10", "DR_JAPAN-ENTITY"),
        ({"line1": "1 Bay", "city": "Toronto", "state": "ON", "postalCode": "M5H 2N2",
          "country": "CA"}, "CAD", "0.13", "C5_INC-ENTITY"),
    ],
)  # fmt: skip
def test_rates_and_sellers_by_country(
    shop: Shop, place: dict[str, str], currency: str, rate: str, entity: str
) -> None:
    line = {"skuId": "mug", "price": 1000, "quantity": 1}
    checkout = shop.checkout(
        line, ship_to=place, currency=currency, shipFrom={"address": place},
        shippingChoice={"amount": 0},
    )  # fmt: skip
    assert checkout["items"][0]["tax"]["rate"] == Decimal(rate)
    assert checkout["totalTax"] == 1000 * Decimal(rate)
    assert checkout["sellingEntity"]["id"] == entity


@pytest.mark.parametrize(
    ("postal_code", "rate"),
    [("55343", "0.07525"), ("55155", "0.07875"), ("55401", "0.08025"), ("55999", "0.06875")],
)
def test_published_rates_of_minnesota(shop: Shop, postal_code: str, rate: str) -> None:
    place = {
        "line1": "1 Main", "city": "Town", "state": "MN", "country": "US",
        "postalCode": postal_code,
    }  # fmt: skip
    checkout = shop.checkout(ship_to=place)
    assert checkout["items"][0]["tax"]["rate"] == Decimal(rate)


def test_yen_have_no_fraction(shop: Shop) -> None:
    body = shop.basket(
        {"skuId": "mug", "price": 1990, "quantity": 1}, ship_to=TOKYO, currency="JPY",
        shipFrom={"address": TOKYO}, shippingChoice={"amount": 500},
    )  # fmt: skip
    raw = shop.send("POST", "/checkouts", body).body
    assert b'"totalAmount":2739' in raw
    assert b"2739.0" not in raw


def test_dollars_have_two_digits(shop: Shop) -> None:
    assert b'"subtotal":67.50' in shop.send("POST", "/checkouts", shop.basket()).body


def test_fees_by_kind_of_goods(shop: Shop) -> None:
    shop.sku("screen", taxCode="4321.1902", name="Screen")
    line = {"skuId": "screen", "price": 100, "quantity": 2}
    checkout = shop.checkout(line)
    fees = checkout["items"][0]["fees"]
    assert fees["details"] == [
        {"id": "fee-e_waste", "type": "e_waste", "perUnitAmount": 5, "amount": 10}
    ]
    assert (fees["amount"], fees["taxAmount"]) == (10, Decimal("0.78"))
    assert checkout["totalFees"] == 10
    assert checkout["totalAmount"] == checkout["subtotal"] + checkout["totalTax"]


def test_books_have_the_reduced_rate(shop: Shop) -> None:
    shop.sku("atlas", taxCode="5510.1500", name="Atlas")
    checkout = shop.checkout(
        {"skuId": "atlas", "price": 10}, ship_to=COLOGNE, currency="EUR",
        shipFrom={"address": COLOGNE},
    )  # fmt: skip
    assert checkout["items"][0]["tax"]["rate"] == Decimal("0.07")
