"""Events: kept as they came, understood as far as they can be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from posapp.gateway.errors import Garbled
from posapp.gateway.events import MOST_TYPES, parse_event, parse_event_page
from tests.helpers.logfail import LogWatch
from tests.unit.gateway.service import PaperService, page, sample


def _event(kind: str, held: object, **changes: Any) -> bytes:
    body = sample("Event") | {"type": kind, "data": {"object": held}} | changes
    return json.dumps(body).encode()


async def test_a_page_keeps_every_body_as_it_came(service: PaperService) -> None:
    odd = (
        '{ "id":"e1", "type":"order.accepted",'
        '"createdTime":"2026-03-02T09:00:00.541120Z","x":53.769999999999996}'
    )
    service.answer(httpx.Response(200, content=f'{{"hasMore":true,"data":[{odd}]}}'.encode()))
    got = await service.river().events.page(starting_after="e2", ending_before="e0", limit=7)
    assert [event.body.decode() for event in got.events] == [odd]
    assert got.events[0].created_at == datetime(2026, 3, 2, 9, 0, 0, 541120, tzinfo=UTC)
    assert (got.has_more, got.last_id) == (True, "e1")
    assert service.lines == ["GET /events?limit=7&startingAfter=e2&endingBefore=e0"]


async def test_a_page_can_be_narrowed(service: PaperService) -> None:
    service.answer(page())
    river = service.river()
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    await river.events.page(types=("order.accepted", "order.blocked"), created_since=noon)
    assert service.lines == [
        "GET /events?limit=100&types=order.accepted&types=order.blocked"
        "&createdTime%5Bgte%5D=2026-03-02T12%3A00%3A00Z"
    ]
    with pytest.raises(ValueError, match="types"):
        await river.events.page(types=["x"] * (MOST_TYPES + 1))


def test_an_event_without_a_head_does_not_stop_the_feed(expected_log: LogWatch) -> None:
    expected_log.expect("2 events without a readable head", logger="posapp.gateway.events")
    good = sample("Event")
    got = parse_event_page(
        json.dumps(
            page({"id": "", "type": "x"}, good | {"id": 7}, {"type": "order.accepted"})
        ).encode()
    )
    assert [event.id for event in got.events] == ["7"]
    assert got.skipped == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data":3}', b'{"data":null}', b"\xff"])
def test_what_is_no_page_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled):
        parse_event_page(body)


def test_an_order_event_brings_the_order() -> None:
    event = parse_event(_event("order.accepted", sample("Order")))
    assert event.order is not None
    assert event.order_id == event.order.id == "700100200301"
    assert event.charge is None
    assert not event.live_mode


def test_a_thin_order_event_still_names_the_order() -> None:
    event = parse_event(json.dumps(sample("Event")).encode())
    assert (event.type, event.order_id, event.order) == ("order.accepted", "700100200301", None)


def test_a_charge_event_brings_the_charge() -> None:
    event = parse_event(_event("order.charge.capture.completed", sample("Charge")))
    assert event.type == "order.charge.capture.complete"  # twin names read as one
    assert event.charge is not None
    assert event.order_id == event.charge.order_id == "700100200301"
    assert event.order is None


def test_a_charge_event_may_carry_the_order_instead() -> None:
    event = parse_event(_event("order.charge.failed", sample("Order")))
    assert event.order is not None
    assert event.charge is None
    assert event.order_id == "700100200301"


def test_a_charge_id_is_never_taken_for_an_order_id() -> None:
    charge = sample("Charge")
    del charge["orderId"]
    event = parse_event(_event("order.charge.failed", charge))
    assert event.order_id == ""


def test_a_fulfilment_event_brings_the_fulfilment() -> None:
    held = sample("Fulfillment")
    del held["orderId"]
    held["orderDetails"] = {"id": "700100200301", "state": "accepted"}
    event = parse_event(_event("fulfillment.create", held))
    assert event.type == "fulfillment.created"
    assert event.fulfilment is not None
    assert event.order_id == event.fulfilment.order_id == "700100200301"


@pytest.mark.parametrize(
    ("kind", "held", "order_id"),
    [
        ("order.invoice.created", {"fileId": "f", "orderId": "o1"}, "o1"),
        ("refund.pending", {"id": "re_1", "orderId": "o1", "items": []}, "o1"),
        ("return.accepted", {"id": "ret_1", "orderId": "o1"}, "o1"),
        ("checkout.created", {"id": "c1", "items": [], "totalAmount": 1}, ""),
        ("customer.updated", {"id": "c1"}, ""),
        ("a.type.of.tomorrow", {"id": "x"}, ""),
        ("order.of.tomorrow", {"id": "o1"}, "o1"),
        ("order.accepted", None, ""),
        ("order.accepted", [1, 2], ""),
    ],
)
def test_every_event_names_its_order_if_it_has_one(kind: str, held: object, order_id: str) -> None:
    event = parse_event(_event(kind, held))
    assert event.order_id == order_id
    assert (event.order, event.charge, event.fulfilment) == (None, None, None)


def test_an_unreadable_order_inside_is_left_to_a_fresh_read() -> None:
    held = sample("Order") | {"totalAmount": "much"}
    event = parse_event(_event("order.accepted", held))
    assert (event.order, event.order_id) == (None, "700100200301")


@pytest.mark.parametrize("change", [{"id": None}, {"createdTime": "yesterday"}])
def test_without_id_or_time_it_is_no_event(change: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        parse_event(_event("order.accepted", {}, **change))
