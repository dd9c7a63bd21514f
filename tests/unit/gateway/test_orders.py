"""Orders: the one write that takes money, and what is read back."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from posapp.domain.money import Money
from posapp.domain.order import LineState, OrderState, merge
from posapp.domain.payment import ChargeState, OperationKind, OperationState
from posapp.gateway.errors import Garbled
from posapp.gateway.order_reader import parse_order
from posapp.gateway.orders import order_body
from tests.unit.gateway.service import PaperService, broken_rules, page, sample, wired


def test_an_order_is_made_of_a_checkout_and_nothing_else() -> None:
    assert order_body("c-1") == '{"checkoutId":"c-1"}'
    assert broken_rules("OrderRequest", order_body("c-1")) == []


def test_an_order_is_read_with_its_charge_and_card() -> None:
    order = parse_order(wired(sample("Order")))
    assert (order.id, order.state) == ("700100200301", OrderState.ACCEPTED)
    assert (order.total, order.subtotal, order.tax) == (
        Money(7273, "USD"),
        Money(6750, "USD"),
        Money(523, "USD"),
    )
    assert order.refunded is None  # absent before the first refund
    assert order.refundable == Money(0, "USD")
    assert order.lines[0].gross == Money(7273, "USD")
    assert order.lines[0].state is LineState.CREATED
    assert (order.charges[0].state, order.charges[0].order_id) == (
        ChargeState.CAPTURABLE,
        "700100200301",
    )
    assert order.methods[0].last_four == "1111"
    assert order.session_state == "complete"
    assert order.transitions == (("accepted", datetime(2024, 3, 23, 17, 40, 3, tzinfo=UTC)),)
    assert not order.live_mode


def test_an_order_speaks_of_our_sale_and_our_lines() -> None:
    held = sample("Order")
    held["metadata"] = {"sale": "1042", "gift": True, "n": 3}
    held["items"][0] |= {
        "metadata": {"line": "line-1"},
        "productDetails": {"name": "Blue mug", "physical": True},
    }
    held["billTo"] = {"name": "Anna Maria Berg", "address": {"country": "US"}}
    held["liveMode"] = True
    order = parse_order(wired(held))
    assert order.sale_number == "1042"
    assert order.metadata == (("gift", "true"), ("n", "3"), ("sale", "1042"))
    assert (order.lines[0].key, order.lines[0].name, order.lines[0].physical) == (
        "line-1",
        "Blue mug",
        True,
    )
    assert order.bill_to is not None
    assert (order.bill_to.given_name, order.bill_to.family_name) == ("Anna Maria", "Berg")
    assert order.buyer == "Anna Maria Berg"
    assert order.live_mode


def test_the_money_that_moved_is_read_by_kind() -> None:
    held = sample("Order")
    held["payment"]["charges"][0] |= {
        "captures": [{"id": "c", "amount": 53.769999999999996, "state": "complete"}],
        "cancels": [{"id": "x", "amount": 1, "state": "pending_information"}],
        "refunds": [{"id": "r", "amount": "2.50", "state": "a-word-of-tomorrow"}],
    }
    operations = parse_order(wired(held)).charges[0].operations
    assert [(o.kind, o.amount.minor, o.state) for o in operations] == [
        (OperationKind.CAPTURE, 5377, OperationState.COMPLETE),
        (OperationKind.CANCEL, 100, OperationState.PENDING_INFORMATION),
        (OperationKind.REFUND, 250, OperationState.UNKNOWN),
    ]


def test_what_the_contract_does_not_know_yet_is_kept() -> None:
    held = sample("Order") | {"state": "hibernating", "fraudState": "pondering", "novel": [1]}
    held["items"][0]["state"] = "levitating"
    order = parse_order(wired(held))
    assert (order.state, order.raw_state) == (OrderState.UNKNOWN, "hibernating")
    assert order.fraud_state == "pondering"
    assert order.lines[0].state is LineState.UNKNOWN


def test_older_shapes_are_read_too() -> None:
    held = sample("Order")
    held["id"] = 700100200301
    held["customerId"] = 998
    held["livemode"] = True
    del held["liveMode"]
    held["items"][0]["itemId"] = held["items"][0].pop("id")
    held["items"][0]["quantity"] = "2"
    held["payment"].pop("charges")  # a transfer before the money came
    held["invoicePDFs"] = None
    order = parse_order(wired(held))
    assert (order.id, order.customer_id) == ("700100200301", "998")
    assert (order.lines[0].id, order.lines[0].quantity) == ("700100200401", 2)
    assert order.charges == ()
    assert order.live_mode


def test_a_waiting_order_says_what_the_buyer_must_do() -> None:
    held = sample("Order") | {"state": "pending_payment"}
    held["payment"]["session"]["nextAction"] = {
        "action": "redirect",
        "data": {"redirectUrl": "https://bank.example/1"},
    }
    action = parse_order(wired(held)).next_action
    assert action is not None
    assert (action.action, action.redirect_url) == ("redirect", "https://bank.example/1")


def test_reading_twice_gives_the_same_order() -> None:
    one, two = parse_order(wired(sample("Order"))), parse_order(wired(sample("Order")))
    assert one == two
    assert not merge(one, two).changed


@pytest.mark.parametrize("gone", ["id", "currency", "totalAmount"])
def test_without_id_currency_or_total_there_is_no_order(gone: str) -> None:
    held = sample("Order")
    del held[gone]
    with pytest.raises(Garbled):
        parse_order(wired(held))


async def test_the_order_of_a_checkout_is_found_and_no_other(service: PaperService) -> None:
    other = sample("Order") | {"checkoutId": "another"}
    service.answer(page(other, sample("Order")))
    orders = service.river().orders
    checkout_id = sample("Order")["checkoutId"]
    found = await orders.find_by_checkout(checkout_id)
    assert found is not None
    assert found.checkout_id == checkout_id
    assert service.lines == [f"GET /orders?checkoutId={checkout_id}&limit=2"]
    service.answer(page(other))
    assert await orders.find_by_checkout(checkout_id) is None


async def test_the_other_order_calls(service: PaperService) -> None:
    orders = service.river().orders
    service.answer(sample("Order"))
    await orders.get("o1")
    await orders.refresh("o1")
    service.answer(page(sample("Order"), more=True))
    got = await orders.list(
        state="accepted",
        upstream_ids=("a", "b"),
        updated_since=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        starting_after="o9",
        limit=500,
    )
    assert got.has_more
    assert service.lines == [
        "GET /orders/o1?expand=true",
        "POST /orders/o1/refresh",
        "GET /orders?state=accepted&upstreamIds=a&upstreamIds=b"
        "&updatedTime%5Bgte%5D=2026-03-02T09%3A00%3A00Z&limit=100&startingAfter=o9",
    ]


async def test_an_accepted_order_answers_at_once(service: PaperService) -> None:
    service.answer(httpx.Response(201, json=sample("Order")))
    order = await service.river().orders.create("c-1")
    assert order.state is OrderState.ACCEPTED
    assert service.sent == {"checkoutId": "c-1"}
