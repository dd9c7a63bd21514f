"""Refunds and returns: ceilings, types, states, the magic cards (contract section 12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]


def ask(order: Json, **more: Any) -> Json:
    """A refund request."""
    return {"orderId": order["id"], "currency": order["currency"]} | more


def item(order: Json, **more: Any) -> Json:
    """One refunded or returned line."""
    return {"itemId": order["items"][0]["id"]} | more


def test_all_goes_back(shop: Shop) -> None:
    order = shop.complete()
    refund = shop.good("POST", "/refunds", ask(order, percent=100, reason="Damaged"))
    assert (refund["state"], refund["refundedAmount"]) == ("pending", 0)
    assert shop.read(order)["availableToRefundAmount"] == 0
    assert "refundedAmount" not in shop.read(order)
    shop.turn(10)
    refund = shop.good("GET", f"/refunds/{refund['id']}")
    assert (refund["state"], refund["refundedAmount"]) == ("succeeded", order["totalAmount"])
    order = shop.read(order)
    assert (order["state"], order["items"][0]["state"]) == ("returned", "returned")
    assert order["creditMemoPDFs"]
    assert shop.types(order)[-6:] == [
        "order.charge.refund.pending", "refund.pending", "order.charge.refund.complete",
        "refund.complete", "order.refunded", "order.credit_memo.created",
    ]  # fmt: skip


def test_half_of_an_odd_sum(shop: Shop) -> None:
    line = {"skuId": "mug", "price": Decimal("25.07")}
    order = shop.complete(line, shippingChoice={"amount": 0})
    assert order["totalAmount"] == Decimal("27.01")
    refund = shop.good("POST", "/refunds", ask(order, percent=50))
    assert refund["amount"] == Decimal("13.51")
    shop.turn(10)
    assert shop.read(order)["state"] == "complete"
    rest = shop.good("POST", "/refunds", ask(order, percent=100))
    assert rest["amount"] == Decimal("13.50")


def test_amount_as_text(shop: Shop) -> None:
    order = shop.complete()
    assert shop.good("POST", "/refunds", ask(order, amount="27.01"))["amount"] == Decimal("27.01")


@pytest.mark.parametrize(
    ("more", "code", "parameter"),
    [
        ({"amount": Decimal("72.74")}, "invalid_parameter", "amountRequested"),
        ({"amount": 0}, "invalid_parameter", "amount"),
        ({"percent": 0}, "invalid_parameter", "percent"),
        ({"percent": 101}, "invalid_parameter", "percent"),
        ({"currency": "EUR", "percent": 5}, "invalid_parameter", "currency"),
        ({}, "missing_parameter", "amount"),
        ({"amount": 1, "percent": 1}, "invalid_parameter", "percent"),
        ({"type": "tax", "amount": 1}, "invalid_parameter", "percentRequested"),
        ({"type": "tax", "percent": 50}, "invalid_parameter", "percentRequested"),
        ({"type": "shipping", "amount": 9}, "invalid_parameter", "amountRequested"),
        ({"type": "duty", "percent": 100}, "invalid_parameter", "amountRequested"),
        ({"reason": "x" * 65, "percent": 5}, "invalid_parameter", "reason"),
        ({"items": []}, "missing_parameter", "items"),
    ],
)
def test_refunds_that_are_refused(shop: Shop, more: Json, code: str, parameter: str) -> None:
    order = shop.complete()
    assert shop.error("POST", "/refunds", ask(order) | more) == (400, code, parameter)
    assert shop.read(order)["availableToRefundAmount"] == order["totalAmount"]


def test_nothing_captured_nothing_refunded(shop: Shop) -> None:
    order = shop.order()
    error = shop.error("POST", "/refunds", ask(order, percent=100))
    assert error == (400, "invalid_parameter", "amountRequested")
    assert shop.error("POST", "/refunds", ask(order | {"id": "gone"}, percent=1))[0] == 404


def test_tax_alone(shop: Shop) -> None:
    order = shop.complete()
    refund = shop.good("POST", "/refunds", ask(order, type="tax", percent=100))
    assert refund["amount"] == order["totalTax"]


def test_shipping_takes_its_tax_along(shop: Shop) -> None:
    order = shop.complete()
    refund = shop.good("POST", "/refunds", ask(order, type="shipping", percent=100))
    assert refund["amount"] == Decimal("8.08")


def test_fees_go_back_only_with_everything_or_by_name(shop: Shop) -> None:
    shop.sku("screen", taxCode="4321.1902")
    order = shop.complete({"skuId": "screen", "price": 100}, shippingChoice={"amount": 0})
    product = order["totalAmount"] - Decimal("5.39")
    too_much = ask(order, amount=product + Decimal("0.01"))
    assert shop.error("POST", "/refunds", too_much)[2] == "amountRequested"
    fees = shop.good("POST", "/refunds", ask(order, type="fees", percent=100))
    assert fees["amount"] == Decimal("5.39")
    assert shop.good("POST", "/refunds", ask(order, percent=100))["amount"] == product


def test_one_line(shop: Shop) -> None:
    order = shop.complete({"skuId": "mug", "price": 10}, {"skuId": "mug", "price": 20})
    line = order["items"][0]
    assert line["availableToRefundAmount"] == Decimal("10.78")
    body = ask(order, items=[item(order, amount=Decimal("10.79"))])
    assert shop.error("POST", "/refunds", body)[2] == "amountRequested"
    refund = shop.good("POST", "/refunds", ask(order, items=[item(order, percent=100)]))
    assert refund["items"][0]["amount"] == Decimal("10.78")
    assert shop.read(order)["items"][0]["availableToRefundAmount"] == 0
    shop.turn(10)
    shown = shop.good("GET", f"/refunds/{refund['id']}")
    assert shown["items"][0]["refundedAmount"] == Decimal("10.78")


@pytest.mark.parametrize(
    ("line", "code", "parameter"),
    [
        ({"quantity": 3, "percent": 100}, "invalid_quantity_amount", "items[0].quantity"),
        ({"itemId": "gone", "percent": 100}, "invalid_parameter", "items[0].itemId"),
        ({"percent": 100, "type": "tax"}, "invalid_parameter", "items[0].type"),
        ({}, "missing_parameter", "items[0].amount"),
    ],
)
def test_bad_lines(shop: Shop, line: Json, code: str, parameter: str) -> None:
    order = shop.complete()
    body = ask(order, items=[item(order) | line])
    assert shop.error("POST", "/refunds", body) == (400, code, parameter)


def test_card_is_paid_back_before_credit(shop: Shop) -> None:
    checkout = shop.checkout()
    session = checkout["payment"]["session"]["id"]
    body = {"type": "customerCredit", "amount": 30, "paymentSessionId": session}
    shop.attach(checkout, shop.good("POST", "/sources", body))
    order = shop.place(shop.attach(checkout, shop.card(checkout)))
    shop.ship(order)
    shop.turn(10)
    shop.good("POST", "/refunds", ask(order, amount=50))
    credit, card = shop.read(order)["payment"]["charges"]
    assert card["refunds"][0]["amount"] == Decimal("42.73")
    assert credit["refunds"][0]["amount"] == Decimal("7.27")


def test_metadata_and_lists(shop: Shop) -> None:
    order = shop.complete()
    body = ask(order, percent=10, reason="Late", metadata={"request": "r1"})
    refund = shop.good("POST", "/refunds", body)
    for query in (
        {"orderId": order["id"]}, {"reason": "Late"}, {"state": "pending"}, {"skuId": "mug"},
        {"amount[gte]": "7"},
    ):  # fmt: skip
        found = shop.good("GET", "/refunds", **query)["data"]
        assert [each["metadata"] for each in found] == [{"request": "r1"}], query
    path = f"/refunds/{refund['id']}"
    assert shop.good("POST", path, {"metadata": {"a": 1}})["metadata"] == {"a": 1}


# -- magic values -----------------------------------------------------------------------------


@pytest.mark.parametrize(("card", "wait"), [("4000000000004111", 2), ("4556602564240839", 2)])
def test_cards_whose_refund_fails(shop: Shop, card: str, wait: int) -> None:
    order = shop.complete(card=card)
    refund = shop.good("POST", "/refunds", ask(order, percent=100))
    shop.turn(wait)
    state = shop.good("GET", f"/refunds/{refund['id']}")["state"]
    assert state == ("failed" if card.endswith("4111") else "pending")
    shop.turn(10)
    refund = shop.good("GET", f"/refunds/{refund['id']}")
    assert (refund["state"], refund["refundedAmount"]) == ("failed", 0)
    assert refund["failureReason"]
    order = shop.read(order)
    assert (order["availableToRefundAmount"], order["state"]) == (order["totalAmount"], "complete")
    assert "refund.failed" in shop.types(order)
    assert "order.charge.refund.failed" in shop.types(order)


def bought(shop: Shop, kind: str, name: str) -> Json:
    """A complete order paid by a method with a magic last name."""
    checkout = shop.checkout()
    source = shop.pay(checkout, kind, lastName=name)
    order = shop.place(shop.attach(checkout, source))
    if "redirect" in source:
        source_id, token = source["redirect"]["redirectUrl"].split("/")[-2:]
        shop.world.form.decide(source_id, token, approve=True)
    shop.turn(60)
    shop.ship(order)
    shop.turn(10)
    return shop.read(order)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("googlePay", "RefundFail"), ("payPal", "RefundFail"), ("payPalCredit", "RefundFail"),
        ("directDebit", "RefundFail"), ("directDebit", "RefundFailedAfterPending"),
        ("klarnaCredit", "RefundFail"), ("alipay", "refundFail"),
        ("wireTransfer", "RefundFailWhileCreation"), ("konbini", "RefundFailWhileCreation"),
    ],
)  # fmt: skip
def test_names_whose_refund_fails(shop: Shop, kind: str, name: str) -> None:
    order = bought(shop, kind, name)
    refund = shop.good("POST", "/refunds", ask(order, percent=100))
    shop.turn(10)
    assert shop.good("GET", f"/refunds/{refund['id']}")["state"] == "failed"


@pytest.mark.parametrize(
    ("name", "state"), [("Shopper", "succeeded"), ("RefundFailAfterPaymentInfo", "failed")]
)
def test_transfer_refund_asks_for_bank_details(shop: Shop, name: str, state: str) -> None:
    order = bought(shop, "wireTransfer", name)
    refund = shop.good("POST", "/refunds", ask(order, percent=100))
    shop.turn(5)
    waiting = shop.good("GET", f"/refunds/{refund['id']}")
    assert waiting["state"] == "pending_information"
    token = shop.events("refund.pending_information")[0]["data"]["object"]["tokenInformation"]
    assert waiting["tokenInformation"] == token
    shop.world.form.refund_details(token["token"])
    shop.turn(5)
    assert shop.good("GET", f"/refunds/{refund['id']}")["state"] == state


def test_bank_details_that_never_come(shop: Shop) -> None:
    order = bought(shop, "wireTransfer", "Shopper")
    refund = shop.good("POST", "/refunds", ask(order, percent=100))
    shop.turn(31 * 86400)
    assert shop.good("GET", f"/refunds/{refund['id']}")["state"] == "expired"
    assert shop.read(order)["availableToRefundAmount"] == order["totalAmount"]


# -- returns ----------------------------------------------------------------------------------


def test_return_is_accepted_and_refunds_itself(shop: Shop) -> None:
    order = shop.complete()
    body = {"orderId": order["id"], "reason": "Wrong size", "items": [item(order, quantity=1)]}
    back = shop.good("POST", "/returns", body)
    assert (back["state"], back["items"][0]["quantityAccepted"]) == ("created", 0)
    back = shop.good("POST", f"/returns/{back['id']}", {"state": "accepted"})
    assert (back["state"], back["items"][0]["state"]) == ("accepted", "accepted")
    refund = shop.good("GET", f"/refunds/{back['refundIds'][0]}")
    assert refund["items"][0]["amount"] == back["items"][0]["amount"] == Decimal("32.33")
    shop.turn(10)
    assert shop.read(order)["refundedAmount"] == Decimal("32.33")
    assert shop.good("GET", "/returns", orderId=order["id"], state="accepted")["data"]


def test_partly_accepted_return_refunds_nothing(shop: Shop) -> None:
    order = shop.complete()
    body = {"orderId": order["id"], "items": [item(order, quantity=2)]}
    back = shop.good("POST", "/returns", body)
    part = {"items": [item(order, quantity=1, state="accepted")]}
    back = shop.good("POST", f"/returns/{back['id']}", part)
    assert (back["state"], back["items"][0]["quantityAccepted"]) == ("created", 1)
    assert "refundIds" not in back
    back = shop.good("POST", f"/returns/{back['id']}", part)
    assert (back["state"], len(back["refundIds"])) == ("accepted", 1)
    assert shop.types(order)[-1] == "return.accepted"


def test_more_than_was_shipped_cannot_come_back(shop: Shop) -> None:
    order = shop.complete()
    body = {"orderId": order["id"], "items": [item(order, quantity=2)]}
    shop.good("POST", "/returns", body)
    assert shop.error("POST", "/returns", body) == (409, "quantity_too_large", "items[0].qty")
    fresh = shop.order()
    body = {"orderId": fresh["id"], "items": [item(fresh, quantity=1)]}
    assert shop.error("POST", "/returns", body) == (409, "quantity_too_large", "items[0].qty")
