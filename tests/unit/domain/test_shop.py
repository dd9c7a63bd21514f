"""The shop's facts: what the service could not work with is refused before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField
from posapp.domain.shop import Mode, Shop, check_public_ip, check_shop, mode_of
from tests.helpers.builders import a_shop, an_address

SHOP = a_shop()


def _refused(shop: Shop) -> tuple[str, str]:
    with pytest.raises(BadField) as refused:
        check_shop(shop)
    return refused.value.field, refused.value.problem


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "shop_name"),
        ({"name": " \t"}, "shop_name"),
        ({"till": " "}, "till"),
        ({"public_ip": " "}, "public_ip"),
        ({"address": an_address(line1="")}, "line1"),
        ({"address": an_address(city=" ")}, "city"),
        ({"address": an_address(postal_code="")}, "postal_code"),
        ({"address": an_address(country="")}, "country"),
        ({"address": an_address(state="")}, "state"),
    ],
)
def test_a_missing_fact_is_named(change: dict[str, Any], field: str) -> None:
    assert _refused(replace(SHOP, **change)) == (field, FieldProblem.MISSING)


@pytest.mark.parametrize("currency", ["", "usd", "US", "DOLLAR", "€", "12A"])
def test_a_currency_is_three_capitals(currency: str) -> None:
    assert _refused(replace(SHOP, currency=currency)) == ("currency", FieldProblem.BAD_CURRENCY)


def test_a_postal_code_of_another_country_is_refused() -> None:
    wrong = replace(SHOP, address=an_address(postal_code="SW1A 1AA"))
    assert _refused(wrong) == ("postal_code", FieldProblem.BAD_POSTAL_CODE)


@pytest.mark.parametrize(
    "inside",
    [
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1",
        "169.254.1.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::", "ff02::1",
        "::ffff:192.168.1.1",
    ],
)  # fmt: skip
def test_the_address_behind_the_router_tells_the_fraud_check_nothing(inside: str) -> None:
    assert _refused(replace(SHOP, public_ip=inside)) == ("public_ip", FieldProblem.PRIVATE_IP)


@pytest.mark.parametrize("wrong", ["shop.example", "203.0.113", "203.0.113.256", "1.2.3.4/24", "x"])
def test_what_is_no_address_is_refused(wrong: str) -> None:
    assert _refused(replace(SHOP, public_ip=wrong)) == ("public_ip", FieldProblem.BAD_IP)


@pytest.mark.parametrize(
    "outside",
    ["203.0.113.10", " 198.51.100.7 ", "8.8.8.8", "172.32.0.1", "2001:db8::1", "2a00:1450::1"],
)
def test_an_address_on_the_internet_passes_and_so_does_one_of_the_documentation(
    outside: str,
) -> None:
    check_public_ip(outside)
    check_shop(replace(SHOP, public_ip=outside))
    assert outside.strip()


def test_the_key_decides_the_mode() -> None:
    assert mode_of("sk_test_1") is Mode.TEST
    assert mode_of("sk_1") is mode_of("sk_live_1") is Mode.LIVE
