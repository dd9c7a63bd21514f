"""What happens while something else is under way: waiting payments, disputes, refunds."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest

from posapp.sandbox.core import Core
from posapp.sandbox.lifecycle import IllegalMove
from posapp.sandbox.world import World
from tests.helpers.logfail import LogWatch
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]


def waiting(shop: Shop, kind: str, name: str = "Shopper") -> tuple[Json, Json]:
    """An order that waits for its payment, and the source that is to pay."""
    checkout = shop.checkout()
    source = shop.pay(checkout, kind, lastName=name)
    return shop.place(shop.attach(checkout, source)), source


def approve(shop: Shop, source: Json) -> None:
    """The buyer says yes at the provider."""
    token = source["redirect"]["redirectUrl"].split("/")[-1]
    shop.world.form.decide(source["id"], token, approve=True)


def states(shop: Shop, order: Json) -> tuple[str, str | None, str]:
    """State, fraud state and session of an order."""
    now = shop.read(order)
    return now["state"], now.get("fraudState"), now["payment"]["session"]["state"]


@pytest.mark.parametrize("passes", [True, False])
def test_redirect_is_reviewed_once_it_is_paid(shop: Shop, passes: bool) -> None:
    shop.world.director.next("in_review", seconds=30, accept=passes)
    order, source = waiting(shop, "payPal")
    assert states(shop, order) == ("pending_payment", None, "pending_redirect")
    approve(shop, source)
    shop.good("POST", f"/orders/{order['id']}/refresh")
    assert states(shop, order) == ("in_review", "review_opened", "complete")
    shop.turn(31)
    assert states(shop, order)[0] == ("accepted" if passes else "blocked")
    times = shop.read(order)["stateTransitions"]
    assert set(times) == {"pending_payment", "in_review", "accepted" if passes else "blocked"}


def test_transfer_is_blocked_when_the_money_is_there(shop: Shop) -> None:
    shop.world.director.next("blocked_later")
    order, _source = waiting(shop, "wireTransfer")
    assert states(shop, order) == ("pending_payment", None, "pending_funds")
    shop.turn(30)
    assert states(shop, order)[:2] == ("blocked", "blocked")
    shown = shop.read(order)
    assert (shown["cancelledAmount"], shown["items"][0]["state"]) == (0, "blocked")
    assert shown["payment"]["charges"][0]["state"] == "cancelled"
    assert "in_review" not in shown["stateTransitions"]


@pytest.mark.parametrize(
    ("name", "later"),
    [("ChargeRemainPending", "pending_payment"), ("ChargeFailedAfterPending", "cancelled")],
)
def test_a_refresh_does_not_hurry_the_bank(shop: Shop, name: str, later: str) -> None:
    order, source = waiting(shop, "directDebit", name)
    approve(shop, source)
    shown = shop.good("POST", f"/orders/{order['id']}/refresh")
    assert (shown["state"], shown["payment"]["session"]["state"]) == ("pending_payment", "pending")
    shop.turn(60)
    assert shop.good("POST", f"/orders/{order['id']}/refresh")["state"] == later


def test_a_refresh_tells_and_changes_nothing_else(shop: Shop) -> None:
    for order in (shop.order(), shop.complete(), waiting(shop, "wireTransfer")[0]):
        before = shop.read(order)
        assert shop.good("POST", f"/orders/{order['id']}/refresh") == before
    assert shop.error("POST", "/orders/gone/refresh") == (404, "not_found", "id")


@pytest.mark.parametrize("outcome", ["blocked_later", "pending_fails"])
def test_nothing_ships_from_an_order_that_ended(shop: Shop, outcome: str) -> None:
    shop.world.director.next(outcome)
    order = shop.order()
    shop.turn(60)
    assert shop.read(order)["state"] in ("blocked", "cancelled")
    body = {"orderId": order["id"], "items": [{"itemId": order["items"][0]["id"], "quantity": 1}]}
    assert shop.error("POST", "/fulfillments", body) == (409, "order_not_submitted", "orderId")


def test_a_source_refused_at_once_has_no_event(shop: Shop) -> None:
    source = shop.card(shop.checkout(), "4000000000003295")
    assert shop.good("GET", f"/sources/{source['id']}")["state"] == "failed"
    assert shop.events("source.*") == []


# -- disputes -----------------------------------------------------------------------------------


def test_goods_that_left_before_a_dispute_complete_after_it(shop: Shop) -> None:
    order = shop.order()
    shop.ship(order)
    shop.world.dispute(order["id"])
    shop.turn(60)
    frozen = shop.read(order)
    assert frozen["state"] == "dispute"
    assert frozen["payment"]["charges"][0]["state"] == "complete"
    shop.world.resolve_dispute(order["id"])
    assert shop.read(order)["state"] == "complete"
    assert shop.types(order)[-3:] == [
        "order.dispute.resolved", "order.fulfilled", "order.complete",
    ]  # fmt: skip
    shop.turn(10)
    assert shop.read(order)["invoicePDFs"]


def test_all_paid_back_during_a_dispute_is_returned_after_it(shop: Shop) -> None:
    order = shop.complete()
    body = {"orderId": order["id"], "currency": "USD", "percent": 100}
    shop.good("POST", "/refunds", body)
    shop.world.dispute(order["id"])
    shop.turn(10)
    assert shop.read(order)["state"] == "dispute"
    shop.world.resolve_dispute(order["id"])
    assert shop.read(order)["state"] == "returned"


def test_a_chargeback_takes_no_more_than_there_is(shop: Shop) -> None:
    order = shop.complete()
    shop.world.dispute(order["id"])
    shop.world.resolve_dispute(order["id"], charged_back=10**9)
    assert shop.read(order)["availableToRefundAmount"] == 0
    with pytest.raises(IllegalMove, match="no dispute to end"):
        shop.world.resolve_dispute(order["id"])


# -- refunds on the way -------------------------------------------------------------------------


def test_returned_only_when_the_last_refund_is_through(shop: Shop) -> None:
    order = shop.complete(card="4556602564240839")  # refunds fail, later
    body = {"orderId": order["id"], "currency": "USD"}
    shop.good("POST", "/refunds", body | {"percent": 50})
    shop.good("POST", "/refunds", body | {"percent": 100})
    shop.turn(60)
    shown = shop.read(order)
    assert (shown["state"], shown["availableToRefundAmount"]) == ("complete", order["totalAmount"])
    assert shown["items"][0]["state"] == "fulfilled"


def test_a_line_paid_back_is_returned_and_the_order_is_not(shop: Shop) -> None:
    order = shop.complete({"skuId": "mug", "price": 10}, {"skuId": "mug", "price": 20})
    line = {"itemId": order["items"][1]["id"], "percent": 100}
    shop.good("POST", "/refunds", {"orderId": order["id"], "currency": "USD", "items": [line]})
    assert [item["state"] for item in shop.read(order)["items"]] == ["fulfilled", "fulfilled"]
    shop.turn(10)
    after = shop.read(order)
    assert (after["state"], [item["state"] for item in after["items"]]) == (
        "complete", ["fulfilled", "returned"],
    )  # fmt: skip
    assert after["items"][1]["stateTransitions"]["returned"]


def test_bank_details_are_awaited_on_the_charge_too(shop: Shop) -> None:
    order, _source = waiting(shop, "wireTransfer")
    shop.turn(30)
    shop.ship(order)
    shop.turn(10)
    shop.good("POST", "/refunds", {"orderId": order["id"], "currency": "USD", "percent": 100})
    shop.turn(5)
    charge = shop.read(order)["payment"]["charges"][0]
    assert charge["refunds"][0]["state"] == "pending_information"
    assert shop.read(order)["availableToRefundAmount"] == 0
    event = shop.events("refund.pending_information")[0]["data"]["object"]
    assert event["charges"][0]["refunds"][0]["state"] == "pending_information"
    shop.turn(31 * 86400)
    assert shop.read(order)["payment"]["charges"][0]["refunds"][0]["state"] == "failed"


def test_units_paid_by_transfer_are_dropped_after_bank_details(shop: Shop) -> None:
    order, _source = waiting(shop, "wireTransfer")
    shop.turn(30)
    shop.ship(order, 0, drop=2)
    shop.turn(1)
    asked = shop.read(order)
    assert asked["payment"]["charges"][0]["cancels"][0]["state"] == "pending_information"
    assert (asked["state"], asked["payment"]["charges"][0]["state"]) == ("accepted", "processing")
    shop.turn(5)
    assert shop.read(order)["state"] == "cancelled"
    assert shop.types(order)[-3:] == [
        "order.charge.cancel.complete", "order.charge.cancelled", "order.cancelled",
    ]  # fmt: skip


# -- small points of section 22 and the rest ----------------------------------------------------


def test_line_ids_may_come_as_numbers(shop: Shop) -> None:
    order = shop.complete()
    line = int(order["items"][0]["id"])
    body = b'{"orderId":"%b","items":[{"itemId":%d,"quantity":1}]}'
    answer = shop.send("POST", "/returns", body % (order["id"].encode(), line))
    assert answer.json()["items"][0]["itemId"] == str(line)


def test_chosen_invoice_attribute_is_shown(shop: Shop) -> None:
    checkout = shop.checkout(invoiceAttributeId="inv-1")
    assert checkout["invoiceAttribute"] == {"id": "inv-1"}
    order = shop.place(shop.attach(checkout, shop.card(checkout)))
    assert order["invoiceAttribute"] == {"id": "inv-1"}


def test_credit_brings_the_bill_to_of_its_owner(shop: Shop) -> None:
    shop.song()
    body = {"currency": "USD", "email": "a@example.com", "items": [{"skuId": "song", "price": 10}]}
    checkout = shop.good("POST", "/checkouts", body)
    address = {"line1": "1 Main", "city": "Paradise", "state": "CA", "postalCode": "95969",
               "country": "US"}  # fmt: skip
    credit = {
        "type": "customerCredit", "amount": checkout["totalAmount"], "customerCredit": {},
        "paymentSessionId": checkout["payment"]["session"]["id"],
        "owner": {"firstName": "Ann", "lastName": "Other", "address": address},
    }  # fmt: skip
    shown = shop.attach(checkout, shop.good("POST", "/sources", credit))
    assert (shown["billTo"]["name"], shown["billTo"]["address"]) == ("Ann Other", address)
    rest = {**credit, "amount": shown["payment"]["session"]["amountRemainingToBeContributed"]}
    if rest["amount"]:  # tax is due now that there is an address
        shown = shop.attach(shown, shop.good("POST", "/sources", rest))
    assert shop.place(shown)["state"] == "accepted"


def test_documents_are_served_where_the_sandbox_is(shop: Shop) -> None:
    shop.world.core.base_url = "http://127.0.0.1:8787"
    order = shop.complete()
    url = order["invoicePDFs"][0]["url"]
    event = shop.events("order.invoice.created")[0]["data"]["object"]
    assert url == event["invoiceURL"]
    assert url.startswith("http://127.0.0.1:8787/files/")


def test_amounts_of_the_books_in_words(shop: Shop) -> None:
    order = shop.order({"skuId": "mug", "quantity": 3, "price": Decimal("9.99")})
    shop.ship(order, 1)
    shop.ship(order, 1, drop=1)
    shop.turn(10)
    now = shop.read(order)
    assert now["capturedAmount"] + now["cancelledAmount"] == now["totalAmount"]


def test_a_timer_that_cannot_do_its_work_stops_nothing_else(expected_log: LogWatch) -> None:
    expected_log.expect("could not do what was due: order.invoice", level=logging.ERROR)
    world = World()

    def broken(_core: Core, _ref: str, _args: Json) -> None:
        raise ZeroDivisionError

    world.core.timers["order.invoice"] = broken
    shop = Shop()
    shop.world.close()
    shop.world = world
    order = shop.order()
    shop.ship(order)
    shop.turn(60)
    assert shop.read(order)["state"] == "complete"
    assert world.check() == ["1 faults of the sandbox's own, see its log"]
    world.close()
