"""The order as the service tells it, and how two tellings become one.

Mirrors the service's states, never re-implements them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from posapp.domain.customer import Party
from posapp.domain.money import Money
from posapp.domain.payment import Charge, ChargeState, NextAction, OperationState, PaymentMethod

OrderId = NewType("OrderId", str)
LineId = NewType("LineId", str)


class OrderState(StrEnum):
    """State of an order (contract 8). UNKNOWN keeps the service's word in `Order.raw_state`."""

    PENDING_PAYMENT = "pending_payment"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    FULFILLED = "fulfilled"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    DISPUTE = "dispute"
    RETURNED = "returned"
    UNKNOWN = "unknown"


class LineState(StrEnum):
    """State of an order line (contract 8)."""

    CREATED = "created"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    RETURNED = "returned"
    PAID = "paid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line; `key` is the basket line's key, found again in the line's metadata."""

    id: LineId
    sku: str
    name: str
    quantity: int
    amount: Money
    tax: Money
    rate: str
    shipping: Money
    shipping_tax: Money
    state: LineState
    physical: bool | None = None
    key: str = ""
    fees: Money | None = None

    @property
    def gross(self) -> Money:
        """What a full capture of the line takes: goods, tax and its shipping (contract 10)."""
        return self.amount + self.tax + self.shipping + self.shipping_tax

    def part(self, units: int) -> Money:
        """What `units` of the line take; goods, tax and shipping are rounded one by one."""
        parts = (self.amount, self.tax, self.shipping, self.shipping_tax)
        return Money.total((x.share(units, self.quantity) for x in parts), self.amount.currency)


