"""The fast reader of orders and the tolerant one tell the same story, whatever came."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from posapp.domain.order import Order
from posapp.gateway import events, order_reader
from posapp.gateway.errors import Garbled
from posapp.gateway.order_reader import parse_order, read_order
from posapp.gateway.wire import decode_record
from tests.bench.parse import an_order
from tests.unit.gateway.mutations import mutated
from tests.unit.gateway.service import sample


def _full() -> dict[str, Any]:
    """Return an order with everything in it that we read."""
    held = an_order(random.Random(5), lines=2)
    held["payment"]["charges"][0] |= {
        "captures": [{"id": "c", "amount": 1.5, "state": "complete", "fulfillmentId": "f"}],
        "refunds": [{"id": "r", "amount": 0.5, "state": "pending"}],
    }
    held["payment"]["session"]["nextAction"] = {"action": "redirect", "data": {"redirectUrl": "u"}}
    held["items"][0]["productDetails"]["physical"] = True
    held["capturedAmount"] = 1.5
    held["refundedAmount"] = 0
    return held


def _told(body: bytes, *, fast: bool) -> Order | str:
    try:
        return read_order(body) if fast else parse_order(decode_record(body))
    except Garbled as garbled:
        return f"garbled: {garbled.what}"


@pytest.mark.parametrize("held", [_full(), sample("Order")], ids=["full", "the contract's"])
def test_an_order_as_the_contract_has_it_needs_no_second_reader(
    held: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps(held).encode()
    tolerant = parse_order(decode_record(body))
    monkeypatch.setattr(order_reader, "parse_order", None)
    assert read_order(body) == tolerant


def test_both_readers_agree_on_three_thousand_spoilt_orders(noise_is_expected: None) -> None:
    rng = random.Random(11)
    read = 0
    for turn in range(3_000):
        body = json.dumps(mutated(rng, _full() if turn % 2 else sample("Order"))).encode()
        tolerant = _told(body, fast=False)
        assert _told(body, fast=True) == tolerant, body
        read += isinstance(tolerant, Order)
    assert 1_000 < read < 3_000


@pytest.mark.parametrize(
    "change",
    [
        {"livemode": True, "liveMode": None},
        {"livemode": True},
        {"id": 7},
        {"items": None},
        {"items": [{"itemId": 3, "quantity": "4", "tax": None, "productDetails": {"id": "x"}}]},
        {"billTo": {}, "shipTo": {"address": {"country": "US"}}},
        {"billTo": {"name": ""}},
        {"metadata": {"sale": 12, "b": None, "a": [1]}},
        {"stateTransitions": {"b": "2026-03-02T09:00:00Z", "a": "2026-03-02T09:00:00Z"}},
        {"stateTransitions": {"a": "2026-03-02", "b": "2026-03-02T09:00:00+01:00"}},
        {"createdTime": "2026-03-02T09:00:00"},
        {"totalTax": "1.50", "totalFees": None, "totalDuty": 3},
    ],
    ids=str,
)
def test_older_and_odd_shapes_read_alike(change: dict[str, Any]) -> None:
    held = _full() | change
    if "livemode" in change and "liveMode" not in change:
        del held["liveMode"]
    body = json.dumps(held).encode()
    assert _told(body, fast=True) == _told(body, fast=False)
    assert isinstance(_told(body, fast=True), Order)


def test_both_readers_agree_on_two_thousand_spoilt_events(noise_is_expected: None) -> None:
    rng = random.Random(13)
    agreed = 0
    for turn in range(2_000):
        held: Any = _full() if turn % 2 else sample("Order")
        event = sample("Event") | {"data": {"object": held}}
        event["type"] = rng.choice(
            ["order.accepted", "order.charge.failed", "order.charge.completed"]
        )
        body = json.dumps(mutated(rng, event)).encode()
        fast = events._order_event(body)
        if fast is not None:
            assert fast == events._any_event(body), body
            agreed += 1
    assert agreed > 500
