"""People and addresses in the service's shape. Never checks them: the domain does."""

from __future__ import annotations

from posapp.domain.customer import Address, Party
from posapp.gateway.wire import Record, filled, record, text


def address_body(address: Address) -> dict[str, object]:
    """Return the address as the service takes it."""
    return filled(
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        postalCode=address.postal_code,
        state=address.state,
        country=address.country,
    )


def party_body(party: Party, *, address: Address | None = None) -> dict[str, object]:
    """Return a ship-to or bill-to block, at `address` if given, else at the party's own."""
    return filled(
        name=party.name,
        phone=party.phone,
        organization=party.organization,
        address=address_body(address or party.address),
    )


def parse_address(data: Record) -> Address:
    """Read an address; what is absent stays empty."""
    return Address(
        text(data, "line1"),
        text(data, "city"),
        text(data, "postalCode"),
        text(data, "country"),
        text(data, "state"),
        text(data, "line2"),
    )


def split_name(name: str) -> tuple[str, str]:
    """Return (given, family): the service keeps one name, so the last word is the family's."""
    given, _, family = name.strip().rpartition(" ")
    return given.strip(), family


def parse_party(data: Record) -> Party:
    """Read a ship-to or bill-to block."""
    given, family = split_name(text(data, "name"))
    return Party(
        given,
        family,
        parse_address(record(data, "address")),
        text(data, "email"),
        text(data, "phone"),
        text(data, "organization"),
    )


def parse_party_if_any(data: Record, key: str) -> Party | None:
    """Read the party under `key`; None when there is none."""
    held = data.get(key)
    return somebody(parse_party(held)) if type(held) is dict and held else None


_NOBODY = Party("", "", Address("", "", "", ""))


def somebody(party: Party) -> Party | None:
    """Return the party, None if nothing at all is known of it."""
    if party.family_name or party.address.country or party != _NOBODY:
        return party
    return None
