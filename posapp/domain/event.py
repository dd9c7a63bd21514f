"""An event of the service, parsed. Unknown types are normal and never fatal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from posapp.domain.fulfilment import Fulfilment
from posapp.domain.order import Order
from posapp.domain.payment import Charge

EventId = NewType("EventId", str)

# Twin names of one fact (contract 13) → the short form.
SYNONYMS = {
    "order.charge.capture.completed": "order.charge.capture.complete",
    "order.charge.completed": "order.charge.complete",
    "order.charge.refund.completed": "order.charge.refund.complete",
    "fulfillment.create": "fulfillment.created",
    "refund.succeeded": "refund.complete",
}


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event as it lies in the inbox: its head, and its body as it came."""

    id: EventId
    type: str
    created_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """An event understood as far as it can be: at most one of `order`, `charge`, `fulfilment` is
    set.
    """

    id: EventId
    type: str
    created_at: datetime
    live_mode: bool
    order_id: str = ""
    order: Order | None = None
    charge: Charge | None = None
    fulfilment: Fulfilment | None = None
