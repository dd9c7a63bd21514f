"""The shape of an order as the contract prescribes it, for the fast reader. Holds no rule.

What is not listed is skipped; what does not fit makes the fast reader give up. Amounts are left as
they came: exact decimals, integers or texts; an absent one that counts is 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Part(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A part of an order as the contract has it; amounts are exact decimals of any size."""


class Product(Part, frozen=True):
    """What a line sells."""

    id: str = ""
    name: str = ""
    physical: bool | None = None


class Tax(Part, frozen=True):
    """A line's tax."""

    rate: Any = None
    amount: Any = 0


class Shipping(Part, frozen=True):
    """A line's share of the shipping."""

    amount: Any = 0
    tax_amount: Any = 0


class Fees(Part, frozen=True):
    """A line's fees."""

    amount: Any = None


class LineKey(Part, frozen=True):
    """Our key of a line."""

    line: str = ""


class Line(Part, frozen=True):
    """A line."""

    id: str
    sku_id: str = ""
    product_details: Product = Product()
    quantity: int = 1
    amount: Any = 0
    tax: Tax = Tax()
    shipping: Shipping = Shipping()
    fees: Fees = Fees()
    state: str = ""
    metadata: LineKey = LineKey()


class Address(Part, frozen=True):
    """An address."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    postal_code: str = ""
    state: str = ""
    country: str = ""


class Party(Part, frozen=True):
    """Ship-to or bill-to."""

    name: str = ""
    email: str = ""
    phone: str = ""
    organization: str = ""
    address: Address = Address()


class Charge(Part, frozen=True):
    """A charge inside an order."""

    id: str
    amount: Any
    currency: str = ""
    order_id: str = ""
    source_id: str = ""
    state: str = ""
    created_time: Moment | None = None
    captures: tuple[dict[str, Any], ...] = ()
    cancels: tuple[dict[str, Any], ...] = ()
    refunds: tuple[dict[str, Any], ...] = ()


class Session(Part, frozen=True):
    """The payment session."""

    state: str = ""
    next_action: Any = None


class Payment(Part, frozen=True):
    """The payment block."""

    charges: tuple[Charge, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    session: Session = Session()


class Entity(Part, frozen=True):
    """The selling entity."""

    id: str = ""
    name: str = ""


class Order(Part, frozen=True):
    """The whole."""

    id: str
    currency: str
    total_amount: Any
    items: tuple[Line, ...] = ()
    state: str = ""
    checkout_id: str = ""
    upstream_id: str = ""
    created_time: Moment | None = None
    updated_time: Moment | None = None
    fraud_state: str = ""
    customer_id: str = ""
    email: str = ""
    bill_to: Party | None = None
    ship_to: Party | None = None
    selling_entity: Entity = Entity()
    subtotal: Any = None
    total_tax: Any = None
    total_shipping: Any = None
    total_discount: Any = None
    total_fees: Any = None
    total_duty: Any = None
    captured_amount: Any = None
    cancelled_amount: Any = None
    refunded_amount: Any = None
    available_to_refund_amount: Any = None
    payment: Payment = Payment()
    state_transitions: dict[str, Moment] = {}
    metadata: dict[str, Any] = {}
    live_mode: bool | None = None
    livemode: bool | None = None
