"""The shop itself: its name, place, money and mode.

What was set once and stands on every receipt.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.customer import Address, FieldProblem, check_address
from posapp.domain.errors import BadField
from posapp.domain.money import is_currency
from posapp.domain.sale import ShippingOption


class Mode(StrEnum):
    """Which world the till sells in (design 4)."""

    TRAINING = "training"
    TEST = "test"
    LIVE = "live"


def mode_of(secret_key: str) -> Mode:
    """Return the mode a secret key decides (contract 2)."""
    return Mode.TEST if secret_key.startswith("sk_test_") else Mode.LIVE


def account_of(secret_key: str) -> str:
    """Return a fingerprint of the account, to tell stores of different accounts apart."""
    return hashlib.sha256(secret_key.encode()).hexdigest()[:16]


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


def check_shop(shop: Shop) -> None:
    """Raise BadField for a fact the till or the service could not work with (contract 4, 4.2)."""
    for field, value in (("shop_name", shop.name), ("till", shop.till)):
        if not value.strip():
            raise BadField(field, FieldProblem.MISSING)
    check_address(shop.address)
    if not is_currency(shop.currency):
        raise BadField("currency", FieldProblem.BAD_CURRENCY)
    check_public_ip(shop.public_ip)


def check_public_ip(value: str) -> None:
    """Raise BadField unless this can be the shop's address on the internet.

    The service screens for fraud by it: the address behind the router tells it nothing.
    """
    if not value.strip():
        raise BadField("public_ip", FieldProblem.MISSING)
    try:
        address = ipaddress.ip_address(value.strip())
    except ValueError:
        raise BadField("public_ip", FieldProblem.BAD_IP) from None
    address = getattr(address, "ipv4_mapped", None) or address
    inside = address.is_loopback or address.is_link_local or address.is_unspecified
    if inside or address.is_multicast or any(address in net for net in _INSIDE):
        raise BadField("public_ip", FieldProblem.PRIVATE_IP)


_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)
"""Networks behind a router; documentation addresses pass, the training shop has one."""
