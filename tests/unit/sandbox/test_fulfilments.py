"""Fulfilments and the money they move (contract sections 9 and 10), with the magic cards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]


def charge(order: Json, at: int = 0) -> Json:
    """A charge of an order."""
    found: Json = order["payment"]["charges"][at]
    return found


def test_all_units_ship_and_the_order_completes(shop: Shop) -> None:
    order = shop.order()
    fulfilment = shop.ship(order)
    assert fulfilment["items"][0]["quantity"] == 2
    asked = shop.read(order)
    assert asked["capturedAmount"] == asked["totalAmount"]
    assert (asked["availableToRefundAmount"], charge(asked)["state"]) == (0, "processing")
    shop.turn(10)
    order = shop.read(order)
    assert (order["state"], charge(order)["state"]) == ("complete", "complete")
    assert order["availableToRefundAmount"] == order["totalAmount"]
    assert charge(order)["captures"][0]["fulfillmentId"] == fulfilment["id"]
    assert shop.types(order)[5:] == [
        "fulfillment.created", "order.charge.capture.pending", "order.charge.processing",
        "order.charge.capture.complete", "order.charge.complete", "order.fulfilled",
        "order.complete", "order.invoice.created",
    ]  # fmt: skip
    assert order["invoicePDFs"]


def test_fulfilment_shows_order_and_operations(shop: Shop) -> None:
    order = shop.order()
    fulfilment = shop.ship(order, 1)
    shown = shop.good("GET", f"/fulfillments/{fulfilment['id']}")
    assert shown["orderDetails"]["id"] == order["id"]
    assert "payment" not in shown["orderDetails"]
    assert shown["chargeOperationIds"] == [charge(shop.read(order))["captures"][0]["id"]]
    event = shop.events("fulfillment.created")[-1]["data"]["object"]
    assert event["orderDetails"]["state"] == "accepted"


def test_published_halves(shop: Shop) -> None:
    """48.38 in two units: part by part 24.20 goes first, the rest is 24.18."""
    order = shop.order({"skuId": "mug", "quantity": 2, "price": Decimal("19.95")},
                       shippingChoice={"amount": 5})  # fmt: skip
    assert order["totalAmount"] == Decimal("48.38")
    shop.ship(order, 1, drop=1)
    done = charge(shop.read(order))
    assert done["captures"][0]["amount"] == Decimal("24.20")
    assert done["cancels"][0]["amount"] == Decimal("24.18")


def test_ship_one_drop_one(shop: Shop) -> None:
    order = shop.order()
    shop.ship(order, 1, drop=1)
    shop.turn(10)
    order = shop.read(order)
    assert (order["state"], order["items"][0]["state"]) == ("complete", "fulfilled")
    assert order["capturedAmount"] == Decimal("36.37")
    assert order["cancelledAmount"] == Decimal("36.36")
    assert charge(order)["state"] == "complete"


def test_part_after_part(shop: Shop) -> None:
    order = shop.order({"skuId": "mug", "quantity": 3, "price": 10})
    shop.ship(order, 1)
    shop.turn(10)
    half = shop.read(order)
    assert (half["state"], charge(half)["state"]) == ("accepted", "capturable")
    assert half["items"][0]["state"] == "created"
    shop.ship(order, 1)
    shop.ship(order, 1)
    shop.turn(10)
    order = shop.read(order)
    assert order["state"] == "complete"
    assert sum(c["amount"] for c in charge(order)["captures"]) == order["totalAmount"]


def test_two_lines_make_two_captures(shop: Shop) -> None:
    order = shop.complete({"skuId": "mug", "price": 10}, {"skuId": "mug", "price": 20})
    assert len(charge(order)["captures"]) == 2


def test_everything_dropped_cancels_the_order(shop: Shop) -> None:
    order = shop.order()
    shop.ship(order, 0, drop=2)
    shop.turn(10)
    order = shop.read(order)
    assert (order["state"], order["items"][0]["state"]) == ("cancelled", "cancelled")
    assert (charge(order)["state"], order["capturedAmount"]) == ("cancelled", 0)
    assert order["cancelledAmount"] == order["totalAmount"]
    assert shop.types(order)[-2:] == ["order.charge.cancelled", "order.cancelled"]


def test_one_dropped_line_does_not_cancel(shop: Shop) -> None:
    order = shop.order({"skuId": "mug", "price": 10}, {"skuId": "mug", "price": 20})
    shop.ship(order, 0, drop=1)
    shop.turn(10)
    order = shop.read(order)
    assert order["state"] == "accepted"
    assert [line["state"] for line in order["items"]] == ["cancelled", "created"]


@pytest.mark.parametrize(
    ("item", "status", "code", "parameter"),
    [
        ({"quantity": 3}, 409, "quantity_too_large", "items[0].quantity"),
        ({"quantity": 1, "cancelQuantity": 2}, 409, "quantity_too_large", "items[0].quantity"),
        ({"quantity": -1}, 400, "invalid_quantity_amount", "items[0].quantity"),
        ({"quantity": Decimal("0.5")}, 400, "invalid_quantity_amount", "items[0].quantity"),
        ({"quantity": "two"}, 400, "invalid_quantity_amount", "items[0].quantity"),
        ({"quantity": 0}, 400, "invalid_quantity_amount", "items[0].quantity"),
        ({}, 400, "missing_parameter", "items[0].quantity"),
        ({"itemId": "gone", "quantity": 1}, 400, "invalid_parameter", "items[0].itemId"),
    ],
)
def test_bad_quantities(shop: Shop, item: Json, status: int, code: str, parameter: str) -> None:
    order = shop.order()
    line = {"itemId": order["items"][0]["id"]} | item
    body = {"orderId": order["id"], "items": [line]}
    assert shop.error("POST", "/fulfillments", body) == (status, code, parameter)
    assert shop.good("GET", "/fulfillments", orderId=order["id"])["data"] == []


def test_quantities_as_text_and_lines_by_sku(shop: Shop) -> None:
    order = shop.order()
    body = {"orderId": order["id"], "items": [{"skuId": "mug", "quantity": "2"}]}
    assert shop.good("POST", "/fulfillments", body)["items"][0]["quantity"] == 2


def test_nothing_left_to_fulfil(shop: Shop) -> None:
    order = shop.order()
    shop.ship(order)
    body = {"orderId": order["id"], "items": [{"itemId": order["items"][0]["id"], "quantity": 1}]}
    for _ in range(2):
        assert shop.error("POST", "/fulfillments", body) == (409, "order_fulfilled", "orderId")
        shop.turn(10)


@pytest.mark.parametrize("outcome", ["in_review", "pending_payment"])
def test_order_that_is_not_accepted(shop: Shop, outcome: str) -> None:
    shop.world.director.next(outcome, seconds=None)
    order = shop.order()
    body = {"orderId": order["id"], "items": [{"itemId": order["items"][0]["id"], "quantity": 1}]}
    assert shop.error("POST", "/fulfillments", body) == (409, "order_not_submitted", "orderId")


def test_unknown_order(shop: Shop) -> None:
    body = {"orderId": "gone", "items": [{"itemId": "x", "quantity": 1}]}
    assert shop.error("POST", "/fulfillments", body)[:2] == (400, "invalid_parameter")


def test_tracking_afterwards(shop: Shop) -> None:
    fulfilment = shop.ship(shop.order())
    path = f"/fulfillments/{fulfilment['id']}"
    shown = shop.good("POST", path, {"trackingNumber": "1Z999", "trackingCompany": "UPS"})
    assert shown["trackingNumber"] == "1Z999"
    found = shop.good("GET", "/fulfillments", trackingNumber="1Z999", skuId="mug")["data"]
    assert [each["id"] for each in found] == [fulfilment["id"]]


def test_our_key_in_the_metadata_is_listed(shop: Shop) -> None:
    order = shop.order()
    body = {
        "orderId": order["id"], "metadata": {"request": "r-1"},
        "items": [{"itemId": order["items"][0]["id"], "quantity": 2}],
    }  # fmt: skip
    shop.good("POST", "/fulfillments", body)
    found = shop.good("GET", "/fulfillments", orderId=order["id"])["data"]
    assert found[0]["metadata"] == {"request": "r-1"}


def test_credit_is_captured_first_and_cancelled_last(shop: Shop) -> None:
    checkout = shop.checkout()
    session = checkout["payment"]["session"]["id"]
    body = {"type": "customerCredit", "amount": 30, "paymentSessionId": session}
    shop.attach(checkout, shop.good("POST", "/sources", body))
    order = shop.place(shop.attach(checkout, shop.card(checkout)))
    shop.ship(order, 1, drop=1)
    credit, card = charge(shop.read(order), 0), charge(shop.read(order), 1)
    assert [c["amount"] for c in credit["captures"]] == [30]
    assert "cancels" not in credit
    assert card["captures"][0]["amount"] == Decimal("6.37")
    assert card["cancels"][0]["amount"] == Decimal("36.36")


# -- magic cards ------------------------------------------------------------------------------


def test_capture_fails(shop: Shop) -> None:
    order = shop.order(card="4000000000004103")
    shop.ship(order)
    shop.turn(10)
    order = shop.read(order)
    assert (order["state"], order["capturedAmount"]) == ("fulfilled", 0)
    failed = charge(order)
    assert (failed["state"], failed["captured"]) == ("capturable", True)
    assert failed["captures"][0]["failureCode"] == "failed-request"
    assert "failureMessage" not in failed["captures"][0]
    alone = shop.good("GET", f"/charges/{failed['id']}")
    assert alone["captures"][0]["failureMessage"]
    assert alone["orderId"] == order["id"]
    assert "order.charge.capture.failed" in shop.types(order)


def test_capture_is_pending_and_fails_later(shop: Shop) -> None:
    order = shop.order(card="4485951788521565")
    shop.ship(order)
    shop.turn(1)
    assert charge(shop.read(order))["captures"][0]["state"] == "pending"
    shop.turn(10)
    assert charge(shop.read(order))["captures"][0]["state"] == "failed"


@pytest.mark.parametrize("card", ["4024007120579635", "4000000000000028"])
def test_capture_stays_pending(shop: Shop, card: str) -> None:
    order = shop.order(card=card)
    shop.ship(order)
    shop.turn(30 * 86400)
    order = shop.read(order)
    assert (order["state"], charge(order)["captures"][0]["state"]) == ("fulfilled", "pending")
    assert order["availableToRefundAmount"] == 0


def test_cancel_fails(shop: Shop) -> None:
    order = shop.order(card="4000000000004442")
    shop.ship(order, 0, drop=2)
    shop.turn(10)
    order = shop.read(order)
    assert (order["state"], order["cancelledAmount"]) == ("accepted", 0)
    assert charge(order)["cancels"][0]["state"] == "failed"
    assert "order.charge.cancel.failed" in shop.types(order)


def test_magic_names_of_a_wallet(shop: Shop) -> None:
    for name, events in (
        ("CaptureFail", "order.charge.capture.failed"), ("CancelFail", "order.charge.cancel.failed")
    ):  # fmt: skip
        checkout = shop.checkout()
        source = shop.pay(checkout, "googlePay", lastName=name)
        order = shop.place(shop.attach(checkout, source))
        shop.ship(order, 1, drop=1)
        shop.turn(10)
        assert events in shop.types(order)


# -- late shipment ----------------------------------------------------------------------------


def test_lapsed_authorisation_is_tolerated(shop: Shop) -> None:
    order = shop.order()
    shop.turn(8 * 86400)
    shop.ship(order)
    shop.turn(10)
    assert shop.read(order)["state"] == "complete"


def test_lapsed_authorisation_of_a_careful_account(shop: Shop) -> None:
    shop.world.options.risk_averse = True
    order = shop.order()
    shop.turn(8 * 86400)
    body = {"orderId": order["id"], "items": [{"itemId": order["items"][0]["id"], "quantity": 1}]}
    status, shown = shop.call("POST", "/fulfillments", body)
    assert (status, shown["errors"][0]["code"]) == (409, "payment_authorization_failed")
    assert "type" not in shown
    assert shown["errors"][0]["description"]
    assert shop.types(order)[-1] == "order.charge.reauth.failed"
    shop.ship(order, 0, drop=2)  # what is left to do: drop it all
    shop.turn(10)
    assert shop.read(order)["state"] == "cancelled"
