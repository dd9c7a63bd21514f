"""A service that lists events and answers reads: what the feed and the inbox need, in any order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from posapp.domain.event import EventId, RawEvent
from posapp.domain.fulfilment import Fulfilment
from posapp.domain.order import Order
from posapp.gateway.errors import GatewayError, NotFound
from posapp.gateway.events import EventPage
from posapp.gateway.orders import parse_order
from posapp.gateway.river import DigitalRiver
from posapp.gateway.wire import decode_record
from tests.helpers.builders import NOON


def order_json(order_id: str, state: str, updated: datetime, **facts: Any) -> dict[str, Any]:
    """Return an order as the service writes it."""
    return {
        "id": order_id,
        "currency": "USD",
        "totalAmount": 21.61,
        "state": state,
        "createdTime": NOON.isoformat(),
        "updatedTime": updated.isoformat(),
        "email": "ada@example.com",
        "liveMode": False,
        "items": [
            {
                "id": f"{order_id}-1",
                "skuId": "MUG-01",
                "quantity": 2,
                "amount": 20.0,
                "state": "created",
            }
        ],
    } | facts


@dataclass
class EventRiver:
    """Events by age; `tell` adds one and makes it what a read answers."""

    told: list[RawEvent] = field(default_factory=list)
    orders_now: dict[str, dict[str, Any]] = field(default_factory=dict)
    failing: list[GatewayError] = field(default_factory=list)
    pages_read: int = 0
    reads: int = 0

    @property
    def events(self) -> EventRiver:
        return self

    @property
    def orders(self) -> EventRiver:
        return self

    @property
    def fulfilments(self) -> EventRiver:
        return self

    def as_river(self) -> DigitalRiver:
        """Return itself, as the type its users are declared with."""
        return cast(DigitalRiver, self)

    def tell(
        self, kind: str, order_id: str, state: str, at_s: float, *, live: bool = False, **facts: Any
    ) -> RawEvent:
        """Let something happen to an order `at_s` seconds after noon."""
        at = NOON + timedelta(seconds=at_s)
        order = order_json(order_id, state, at, **facts)
        self.orders_now[order_id] = order
        return self.add(kind, order, at, live=live)

    def add(
        self,
        kind: str,
        held: dict[str, Any],
        at: datetime,
        *,
        live: bool = False,
        event_id: str = "",
    ) -> RawEvent:
        """Add an event with any object."""
        made = event_id or f"evt-{len(self.told) + 1}"
        body = {
            "id": made,
            "type": kind,
            "createdTime": at.isoformat(),
            "liveMode": live,
            "data": {"object": held},
        }
        raw = RawEvent(EventId(made), kind, at, json.dumps(body).encode())
        self.told.append(raw)
        return raw

    async def page(self, *, limit: int, starting_after: str, created_since: datetime) -> EventPage:
        """List newest first."""
        self.pages_read += 1
        if self.failing:
            raise self.failing.pop(0)
        listed = sorted(self.told, key=lambda e: (e.created_at, e.id), reverse=True)
        listed = [event for event in listed if event.created_at > created_since]
        ids = [event.id for event in listed]
        begin = ids.index(EventId(starting_after)) + 1 if starting_after else 0
        return EventPage(tuple(listed[begin : begin + limit]), len(listed) > begin + limit)

    async def get(self, order_id: str) -> Order:
        """Read an order."""
        self.reads += 1
        if order_id not in self.orders_now:
            raise NotFound(method="GET", path="/orders/{id}", status=404)
        return parse_order(decode_record(json.dumps(self.orders_now[order_id]).encode()))

    async def list(self, _order_id: str) -> tuple[Fulfilment, ...]:
        """Read the fulfilments: none."""
        return ()
