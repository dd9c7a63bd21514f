"""Orders of the pretend service: from a checkout, through review and payment, to the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.shop import COLOGNE, TOKYO, Shop


def session(order: dict[str, Any]) -> str:
    """The state of an order's payment session."""
    state: str = order["payment"]["session"]["state"]
    return state


def test_paid_order_is_accepted(shop: Shop) -> None:
    order = shop.order()
    assert (order["state"], order["fraudState"], session(order)) == (
        "accepted", "passed", "complete",
    )  # fmt: skip
    assert order["totalAmount"] == Decimal("72.73")
    assert [charge["state"] for charge in order["payment"]["charges"]] == ["capturable"]
    assert shop.types(order) == [
        "order.created", "order.submitted", "order.charge.created", "order.charge.capturable",
        "order.accepted",
    ]  # fmt: skip


def test_line_keys_travel_from_basket_to_order(shop: Shop) -> None:
    line = {"skuId": "mug", "quantity": 1, "price": 10, "metadata": {"posLine": "7"}}
    order = shop.order(line, upstreamId="sale-1", metadata={"sale": "1042"})
    assert order["items"][0]["metadata"] == {"posLine": "7"}
    assert (order["upstreamId"], order["metadata"]) == ("sale-1", {"sale": "1042"})


def test_single_use_card_is_consumed(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.card(checkout)
    shop.place(shop.attach(checkout, source))
    assert shop.good("GET", f"/sources/{source['id']}")["state"] == "consumed"


def test_checkout_is_spent_once(shop: Shop) -> None:
    checkout = shop.funded()
    order = shop.place(checkout)
    body = {"checkoutId": checkout["id"]}
    assert shop.error("POST", "/orders", body) == (404, "not_found", "orderId")
    listed = shop.good("GET", "/orders", checkoutId=checkout["id"])["data"]
    assert [each["id"] for each in listed] == [order["id"]]
    assert shop.error("POST", f"/checkouts/{checkout['id']}", {"email": "a@b.c"})[0] == 404


def test_unknown_checkout(shop: Shop) -> None:
    body = {"checkoutId": "no-such"}
    assert shop.error("POST", "/orders", body) == (404, "not_found", "orderId")


def test_order_takes_nothing_but_the_checkout(shop: Shop) -> None:
    checkout = shop.funded()
    body = {"checkoutId": checkout["id"], "email": "other@example.com", "upstreamId": "ignored"}
    order = shop.good("POST", "/orders", body)
    assert order["email"] == "sam@example.com"
    assert "upstreamId" not in order


@pytest.mark.parametrize(
    ("change", "status", "code", "parameter"),
    [
        ({"email": None}, 400, "order_create_failed", "email"),
        ({"billTo": None}, 400, "missing_parameter", "billTo.address.country"),
        ({"shipFrom": None}, 400, "missing_parameter", "shipFrom.address"),
        ({"shipTo": {"address": COLOGNE}}, 400, "missing_parameter", "shipping.name"),
        ({"shippingChoice": None}, 400, "invalid_shipping_choice", "shippingChoice"),
    ],
)
def test_what_is_missing_is_said_and_can_be_repaired(
    shop: Shop, change: dict[str, Any], status: int, code: str, parameter: str
) -> None:
    body = shop.basket(ship_to=COLOGNE, currency="EUR") | change
    checkout = shop.good("POST", "/checkouts", {k: v for k, v in body.items() if v is not None})
    place = {"checkoutId": checkout["id"]}
    assert shop.error("POST", "/orders", place) == (status, code, parameter)
    name = next(iter(change))
    whole = shop.basket(ship_to=COLOGNE, currency="EUR")[name]
    repaired = shop.good("POST", f"/checkouts/{checkout['id']}", {name: whole})
    funded = shop.attach(repaired, shop.card(repaired | {"billTo": {"address": COLOGNE}}))
    assert shop.place(funded)["state"] == "accepted"


def test_unfunded_checkout_is_refused_and_lives_on(shop: Shop) -> None:
    checkout = shop.checkout()
    body = {"checkoutId": checkout["id"]}
    assert shop.error("POST", "/orders", body) == (400, "order_submit_failed", None)
    assert shop.place(shop.attach(checkout, shop.card(checkout)))["state"] == "accepted"


def test_declined_order_spends_the_checkout(shop: Shop) -> None:
    shop.world.director.next("declined")
    checkout = shop.funded()
    body = {"checkoutId": checkout["id"]}
    assert shop.error("POST", "/orders", body) == (409, "failed-request", None)
    assert shop.error("POST", "/orders", body) == (409, "failed-request", None)
    assert shop.good("GET", "/orders", checkoutId=checkout["id"])["data"] == []


@pytest.mark.parametrize("code", ["do_not_honor", "insufficient_funds", "lost_stolen_card"])
def test_bank_codes_of_a_decline(shop: Shop, code: str) -> None:
    shop.world.director.next("declined", code=code)
    body = {"checkoutId": shop.funded()["id"]}
    assert shop.error("POST", "/orders", body) == (409, code, None)


def test_fraud_screen_refuses_at_once(shop: Shop) -> None:
    shop.world.director.next("blocked")
    body = {"checkoutId": shop.funded()["id"]}
    assert shop.error("POST", "/orders", body) == (409, "order-fraud-failure", None)


def test_review_passes(shop: Shop) -> None:
    shop.world.director.next("in_review")
    order = shop.order()
    assert (order["state"], order["fraudState"], session(order)) == (
        "in_review", "review_opened", "complete",
    )  # fmt: skip
    shop.turn(5)
    order = shop.read(order)
    assert (order["state"], order["fraudState"]) == ("accepted", "passed")
    assert shop.types(order)[-2:] == ["order.review_closed", "order.accepted"]


def test_review_blocks(shop: Shop) -> None:
    shop.world.director.next("blocked_later")
    order = shop.order()
    shop.turn(5)
    order = shop.read(order)
    assert (order["state"], order["fraudState"]) == ("blocked", "blocked")
    assert order["items"][0]["state"] == "blocked"
    assert order["payment"]["charges"][0]["state"] == "cancelled"
    assert order["cancelledAmount"] == 0
    assert "order.blocked" in shop.types(order)


def test_open_review_waits_for_a_decision(shop: Shop) -> None:
    shop.world.director.next("in_review", seconds=None)
    order = shop.order()
    shop.turn(3600)
    assert shop.read(order)["state"] == "in_review"
    shop.world.resolve_review(order["id"], accept=True)
    assert shop.read(order)["state"] == "accepted"


def test_pending_payment_is_accepted_later(shop: Shop) -> None:
    shop.world.director.next("pending_payment", seconds=30)
    order = shop.order()
    assert (order["state"], session(order)) == ("pending_payment", "pending")
    assert "fraudState" not in order
    assert order["payment"]["charges"][0]["state"] == "pending"
    shop.turn(31)
    assert shop.read(order)["state"] == "accepted"


def test_pending_payment_fails_later(shop: Shop) -> None:
    shop.world.director.next("pending_fails", seconds=30)
    order = shop.order()
    shop.turn(31)
    order = shop.read(order)
    assert (order["state"], session(order)) == ("cancelled", "failed")
    assert order["payment"]["charges"][0]["failureCode"] == "failed-request"
    assert shop.types(order)[-2:] == ["order.charge.failed", "order.cancelled"]


def test_transfer_arrives(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "wireTransfer", lastName="Shopper")
    assert source["state"] == "pending_funds"
    assert source["wireTransfer"]["referenceId"]
    assert source["expirationTime"]
    order = shop.place(shop.attach(checkout, source))
    assert (order["state"], session(order)) == ("pending_payment", "pending_funds")
    assert "charges" not in order["payment"]
    action = order["payment"]["session"]["nextAction"]
    assert action["action"] == "show_payment_instructions"
    assert action["data"]["sourceId"] == source["id"]
    shop.turn(30)
    order = shop.read(order)
    assert (order["state"], session(order)) == ("accepted", "complete")
    assert order["payment"]["charges"][0]["amount"] == order["totalAmount"]
    assert "nextAction" not in order["payment"]["session"]


def test_transfer_lapses(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "wireTransfer", lastName="Shopper")
    shop.world.director.transfers[source["id"]] = None
    order = shop.place(shop.attach(checkout, source))
    shop.turn(8 * 86400)
    order = shop.read(order)
    assert (order["state"], session(order), order["cancelledAmount"]) == ("cancelled", "failed", 0)
    assert order["items"][0]["state"] == "cancelled"
    assert shop.good("GET", f"/sources/{source['id']}")["state"] == "failed"


def test_next_payment_becomes_a_transfer(shop: Shop) -> None:
    shop.world.director.next("wire_transfer")
    checkout = shop.checkout()
    assert shop.card(checkout)["type"] == "wireTransfer"


def test_redirect_is_approved(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "payPal", lastName="Shopper")
    order = shop.place(shop.attach(checkout, source))
    assert (order["state"], session(order)) == ("pending_payment", "pending_redirect")
    url = order["payment"]["session"]["nextAction"]["data"]["redirectUrl"]
    assert url == source["redirect"]["redirectUrl"]
    source_id, token = url.split("/")[-2:]
    visit = shop.world.form.visit(source_id, token)
    assert (visit.amount, visit.return_url) == ("72.73 USD", "http://127.0.0.1/return")
    shop.world.form.decide(source_id, token, approve=True)
    order = shop.good("POST", f"/orders/{order['id']}/refresh")
    assert order["state"] == "accepted"
    shop.turn(10)
    assert shop.read(order)["state"] == "accepted"


def test_redirect_is_declined(shop: Shop) -> None:
    checkout = shop.checkout()
    source = shop.pay(checkout, "payPal", lastName="Shopper")
    order = shop.place(shop.attach(checkout, source))
    source_id, token = source["redirect"]["redirectUrl"].split("/")[-2:]
    shop.world.form.decide(source_id, token, approve=False)
    assert shop.good("GET", f"/sources/{source_id}")["state"] == "pending_redirect"
    order = shop.good("POST", f"/orders/{order['id']}/refresh")
    assert (order["state"], session(order)) == ("pending_payment", "pending_redirect")


def test_credit_pays_all_and_needs_no_form(shop: Shop) -> None:
    checkout = shop.checkout()
    credit = shop.good(
        "POST", "/sources",
        {"type": "customerCredit", "customerCredit": {}, "amount": checkout["totalAmount"],
         "paymentSessionId": checkout["payment"]["session"]["id"], "upstreamId": "credit-1"},
    )  # fmt: skip
    order = shop.place(shop.attach(checkout, credit))
    assert order["state"] == "accepted"
    assert order["payment"]["sources"][0]["upstreamId"] == "credit-1"


def test_zero_total_needs_no_payment(shop: Shop) -> None:
    free = {"skuId": "mug", "quantity": 1, "price": 0}
    checkout = shop.checkout(free, shippingChoice={"amount": 0})
    assert checkout["payment"]["session"]["state"] == "requires_confirmation"
    order = shop.place(checkout)
    assert (order["state"], order["totalAmount"]) == ("accepted", 0)
    shop.ship(order)
    shop.turn(10)
    order = shop.read(order)
    assert order["state"] == "complete"
    assert "invoicePDFs" not in order


def test_disabled_customer_cannot_order(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1", "enabled": False})
    body = {"checkoutId": shop.funded(customerId="c1")["id"]}
    assert shop.error("POST", "/orders", body)[:2] == (409, "create-order-failed")


def test_saved_card_of_another_customer(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    first = shop.checkout(customerId="c1")
    card = shop.card(first)
    shop.good("POST", f"/customers/c1/sources/{card['id']}")
    second = shop.attach(shop.checkout(), card)
    body = {"checkoutId": second["id"]}
    assert shop.error("POST", "/orders", body) == (409, "source_in_use", "sourceId")


def test_only_three_fields_change(shop: Shop) -> None:
    order = shop.order()
    body = {"requestToBeForgotten": True, "upstreamId": "new", "metadata": {"a": 1}}
    shown = shop.good("POST", f"/orders/{order['id']}", body)
    assert (shown["requestToBeForgotten"], shown["upstreamId"]) == (True, "new")
    assert shown["metadata"] == {"a": 1}
    error = shop.error("POST", f"/orders/{order['id']}", {"email": "x@example.com"})
    assert error == (400, "unknown_parameter", "email")
    last = shop.events("order.updated")[-1]
    assert last["data"]["previousAttributes"] == {
        "requestToBeForgotten": False, "upstreamId": None, "metadata": None,
    }  # fmt: skip


def test_expanded_order_shows_what_is_physical(shop: Shop) -> None:
    shop.sku(metadata={"shelf": "A4"})
    order = shop.order()
    plain = shop.read(order)["items"][0]["productDetails"]
    expanded = shop.good("GET", f"/orders/{order['id']}", expand="true")["items"][0]
    assert "physical" not in plain
    assert expanded["productDetails"]["physical"] is True


def test_orders_are_found_by_every_filter(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    order = shop.order(customerId="c1", upstreamId="up-1")
    shop.turn(60)
    other = shop.order(currency="JPY", ship_to=TOKYO, shippingChoice={"amount": 500},
                       shipFrom={"address": TOKYO}, email="other@example.com",
                       billTo={"name": "Aki Sato", "address": TOKYO})  # fmt: skip
    at = order["createdTime"]
    for query in (
        {"state": "accepted", "currency": "USD"}, {"customerId": "c1"}, {"upstreamIds": "up-1"},
        {"email": "sam@example.com"}, {"createdTime": at}, {"createdTime[lte]": at},
        {"totalAmount[lt]": "100"}, {"accepted[lte]": at}, {"fraudStateTransitions.passed": at},
        {"ids": f"{order['id']},nothing"}, {"checkoutId": order["checkoutId"]},
    ):  # fmt: skip
        found = shop.good("GET", "/orders", **query)["data"]
        assert [each["id"] for each in found] == [order["id"]], query
    both = shop.good("GET", "/orders", skuId="mug", fraudState="passed", refundedAmount="0")
    assert [each["id"] for each in both["data"]] == [other["id"], order["id"]]
    assert shop.error("GET", "/orders", state="unheard")[:2] == (400, "invalid_parameter")


def test_dispute_freezes_and_gives_back(shop: Shop) -> None:
    order = shop.complete()
    shop.world.dispute(order["id"])
    frozen = shop.read(order)
    assert (frozen["state"], frozen["fraudState"]) == ("dispute", "review_opened")
    refund = {"orderId": order["id"], "currency": "USD", "percent": 100}
    assert shop.error("POST", "/refunds", refund) == (400, "invalid_parameter", "order")
    back = {"orderId": order["id"], "items": [{"itemId": order["items"][0]["id"], "quantity": 1}]}
    assert shop.error("POST", "/returns", back) == (409, "invalid_parameter", "order")
    ship = {"orderId": order["id"], "items": back["items"]}
    assert shop.error("POST", "/fulfillments", ship) == (409, "order_not_submitted", "orderId")
    shop.world.resolve_dispute(order["id"], charged_back=1000)
    after = shop.read(order)
    assert (after["state"], after["fraudState"]) == ("complete", "passed")
    assert after["availableToRefundAmount"] == Decimal("62.73")
    assert shop.types(order)[-3:] == ["order.dispute", "order.dispute.resolved", "order.chargeback"]


def test_declined_card_spends_the_checkout(shop: Shop) -> None:
    checkout = shop.funded(card="4000000000003600")
    body = {"checkoutId": checkout["id"]}
    assert shop.error("POST", "/orders", body) == (409, "failed-request", None)
    assert shop.error("POST", "/orders", body) == (409, "failed-request", None)
