"""The shop itself: its name, place, money and mode.

What was set once and stands on every receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.customer import Address
from posapp.domain.sale import ShippingOption


class Mode(StrEnum):
    """Which world the till sells in (design 4)."""

    TRAINING = "training"
    TEST = "test"
    LIVE = "live"


def mode_of(secret_key: str) -> Mode:
    """Return the mode a secret key decides (contract 2)."""
    return Mode.TEST if secret_key.startswith("sk_test_") else Mode.LIVE


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's own facts.

    `public_ip` is sent as the shopper's address (contract 4, `browserIp`).
    """

    name: str
    address: Address
    currency: str
    tax_inclusive: bool
    public_ip: str
    locale: str = "en_US"
    till: str = "Till 1"
    shipping: tuple[ShippingOption, ...] = ()
