"""Fulfilments: reported once, found again by our key."""

from __future__ import annotations

import json

import httpx
import pytest

from posapp.domain.fulfilment import FulfilmentItem, FulfilmentRequest, Tracking
from posapp.domain.order import LineId, OrderId
from posapp.gateway.errors import Conflict, LostAnswer
from posapp.gateway.fulfilments import fulfilment_body, parse_fulfilment
from tests.unit.gateway.service import PaperService, broken_rules, page, refused, sample

REQUEST = FulfilmentRequest(
    "req-1",
    OrderId("700100200301"),
    (FulfilmentItem(LineId("l1"), 2), FulfilmentItem(LineId("l2"), 1, 3)),
    Tracking("UPS", "1Z999", "https://carrier.example/1Z999"),
    decided_by="Berta",
)


def test_shipped_and_dropped_units_travel_with_our_key() -> None:
    text = fulfilment_body(REQUEST)
    assert broken_rules("FulfillmentRequest", text) == []
    assert json.loads(text) == {
        "orderId": "700100200301",
        "items": [
            {"itemId": "l1", "quantity": 2},
            {"itemId": "l2", "quantity": 1, "cancelQuantity": 3},
        ],
        "trackingCompany": "UPS",
        "trackingNumber": "1Z999",
        "trackingUrl": "https://carrier.example/1Z999",
        "metadata": {"request": "req-1"},
    }
    assert "Berta" not in text  # no staff names leave the shop


def test_a_fulfilment_is_read_whatever_its_numbers_look_like() -> None:
    held = sample("Fulfillment") | {
        "items": [
            {"itemId": 7001, "quantity": "2", "cancelQuantity": 0},
            {"id": "7002", "cancelQuantity": "1"},
        ],
        "metadata": {"request": "req-1"},
        "trackingNumber": "1Z",
    }
    read = parse_fulfilment(held)
    assert read.items == (
        FulfilmentItem(LineId("7001"), 2, 0),
        FulfilmentItem(LineId("7002"), 0, 1),
    )
    assert (read.request, read.tracking.number) == ("req-1", "1Z")


async def test_all_fulfilments_of_the_order_and_of_no_other(service: PaperService) -> None:
    mine = sample("Fulfillment")
    service.answer(
        page(mine | {"id": "f3"}, mine | {"id": "f2", "orderId": "another"}, more=True),
        page(mine | {"id": "f1"}),
    )
    found = await service.river().fulfilments.list("700100200301")
    assert [one.id for one in found] == ["f3", "f1"]
    assert service.lines == [
        "GET /fulfillments?orderId=700100200301&limit=100",
        "GET /fulfillments?orderId=700100200301&limit=100&startingAfter=f2",
    ]


async def test_the_other_fulfilment_calls(service: PaperService) -> None:
    fulfilments = service.river().fulfilments
    service.answer(httpx.Response(201, json=sample("Fulfillment")))
    await fulfilments.create(REQUEST)
    await fulfilments.get("f1")
    await fulfilments.update_tracking("f1", Tracking(number="1Z"))
    assert service.sent == {"trackingNumber": "1Z"}
    assert service.lines == ["POST /fulfillments", "GET /fulfillments/f1", "POST /fulfillments/f1"]


async def test_a_refusal_and_a_lost_answer_are_not_the_same(service: PaperService) -> None:
    fulfilments = service.river().fulfilments
    service.answer(refused(409, "order_fulfilled", "orderId"))
    with pytest.raises(Conflict) as refusal:
        await fulfilments.create(REQUEST)
    assert not refusal.value.in_doubt
    service.answer(httpx.Response(502))
    with pytest.raises(LostAnswer) as lost:
        await fulfilments.create(REQUEST)
    assert lost.value.in_doubt
