"""Postal rules of the pretend service: codes, states, needed parts (contract section 4)."""

from __future__ import annotations

import re

from posapp.sandbox.wire import Json, conflict, invalid, missing

_FIVE = re.compile(r"\d{5}\Z", re.ASCII)
POSTAL = {
    "US": re.compile(r"[0-9]{5}(?:[- ]?[0-9]{4})?\Z"),
    "DE": _FIVE,
    "FR": _FIVE,
    "ES": _FIVE,
    "IT": _FIVE,
    "CA": re.compile(r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\Z", re.ASCII | re.IGNORECASE),
    "GB": re.compile(
        r"(GIR ?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
        r" ?[0-9][ABD-HJLNP-UW-Z]{2})\Z",
        re.IGNORECASE,
    ),
}
US_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS FM GU MH MP PR PW VI AE AP "
    "AA".split()
)
CA_STATES = frozenset("AB BC MB NB NL NS ON PE QC SK NT NU YT".split())
STATES = {"US": US_STATES, "CA": CA_STATES}
EMBARGOED = frozenset({"CU", "IR", "KP", "SY"})
# first digit of a ZIP code -> states that use it, enough to tell a code that cannot be right
ZIP_STATES = {
    "0": "CT MA ME NH NJ PR RI VT VI NY AE",
    "1": "DE NY PA",
    "2": "DC MD NC SC VA WV",
    "3": "AL FL GA MS TN AA",
    "4": "IN KY MI OH",
    "5": "IA MN MT ND SD WI",
    "6": "IL KS MO NE",
    "7": "AR LA OK TX",
    "8": "AZ CO ID NM NV UT WY TX",
    "9": "AK CA HI OR WA AS FM GU MH MP PW AP",
}


def zip_fits(state: str | None, postal_code: str | None) -> bool:
    """Whether a US ZIP code is real enough and lies in that state."""
    if not postal_code or not POSTAL["US"].match(postal_code):
        return False
    return state is None or state in ZIP_STATES[postal_code[0]].split()


def check_codes(address: Json, *, needs_state: bool = True, block: str = "") -> None:
    """Country, state and postal code of an address; raises Problem 400 or 409.

    `block` names where the address stands: a missing state is told by its whole path, a wrong one
    is not (the vendor's samples).
    """
    country = address["country"]
    if country in EMBARGOED:
        raise conflict("country_unsupported", "We cannot sell there.", "country")
    postal_code = address.get("postalCode")
    pattern = POSTAL.get(country)
    if pattern and postal_code and not pattern.match(postal_code):
        raise invalid("address.postalCode", "Check the postal code.")
    states = STATES.get(country)
    if states and (needs_state or address.get("state")):
        state = address.get("state")
        if not state:
            raise missing(f"{block}address.state")
        if state not in states:
            raise invalid("address.state", "Check the state.")


def check_ship_to(block: Json) -> None:
    """A ship-to block of a physical sale, complete at once (contract section 4)."""
    address = block.get("address") or {}
    for part in ("line1", "city", "postalCode"):
        if not address.get(part):
            raise missing("address.line1" if part == "line1" else f"shipTo.address.{part}")
    _check_block(block, address, name="shipTo.")


def check_bill_to(block: Json) -> None:
    """A bill-to block; it may still be incomplete, what is there must be right."""
    _check_block(block, block["address"], needs_state=False)


def _check_block(block: Json, address: Json, *, needs_state: bool = True, name: str = "") -> None:
    check_codes(address, needs_state=needs_state, block=name)
    extra = block.get("additionalAddressInfo") or {}
    if address["country"] == "BR" and not extra.get("neighborhood"):
        raise missing("additionalAddressInfo.neighborhood")
