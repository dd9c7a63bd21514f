"""A shop, its customer and its baskets, for the gateway's tests."""

from __future__ import annotations

from posapp.domain.catalogue import Product
from posapp.domain.customer import Address, BuyerKind, Customer, CustomerId, Party
from posapp.domain.money import Money
from posapp.domain.sale import Basket, Delivery, ShippingOption
from posapp.domain.shop import Shop

SHOP_ADDRESS = Address("1 High Street", "Minneapolis", "55401", "US", "MN")
HOME = Address("400 Example Avenue", "Paradise", "95969", "US", "CA", "Flat 2")
ANNA = Party("Anna Maria", "Berg", HOME, "anna@example.com", "+1 555 0100")
PARCEL = ShippingOption("parcel", "Two-day parcel", Money(750, "USD"))

MUG = Product("mug-blue", "Blue mug", Money(3000, "USD"), True, "4323.310_A", "US")
SONG = Product("song-1", "A song", Money(129, "USD"), False, "4323.310", "US")


def shop(*, tax_inclusive: bool = False, currency: str = "USD") -> Shop:
    """Return the shop."""
    return Shop("Corner", SHOP_ADDRESS, currency, tax_inclusive, "192.0.2.10")


def customer(*, registered: bool = False, business: bool = False) -> Customer:
    """Return Anna, walk-in unless registered."""
    return Customer(
        CustomerId("cust-000123") if registered else None,
        ANNA,
        BuyerKind.BUSINESS if business else BuyerKind.INDIVIDUAL,
        "de_DE",
    )


def basket(*deliveries: Delivery) -> Basket:
    """Return a basket with two mugs each way asked for; DIGITAL gives songs."""
    held = Basket("USD")
    for number, delivery in enumerate(deliveries, 1):
        product = SONG if delivery is Delivery.DIGITAL else MUG
        held = held.add(product, 2, f"line-{number}", delivery)
    return held
