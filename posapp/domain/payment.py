"""How something is paid, as the service tells it: sources, sessions, charges. Never holds card
data, only last digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from posapp.domain.money import Money

SourceId = NewType("SourceId", str)
ChargeId = NewType("ChargeId", str)

FUNDED = "requires_confirmation"
"""The only session state from which an order may be made (contract 5)."""


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A source applied to a checkout or order.

    `type` is the service's word (creditCard, wireTransfer …). `pay_to` is where the buyer sends
    the money of a method that waits for it: the service's name of each fact, and the fact.
    """

    source_id: SourceId
    type: str
    amount: Money | None
    brand: str = ""
    last_four: str = ""
    state: str = ""
    reusable: bool = False
    reference: str = ""
    pay_to: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NextAction:
    """What the buyer must still do after the order (contract 5): open `redirect_url`, or read
    instructions.
    """

    action: str
    redirect_url: str = ""
    source_id: str = ""
    source_client_secret: str = ""


@dataclass(frozen=True, slots=True)
class PaymentSession:
    """How far payment has got (contract 5). `state` is the service's own word."""

    id: str
    state: str
    contributed: Money
    remaining: Money
    next_action: NextAction | None = None

    @property
    def funded(self) -> bool:
        """Whether an order may be made now."""
        return self.state == FUNDED and not self.remaining


class OperationState(StrEnum):
    """State of a capture, cancel or charge refund (contract 9)."""

    PENDING = "pending"
    PENDING_INFORMATION = "pending_information"
    COMPLETE = "complete"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OperationKind(StrEnum):
    """Which way the money of a charge moved."""

    CAPTURE = "capture"
    CANCEL = "cancel"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class ChargeOperation:
    """One money movement inside a charge."""

    id: str
    kind: OperationKind
    amount: Money
    state: OperationState
    created_at: datetime | None = None
    updated_at: datetime | None = None
    fulfilment_id: str = ""


class ChargeState(StrEnum):
    """State of a charge (contract 9)."""

    PENDING = "pending"
    CAPTURABLE = "capturable"
    PROCESSING = "processing"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Charge:
    """The authorisation of one source (contract 9)."""

    id: ChargeId
    order_id: str
    source_id: str
    amount: Money
    state: ChargeState
    operations: tuple[ChargeOperation, ...] = ()
    created_at: datetime | None = None
