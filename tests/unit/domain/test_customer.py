"""What the service would refuse about an address is found before it is asked."""

from __future__ import annotations

import pytest

from posapp.domain.customer import FieldProblem, check_address, check_party
from posapp.domain.errors import BadField
from tests.helpers.builders import a_party, an_address


@pytest.mark.parametrize(
    ("country", "postal_code", "state"),
    [
        ("US", "55401", "MN"),
        ("US", "55401-1234", "MN"),
        ("CA", "M5V 2T6", "ON"),
        ("GB", "SW1A 1AA", ""),
        ("GB", "gir 0aa", ""),
        ("DE", "10115", ""),
        ("FR", "75001", ""),
        ("JP", "100-0001", ""),
        ("NO", "anything", ""),
    ],
)
def test_good_addresses_pass(country: str, postal_code: str, state: str) -> None:
    address = an_address(country=country, postal_code=postal_code, state=state)
    check_address(address)
    assert address.country == country


@pytest.mark.parametrize(
    ("facts", "field", "problem"),
    [
        ({"postal_code": "1234"}, "postal_code", FieldProblem.BAD_POSTAL_CODE),
        (
            {"postal_code": "D5V 2T6", "country": "CA", "state": "ON"},
            "postal_code",
            "bad postal code",
        ),
        ({"state": ""}, "state", FieldProblem.MISSING),
        ({"state": "XX"}, "state", FieldProblem.BAD_STATE),
        ({"city": " "}, "city", FieldProblem.MISSING),
        ({"country": "usa"}, "country", FieldProblem.BAD_COUNTRY),
    ],
)
def test_what_the_service_would_refuse_is_named(
    facts: dict[str, str], field: str, problem: str
) -> None:
    with pytest.raises(BadField) as caught:
        check_address(an_address(**facts))
    assert (caught.value.field, caught.value.problem) == (field, problem)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"given_name": ""}, "given_name"),
        ({"family_name": " "}, "family_name"),
        ({"email": ""}, "email"),
        ({"email": "ada@home"}, "email"),
    ],
)
def test_a_buyer_needs_names_and_an_e_mail(facts: dict[str, str], field: str) -> None:
    with pytest.raises(BadField) as caught:
        check_party(a_party(**facts))
    assert caught.value.field == field


def test_a_firm_needs_its_name() -> None:
    with pytest.raises(BadField):
        check_party(a_party(), business=True)
    firm = a_party(organization="Analytical Engines")
    check_party(firm, business=True)
    assert firm.name == "Ada Lovelace"
