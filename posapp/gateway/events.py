"""Events of the service: pages as they came, and one event understood. Never applies one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from posapp.domain.event import SYNONYMS, Event, EventId, RawEvent
from posapp.domain.fulfilment import Fulfilment
from posapp.domain.order import Order
from posapp.domain.payment import Charge
from posapp.gateway import order_shape as shape
from posapp.gateway.budget import Priority
from posapp.gateway.charges import parse_charge
from posapp.gateway.client import Client
from posapp.gateway.errors import Garbled
from posapp.gateway.fulfilments import parse_fulfilment
from posapp.gateway.order_reader import built_order, parse_order
from posapp.gateway.requests import Params, before, since
from posapp.gateway.wire import (
    Record,
    decimals,
    decode_record,
    flag,
    moment,
    record,
    required_text,
    text,
)

log = logging.getLogger(__name__)

MOST_TYPES = 19
"""How many types one list may name (contract 22 point 20)."""


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    hasMore: bool = False


class _Head(msgspec.Struct):
    id: str | int
    type: str
    createdTime: datetime


class _OrderData(shape.Part, frozen=True):
    object: shape.Order


class _OrderEvent(shape.Part, frozen=True):
    id: str
    type: str
    created_time: shape.Moment
    data: _OrderData
    live_mode: bool | None = None
    livemode: bool | None = None


_decode_page = msgspec.json.Decoder(_Page).decode
_decode_head = msgspec.json.Decoder(_Head).decode
_decode_order_event = msgspec.json.Decoder(_OrderEvent, float_hook=decimals).decode


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of events, newest first. `skipped` counts entries without a readable head."""

    events: tuple[RawEvent, ...]
    has_more: bool
    skipped: int = 0

    @property
    def last_id(self) -> str:
        """The oldest id on the page: `starting_after` of the next one."""
        return self.events[-1].id if self.events else ""


def parse_event_page(body: bytes) -> EventPage:
    """Split a page into events, each with its body as it came. Raises Garbled."""
    try:
        page = _decode_page(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Garbled(what=f"no page of events: {type(error).__name__}") from error
    events = [event for raw in page.data if (event := _parse_raw(raw)) is not None]
    skipped = len(page.data) - len(events)
    if skipped:  # without id or time nothing can be done with it; orders are re-read in any case
        log.warning("%d events without a readable head were left out", skipped)
    return EventPage(tuple(events), page.hasMore, skipped)


def _parse_raw(raw: msgspec.Raw) -> RawEvent | None:
    body = bytes(raw)
    try:
        head = _decode_head(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if head.id == "" or head.createdTime.tzinfo is None:
        return None
    return RawEvent(EventId(str(head.id)), head.type, head.createdTime, body)


def parse_event(body: bytes) -> Event:
    """Understand an event as far as it can be; its type is given in the short form of twins.

    An object that cannot be read is left out and only its order id told, so that the order gets
    read again. Raises Garbled when there is no id or time.
    """
    return _order_event(body) or _any_event(body)


def _order_event(body: bytes) -> Event | None:
    """Read an event that carries a whole order, as most do, fast; None for every other."""
    try:
        told = _decode_order_event(body)
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        return None
    kind, held = SYNONYMS.get(told.type, told.type), told.data.object
    if not kind.startswith("order.") or not held.items or not told.id:
        return None
    try:
        order = built_order(held)
    except Garbled:
        return None
    live = told.live_mode if told.live_mode is not None else told.livemode
    return Event(EventId(told.id), kind, told.created_time, live is True, order.id, order)


def _any_event(body: bytes) -> Event:
    data = decode_record(body)
    created_at = moment(data, "createdTime")
    if created_at is None:
        raise Garbled(what="createdTime is missing")
    told = text(data, "type")
    kind = SYNONYMS.get(told, told)
    held = record(record(data, "data"), "object")
    return Event(
        EventId(required_text(data, "id")),
        kind,
        created_at,
        flag(data, "liveMode", "livemode"),
        _order_id(kind, held),
        _order(kind, held),
        _charge(kind, held),
        _fulfilment(kind, held),
    )


def _is_order(kind: str, held: Record) -> bool:
    return kind.startswith("order.") and "items" in held and "captures" not in held


def _order_id(kind: str, held: Record) -> str:
    told = text(held, "orderId") or text(record(held, "orderDetails"), "id")
    if told:
        return told
    is_charge = kind.startswith("order.charge.") and not _is_order(kind, held)
    if is_charge and kind != "order.charge.reauth.failed":
        return ""
    return text(held, "id") if kind.startswith("order.") else ""


def _order(kind: str, held: Record) -> Order | None:
    if not _is_order(kind, held):
        return None
    try:
        return parse_order(held)
    except Garbled as garbled:
        log.info("%s carries no readable order: %s", kind, garbled.what)
        return None


def _charge(kind: str, held: Record) -> Charge | None:
    if not kind.startswith("order.charge.") or "items" in held or "amount" not in held:
        return None
    try:
        return parse_charge(held)
    except Garbled as garbled:
        log.info("%s carries no readable charge: %s", kind, garbled.what)
        return None


def _fulfilment(kind: str, held: Record) -> Fulfilment | None:
    if not kind.startswith("fulfillment."):
        return None
    try:
        return parse_fulfilment(held)
    except Garbled as garbled:
        log.info("%s carries no readable fulfilment: %s", kind, garbled.what)
        return None


class Events:
    """`/events`: the last 30 days, newest first (contract 14)."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def page(
        self,
        *,
        starting_after: str = "",
        ending_before: str = "",
        types: Sequence[str] = (),
        created_since: datetime | None = None,
        created_before: datetime | None = None,
        limit: int = 100,
        priority: Priority = Priority.FEED,
    ) -> EventPage:
        """Return one page, newest first: what is older than `starting_after`, or newer than
        `ending_before`, which wins. Raises GatewayError."""
        if len(types) > MOST_TYPES:
            raise ValueError(f"at most {MOST_TYPES} types")
        params: Params = [
            ("limit", str(min(max(limit, 1), 100))),
            ("startingAfter", starting_after),
            ("endingBefore", ending_before),
            *(("types", name) for name in types),
            *since("createdTime", created_since),
            *before("createdTime", created_before),
        ]
        return await self._client.read_bytes(
            "/events", parse_event_page, params=params, priority=priority
        )
