"""A shop to practise in: what a fresh machine sells and who works there.

Never used with a live key.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posapp.domain.catalogue import Product
from posapp.domain.changes import CatalogueChanged
from posapp.domain.customer import Address
from posapp.domain.money import Money
from posapp.domain.sale import ShippingOption
from posapp.domain.shop import Shop
from posapp.domain.staff import Role, Staff, StaffId
from posapp.usecases.staff import hash_pin

if TYPE_CHECKING:
    from posapp.store.store import Store
    from posapp.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Seed:
    """A shop as the seed file or its first administrator tells it. The PINs are not in `repr`."""

    shop: Shop
    products: tuple[Product, ...]
    staff: tuple[tuple[Staff, str], ...] = field(repr=False)


def read_seed(path: Path, till: str) -> Seed:
    """Return the shop of a seed file. Raises OSError, tomllib.TOMLDecodeError, KeyError."""
    told = tomllib.loads(path.read_text("utf-8"))
    currency = told["shop"]["currency"]
    return Seed(
        shop=_shop(told["shop"], told.get("shipping", []), till),
        products=tuple(_product(entry, currency) for entry in told["product"]),
        staff=tuple(
            (Staff(StaffId(x["id"]), x["name"], Role(x["role"])), x["pin"]) for x in told["staff"]
        ),
    )


def _shop(told: Mapping[str, Any], shipping: list[Mapping[str, str]], till: str) -> Shop:
    currency = told["currency"]
    return Shop(
        name=told["name"],
        address=Address(
            line1=told["line1"],
            city=told["city"],
            postal_code=told["postal_code"],
            state=told["state"],
            country=told["country"],
        ),
        currency=currency,
        tax_inclusive=told["tax_inclusive"],
        public_ip=told["public_ip"],
        locale=told["locale"],
        till=till,
        shipping=tuple(
            ShippingOption(x["id"], x["name"], Money.of(x["price"], currency)) for x in shipping
        ),
    )


def _product(told: Mapping[str, Any], currency: str) -> Product:
    facts = {name: value for name, value in told.items() if name != "price"}
    return Product(price=Money.of(told["price"], currency), **facts)


async def seed_if_empty(store: Store, seed: Seed) -> bool:
    """Fill a store that has no shop yet; returns whether it did."""
    if await store.shared.read(lambda tx: tx.shop.get()) is not None:
        return False
    hashes = await asyncio.gather(*(asyncio.to_thread(hash_pin, pin) for _, pin in seed.staff))

    def work(tx: Tx) -> None:
        tx.shop.save(seed.shop)
        tx.products.save_all(seed.products)
        for (staff, _), hashed in zip(seed.staff, hashes, strict=True):
            tx.staff.save(staff, hashed)
        tx.announce(CatalogueChanged())

    await store.shared.write(work)
    return True
