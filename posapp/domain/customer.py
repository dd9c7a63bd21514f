"""Who buys: addresses, people, customers and what the service demands of them. Never asks the
service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from posapp.domain.errors import BadField

CustomerId = NewType("CustomerId", str)


class BuyerKind(StrEnum):
    """Whether a person or a firm buys (contract 4: `customerType`)."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


class FieldProblem(StrEnum):
    """What is wrong with a field; `ui/messages.py` has the sentence."""

    MISSING = "missing"
    BAD_POSTAL_CODE = "bad postal code"
    BAD_STATE = "bad state"
    BAD_EMAIL = "bad e-mail"
    BAD_PHONE = "bad phone"
    BAD_TAX_ID = "bad tax id"
    BAD_COUNTRY = "bad country"
    BAD_CURRENCY = "bad currency"
    BAD_SKU = "bad number"
    BAD_WEIGHT = "bad weight"
    BAD_KIND = "bad kind"
    TWICE = "twice"
    OPEN_QUOTE = "open quotation mark"
    BAD_PRICE = "bad price"
    BAD_IP = "bad public address"
    PRIVATE_IP = "private address"
    BAD_KEY = "bad key"
    OTHER_MODE = "key of the other mode"
    KEY_AGAIN = "key for another address"
    BAD_URL = "bad address"
    BAD_PIN = "bad PIN"
    PIN_DIFFERS = "PINs differ"
    TAKEN = "taken"
    BAD_VALUE = "bad value"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166 alpha-2, `state` the listed code where the country
    has one.
    """

    line1: str
    city: str
    postal_code: str
    country: str
    state: str = ""
    line2: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A person or firm at an address: ship-to, bill-to or the customer's own."""

    given_name: str
    family_name: str
    address: Address
    email: str = ""
    phone: str = ""
    organization: str = ""

    @property
    def name(self) -> str:
        """The full name as the service takes it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class TaxIdentifier:
    """A tax number at the service; `state` is pending, verified or not_valid (contract 21)."""

    id: str
    type: str
    value: str
    state: str


@dataclass(frozen=True, slots=True)
class SavedSource:
    """A payment instrument stored with the customer; never more than its last digits."""

    id: str
    type: str
    brand: str
    last_four: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer.

    `id` is None for a walk-in, whom the service knows only by the checkout (contract 4.3).
    """

    id: CustomerId | None
    party: Party
    kind: BuyerKind = BuyerKind.INDIVIDUAL
    locale: str = "en_US"
    sources: tuple[SavedSource, ...] = ()
    tax_identifiers: tuple[TaxIdentifier, ...] = ()

    @property
    def registered(self) -> bool:
        """Whether the service stores this buyer."""
        return self.id is not None


# The service's own patterns (contract 4, "Postal patterns"); other countries are checked for
# presence only.
_POSTAL = {
    "US": r"[0-9]{5}(?:[- ]?[0-9]{4})?",
    "DE": r"[0-9]{5}",
    "FR": r"[0-9]{5}",
    "ES": r"[0-9]{5}",
    "IT": r"[0-9]{5}",
    "CA": r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]",
    "GB": (
        r"(?:GIR ?0AA|[A-PR-UWYZ]"
        r"(?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPSTUW])"
        r" ?[0-9][ABD-HJLNP-UW-Z]{2})"
    ),
    "JP": r"[0-9]{3}-?[0-9]{4}",
}
STATES = {
    "US": tuple(
        "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH "
        "NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS FM GU MH MP PR PW "
        "VI AE AP AA".split()
    ),
    "CA": tuple("AB BC MB NB NL NS ON PE QC SK NT NU YT".split()),
}


def check_address(address: Address) -> None:
    """Raise BadField for what the service would refuse at once (contract 4, postal patterns and
    states).
    """
    for field, value in (
        ("line1", address.line1),
        ("city", address.city),
        ("postal_code", address.postal_code),
        ("country", address.country),
    ):
        if not value.strip():
            raise BadField(field, FieldProblem.MISSING)
    if not re.fullmatch(r"[A-Z]{2}", address.country):
        raise BadField("country", FieldProblem.BAD_COUNTRY)
    pattern = _POSTAL.get(address.country)
    if pattern and not re.fullmatch(pattern, address.postal_code.strip().upper()):
        raise BadField("postal_code", FieldProblem.BAD_POSTAL_CODE)
    states = STATES.get(address.country)
    if states and not address.state:
        raise BadField("state", FieldProblem.MISSING)
    if states and address.state not in states:
        raise BadField("state", FieldProblem.BAD_STATE)


def check_party(party: Party, *, business: bool = False) -> None:
    """Raise BadField unless the party can stand as bill-to or ship-to (contract 4.2)."""
    for field, value in (("given_name", party.given_name), ("family_name", party.family_name)):
        if not value.strip():
            raise BadField(field, FieldProblem.MISSING)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", party.email):
        raise BadField("email", FieldProblem.BAD_EMAIL if party.email else FieldProblem.MISSING)
    if business and not party.organization.strip():
        raise BadField("organization", FieldProblem.MISSING)
    check_address(party.address)
