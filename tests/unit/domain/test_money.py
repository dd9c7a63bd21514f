"""Money is exact, in every currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import CurrencyMismatch
from posapp.domain.money import Money, exponent, is_exact


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1.505", "USD", 151),
        ("7.125", "USD", 713),
        ("-1.505", "USD", -151),
        ("33.0", "JPY", 33),
        ("1.2345", "KWD", 1235),
        ("53.769999999999996", "USD", 5377),
    ],
)
def test_amounts_round_half_away_from_zero_as_the_service_does(
    amount: str, currency: str, minor: int
) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


def test_the_amount_shows_exactly_the_digits_of_the_currency() -> None:
    assert str(Money(500, "USD")) == "5.00 USD"
    assert str(Money(500, "JPY")) == "500 JPY"
    assert str(Money(500, "KWD")) == "0.500 KWD"


def test_two_currencies_never_add_up() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "USD") + Money(1, "EUR")


def test_float_noise_is_told_from_a_wrong_amount() -> None:
    assert is_exact(Decimal("53.769999999999996"), "USD")
    assert not is_exact(Decimal("53.765"), "USD")
    assert is_exact(Decimal("33.0"), "JPY")


@given(st.lists(st.integers(-(10**12), 10**12)), st.sampled_from(["USD", "JPY", "KWD"]))
def test_a_sum_is_the_sum_of_its_minor_units(minors: list[int], currency: str) -> None:
    total = Money.total((Money(minor, currency) for minor in minors), currency)
    assert total.minor == sum(minors)


@given(st.integers(0, 10**9), st.integers(1, 40))
def test_shares_with_the_remainder_last_add_up_to_the_whole(minor: int, parts: int) -> None:
    whole = Money(minor, "USD")
    rounded = [whole.share(1, parts) for _ in range(parts - 1)]
    last = whole - Money.total(rounded, "USD")
    assert Money.total([*rounded, last], "USD") == whole
    assert abs(last.minor - whole.share(1, parts).minor) <= parts


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD"]))
def test_an_amount_survives_the_way_to_the_service_and_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.amount, currency) == money
    assert exponent(currency) == -int(money.amount.as_tuple().exponent)
