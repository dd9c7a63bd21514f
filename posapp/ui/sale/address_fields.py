"""Which fields a buyer's form has in which country. Knows how a country writes addresses, nothing
else.

What the service refuses is checked by `domain.customer.check_party`; this only asks for the right
things.
"""

from __future__ import annotations

from posapp.domain.customer import Address, BuyerKind, Party
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressField
from posapp.ui.kit.countries import countries, town_fields


def buyer_fields(country: str, kind: BuyerKind) -> tuple[AddressField, ...]:
    """Return the fields of a buyer's form in this country."""
    return (
        *_person(kind),
        AddressField("country", tr("Country"), choices=countries(), span=6),
        AddressField("line1", tr("Street and number"), span=4),
        AddressField("line2", tr("Flat, floor"), is_required=False, span=2),
        *town_fields(country),
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
