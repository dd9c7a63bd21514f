"""The sale at the till: basket, steps and quote. Never a tax of ours, never a call:
`usecases/sale.py` makes those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from posapp.domain.catalogue import Product
from posapp.domain.customer import Address, Customer, Party
from posapp.domain.errors import BadQuantity, EmptyBasket, MixedDestinations, RuleBroken
from posapp.domain.money import Money
from posapp.domain.payment import PaymentMethod, PaymentSession

SaleId = NewType("SaleId", str)
CheckoutId = NewType("CheckoutId", str)

MOST_PER_LINE = 999


class Delivery(StrEnum):
    """How a line reaches the buyer."""

    TAKE_AWAY = "take away"
    SHIP = "ship later"
    DIGITAL = "digital"


class Step(StrEnum):
    """Where the sale stands, in the order of the step bar."""

    CART = "cart"
    CUSTOMER = "customer"
    CHECKOUT = "checkout"
    PAYMENT = "payment"
    REVIEW = "review"
    DONE = "done"


class SaleState(StrEnum):
    """Whether the sale is in hand, held, being placed, or over."""

    OPEN = "open"
    HELD = "held"
    PLACING = "placing"
    UNKNOWN = "unknown"
    DONE = "done"
    DISCARDED = "discarded"


NEXT: Mapping[SaleState, frozenset[SaleState]] = {
    SaleState.OPEN: frozenset({SaleState.HELD, SaleState.PLACING, SaleState.DISCARDED}),
    SaleState.HELD: frozenset({SaleState.OPEN, SaleState.DISCARDED}),
    SaleState.PLACING: frozenset({SaleState.DONE, SaleState.OPEN, SaleState.UNKNOWN}),
    SaleState.UNKNOWN: frozenset({SaleState.DONE, SaleState.OPEN}),
    SaleState.DONE: frozenset(),
    SaleState.DISCARDED: frozenset(),
}


class IllegalMove(RuleBroken):
    """The sale cannot go from where it is to where it was sent."""

    def __init__(self, here: SaleState, there: SaleState) -> None:
        super().__init__(f"{here} → {there}")
        self.here = here
        self.there = there


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line.

    `key` is our own and travels in the line's metadata, since line ids differ between checkout and
    order.
    """

    key: str
    sku: str
    name: str
    unit_price: Money
    quantity: int
    delivery: Delivery
    physical: bool

    @property
    def amount(self) -> Money:
        """Our price of the line, before anything the service adds."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Basket:
    """What is being sold.

    `version` rises with each edit, so that late answers can be told apart.
    """

    currency: str
    lines: tuple[BasketLine, ...] = ()
    version: int = 0

    @property
    def subtotal(self) -> Money:
        """Sum of our prices."""
        return Money.total((line.amount for line in self.lines), self.currency)

    @property
    def units(self) -> int:
        """How many pieces lie in the basket."""
        return sum(line.quantity for line in self.lines)

    @property
    def physical(self) -> bool:
        """Whether anything in it is goods."""
        return any(line.physical for line in self.lines)

    def line(self, key: str) -> BasketLine | None:
        """Return the line with this key."""
        return next((line for line in self.lines if line.key == key), None)

    def add(self, product: Product, quantity: int, key: str, delivery: Delivery) -> Basket:
        """Add units; a line of the same product and delivery grows, else a line `key` begins.
        Raises BadQuantity.
        """
        for line in self.lines:
            if line.sku == product.sku and line.delivery == delivery:
                return self.set_quantity(line.key, line.quantity + quantity)
        _check_quantity(quantity)
        begun = BasketLine(
            key, product.sku, product.name, product.price, quantity, delivery, product.physical
        )
        return self._with((*self.lines, begun))

    def set_quantity(self, key: str, quantity: int) -> Basket:
        """Set a line's units; 0 removes it. Raises BadQuantity."""
        if quantity == 0:
            return self.remove(key)
        _check_quantity(quantity)
        return self._with(
            tuple(replace(x, quantity=quantity) if x.key == key else x for x in self.lines)
        )

    def set_delivery(self, key: str, delivery: Delivery) -> Basket:
        """Say how a line of goods reaches the buyer; digital lines stay digital."""
        return self._with(
            tuple(
                replace(x, delivery=delivery) if x.key == key and x.physical else x
                for x in self.lines
            )
        )

    def remove(self, key: str) -> Basket:
        """Take a line out."""
        return self._with(tuple(line for line in self.lines if line.key != key))

    def _with(self, lines: tuple[BasketLine, ...]) -> Basket:
        return replace(self, lines=lines, version=self.version + 1)


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MOST_PER_LINE:
        raise BadQuantity(quantity, MOST_PER_LINE)


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A checkout line as returned.

    `rate` is the service's own figure, shown and never used to compute (contract 4.1).
    """

    key: str
    line_id: str
    sku: str
    name: str
    quantity: int
    amount: Money
    tax: Money
    rate: str
    duty: Money
    importer_tax: Money
    fees: Money
    seller_tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """A regulatory fee by type (contract 21)."""

    type: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """A checkout as the service returned it; every amount is its own."""

    checkout_id: CheckoutId
    upstream_id: str
    basket_version: int
    currency: str
    lines: tuple[QuoteLine, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    fees: Money
    duty: Money
    importer_tax: Money
    tax: Money
    total: Money
    tax_inclusive: bool
    session: PaymentSession
    selling_entity_id: str = ""
    selling_entity_name: str = ""
    methods: tuple[PaymentMethod, ...] = ()
    fee_details: tuple[Fee, ...] = ()
    ship_to_country: str = ""
    bill_to_country: str = ""
    live_mode: bool = False
    sale_number: str = ""
    email: str = ""

    @property
    def disclosure_country(self) -> str:
        """The country that picks the legal texts: ship-to for goods, bill-to for digital (drop-in
        5.1).
        """
        return self.ship_to_country or self.bill_to_country


@dataclass(frozen=True, slots=True)
class Consent:
    """What was disclosed and ticked: the proof that stays with us (design 5). `hashes` are sha256
    by text key.
    """

    entity_id: str
    language: str
    country: str
    hashes: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    given_at: datetime
    clerk: str
    where: str


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """A way to ship and our price for it."""

    id: str
    name: str
    price: Money


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale of this till; it survives a crash at any point."""

    id: SaleId
    number: int
    basket: Basket
    started_at: datetime
    clerk_id: str
    till: str = ""
    step: Step = Step.CART
    state: SaleState = SaleState.OPEN
    customer: Customer | None = None
    ship_to: Party | None = None
    shipping: ShippingOption | None = None
    quote: Quote | None = None
    method: PaymentMethod | None = None
    consent: Consent | None = None
    order_id: str = ""
    attempts: int = 0
    held_as: str = ""
    note: str = ""
    superseded: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The sale's number as people say it and the service's metadata carry it, e.g. "1-1042"."""
        till = self.till.removeprefix("Till ").strip()
        return f"{till}-{self.number}" if till else str(self.number)

    def moved(self, there: SaleState) -> Sale:
        """Return the sale in state `there`. Raises IllegalMove."""
        if there not in NEXT[self.state]:
            raise IllegalMove(self.state, there)
        return replace(self, state=there)

    @property
    def editable(self) -> bool:
        """Whether the basket may change: never while an order may exist."""
        return self.state in (SaleState.OPEN, SaleState.HELD)


def furthest_step(sale: Sale) -> Step:
    """Return the step to take the sale up at; answered ones are skipped (design 5)."""
    if sale.order_id:
        return Step.DONE
    if not sale.basket.lines:
        return Step.CART
    if sale.customer is None:
        return Step.CUSTOMER
    if sale.quote is None or sale.quote.basket_version != sale.basket.version:
        return Step.CHECKOUT
    if not sale.quote.session.funded:
        return Step.PAYMENT
    return Step.REVIEW


def destination(sale: Sale, shop: Address) -> Address | None:
    """Return the one ship-to of the checkout; None when nothing is goods.

    Raises EmptyBasket, and MixedDestinations when take-away and shipping lines would be taxed at
    two places (design 5).
    """
    if not sale.basket.lines:
        raise EmptyBasket
    deliveries = {line.delivery for line in sale.basket.lines if line.physical}
    home = sale.ship_to.address if sale.ship_to else None
    if home is None and sale.customer is not None:
        home = sale.customer.party.address
    if not deliveries:
        return None
    if deliveries == {Delivery.TAKE_AWAY}:
        return shop
    if Delivery.TAKE_AWAY in deliveries and home is not None:
        same = (home.country, home.state, home.postal_code) == (
            shop.country,
            shop.state,
            shop.postal_code,
        )
        if not same:
            raise MixedDestinations
    return home