@dataclass(frozen=True, slots=True)
class Order:
    """A sales record of the service; every amount is its own."""

    id: OrderId
    state: OrderState
    raw_state: str
    currency: str
    total: Money
    lines: tuple[OrderLine, ...]
    checkout_id: str = ""
    upstream_id: str = ""
    sale_number: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    fraud_state: str = ""
    customer_id: str = ""
    email: str = ""
    bill_to: Party | None = None
    ship_to: Party | None = None
    selling_entity_id: str = ""
    selling_entity_name: str = ""
    subtotal: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    discount: Money | None = None
    fees: Money | None = None
    duty: Money | None = None
    captured: Money | None = None
    cancelled: Money | None = None
    refunded: Money | None = None
    refundable: Money | None = None
    charges: tuple[Charge, ...] = ()
    methods: tuple[PaymentMethod, ...] = ()
    session_state: str = ""
    next_action: NextAction | None = None
    transitions: tuple[tuple[str, datetime], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    live_mode: bool = False

    @property
    def buyer(self) -> str:
        """A name to show: bill-to, ship-to, or the e-mail."""
        for party in (self.bill_to, self.ship_to):
            if party is not None and party.name:
                return party.name
        return self.email

    def line(self, line_id: str) -> OrderLine | None:
        """Return the line with this id."""
        return next((line for line in self.lines if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of two tellings: the order to keep, and whether only a fresh read can tell."""

    order: Order
    changed: bool
    reread: bool = False


def merge(known: Order | None, told: Order) -> Merged:
    """Join what we hold with what we were told (design 7): the newer `updated_at` wins, repeats
    change nothing.

    On a tie with other content, or when a time is missing, nothing is guessed: `reread` asks for
    the order itself.
    """
    if known is None:
        return Merged(told, changed=True, reread=told.updated_at is None)
    if told == known:
        return Merged(known, changed=False)
    if told.updated_at is None or known.updated_at is None:
        return Merged(known, changed=False, reread=True)
    if told.updated_at > known.updated_at:
        return Merged(_keep_richer(known, told), changed=True)
    if told.updated_at < known.updated_at:
        return Merged(known, changed=False)
    return Merged(known, changed=False, reread=True)


def merge_read(known: Order | None, read: Order) -> Merged:
    """Join with the answer of a read of the order itself, which is the truth unless it is older
    than what we hold.
    """
    if known is None:
        return Merged(read, changed=True)
    older = (
        read.updated_at is not None
        and known.updated_at is not None
        and read.updated_at < known.updated_at
    )
    if older or read == known:
        return Merged(known, changed=False)
    return Merged(_keep_richer(known, read), changed=True)


def merge_charge(known: Order, charge: Charge) -> Merged:
    """Put a charge told by an event into the order; the order's own sums then need a fresh read."""
    if charge in known.charges:
        return Merged(known, changed=False, reread=True)
    others = tuple(held for held in known.charges if held.id != charge.id)
    return Merged(replace(known, charges=(*others, charge)), changed=True, reread=True)


def _keep_richer(known: Order, told: Order) -> Order:
    """Events carry less than a read does; what they leave out we keep."""
    kept = {
        name: getattr(known, name)
        for name in ("charges", "methods", "transitions")
        if not getattr(told, name) and getattr(known, name)
    }
    names = {line.id: line for line in known.lines}
    lines = tuple(
        replace(line, name=line.name or names[line.id].name, key=line.key or names[line.id].key)
        if line.id in names
        else line
        for line in told.lines
    )
    return replace(told, lines=lines, **kept)


class Light(StrEnum):
    """The release light (design 5)."""

    RELEASE = "release goods"
    HOLD = "hold"
    DO_NOT_RELEASE = "do not release"
    STALE = "unknown: too old"


_FAILED = frozenset({"failed", "cancelled"})
_MAY_LEAVE = frozenset({OrderState.ACCEPTED, OrderState.FULFILLED, OrderState.COMPLETE})
_MUST_STAY = frozenset({OrderState.BLOCKED, OrderState.CANCELLED, OrderState.RETURNED})
STALE_AFTER_S = 60.0


def release_light(order: Order, age_s: float, *, stale_after_s: float = STALE_AFTER_S) -> Light:
    """Say whether goods may leave.

    `age_s` is the age of the last answer about *this* order, in seconds.
    """
    if order.state in _MUST_STAY or order.session_state in _FAILED:
        return Light.DO_NOT_RELEASE
    if any(charge.state is ChargeState.FAILED for charge in order.charges):
        return Light.DO_NOT_RELEASE
    if capture_failed(order):  # contract 10: stop the shipment
        return Light.DO_NOT_RELEASE
    if age_s > stale_after_s:
        return Light.STALE
    return Light.RELEASE if order.state in _MAY_LEAVE else Light.HOLD


class Owner(StrEnum):
    """Who must act next."""

    CUSTOMER = "customer"
    SERVICE = "Digital River"
    US = "us"
    NOBODY = "nobody"


class Outlook(StrEnum):
    """What happens next with an order; `ui/messages.py` has sentence and action for each (design
    7).
    """

    AWAITING_PAYMENT = "awaiting payment"
    IN_REVIEW = "in review"
    TO_FULFIL = "to fulfil"
    SENDING = "sending"
    CAPTURE_FAILED = "capture failed"
    PAYMENT_FAILED = "payment failed"
    BLOCKED = "blocked"
    CAPTURING = "capturing"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    DISPUTE = "dispute"
    RETURNED = "returned"
    UNKNOWN = "unknown"


OWNER: dict[Outlook, Owner] = {
    Outlook.AWAITING_PAYMENT: Owner.CUSTOMER,
    Outlook.IN_REVIEW: Owner.SERVICE,
    Outlook.TO_FULFIL: Owner.US,
    Outlook.SENDING: Owner.SERVICE,
    Outlook.CAPTURE_FAILED: Owner.US,
    Outlook.PAYMENT_FAILED: Owner.US,
    Outlook.BLOCKED: Owner.US,
    Outlook.CAPTURING: Owner.SERVICE,
    Outlook.COMPLETE: Owner.NOBODY,
    Outlook.CANCELLED: Owner.NOBODY,
    Outlook.DISPUTE: Owner.SERVICE,
    Outlook.RETURNED: Owner.NOBODY,
    Outlook.UNKNOWN: Owner.US,
}

_BY_STATE = {
    OrderState.PENDING_PAYMENT: Outlook.AWAITING_PAYMENT,
    OrderState.IN_REVIEW: Outlook.IN_REVIEW,
    OrderState.ACCEPTED: Outlook.TO_FULFIL,
    OrderState.BLOCKED: Outlook.BLOCKED,
    OrderState.FULFILLED: Outlook.CAPTURING,
    OrderState.COMPLETE: Outlook.COMPLETE,
    OrderState.CANCELLED: Outlook.CANCELLED,
    OrderState.DISPUTE: Outlook.DISPUTE,
    OrderState.RETURNED: Outlook.RETURNED,
    OrderState.UNKNOWN: Outlook.UNKNOWN,
}


def capture_failed(order: Order) -> bool:
    """Say whether money that should have been taken was not (contract 10: stop the shipment)."""
    return any(
        operation.state is OperationState.FAILED and operation.kind == "capture"
        for charge in order.charges
        for operation in charge.operations
    )


def outlook(order: Order, *, sending: bool = False) -> Outlook:
    """Say what happens next. `sending` means that an intent of ours is waiting in the outbox."""
    if capture_failed(order) and order.state in _MAY_LEAVE:
        return Outlook.CAPTURE_FAILED
    unpaid = order.session_state in _FAILED or any(
        charge.state is ChargeState.FAILED for charge in order.charges
    )
    if unpaid and order.state not in (OrderState.BLOCKED, OrderState.RETURNED):
        return Outlook.PAYMENT_FAILED
    if sending and order.state is OrderState.ACCEPTED:
        return Outlook.SENDING
    return _BY_STATE[order.state]
