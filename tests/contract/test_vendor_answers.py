"""What the vendor's published events and answers print is printed by the sandbox too.

A dotted path below is one that a published sample holds; a list stands for its first entry.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.test_vendor_samples import shipped
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]


ORDER = """
id createdTime currency email shipTo.address.line1 shipTo.name shipFrom.address.country
billTo.address.postalCode billTo.name totalAmount subtotal totalFees totalTax totalImporterTax
totalDuty totalDiscount totalShipping items.id items.skuId items.productDetails.id
items.productDetails.name items.productDetails.countryOfOrigin items.amount items.quantity
items.state items.stateTransitions.created items.tax.rate items.tax.amount items.importerTax.amount
items.duties.amount items.fees.amount items.fees.taxAmount items.availableToRefundAmount
shippingChoice.amount shippingChoice.taxAmount shippingChoice.description
shippingChoice.serviceLevel updatedTime locale customerType sellingEntity.id sellingEntity.name
liveMode payment.sources.id payment.sources.type payment.sources.amount
payment.sources.owner.lastName payment.session.id payment.session.amountContributed
payment.session.amountRemainingToBeContributed payment.session.state payment.session.clientSecret
state requestToBeForgotten capturedAmount cancelledAmount availableToRefundAmount checkoutId
"""
CHARGES = """
payment.charges.id payment.charges.createdTime payment.charges.currency payment.charges.amount
payment.charges.state payment.charges.captured payment.charges.refunded payment.charges.sourceId
payment.charges.type fraudStateTransitions.passed payment.sources.creditCard.brand
payment.sources.creditCard.lastFourDigits payment.sources.creditCard.expirationMonth
"""
CHARGE = """
id createdTime currency amount state orderId captured refunded sourceId paymentSessionId type
liveMode
"""
REFUND = """
id amount createdTime currency items orderId refundedAmount state liveMode charges.id
charges.captured charges.refunded charges.refunds.createdTime charges.refunds.amount
charges.refunds.state charges.sourceId
"""
PRINTED: dict[str, str] = {
    "order.accepted": ORDER + CHARGES + "stateTransitions.accepted",
    "order.fulfilled": ORDER + CHARGES + "stateTransitions.fulfilled",
    "order.complete": ORDER + CHARGES + "stateTransitions.complete",
    "order.refunded": ORDER + CHARGES + "refundedAmount invoicePDFs.id invoicePDFs.url "
    "payment.charges.refunds.amount payment.charges.captures.amount",
    "fulfillment.created": "id createdTime items.quantity items.cancelQuantity items.skuId "
    "items.itemId orderId liveMode " + " ".join(
        f"orderDetails.{path}" for path in ORDER.split() if not path.startswith("payment")),
    "order.charge.capture.complete": CHARGE + "captures.id captures.createdTime captures.amount "
    "captures.state captures.fulfillmentId",
    "order.invoice.created": "id fileId orderId purpose invoiceURL",
    "order.credit_memo.created": "id fileId orderId purpose invoiceURL",
    "refund.pending": REFUND, "refund.complete": REFUND,
}  # fmt: skip
WAITING = {
    "order.pending_payment": ORDER + "payment.session.nextAction.action "
    "payment.session.nextAction.data.sourceId payment.session.nextAction.data.sourceClientSecret "
    "payment.sources.wireTransfer.accountHolder payment.sources.wireTransfer.referenceId "
    "payment.sources.wireTransfer.swiftCode stateTransitions.pending_payment",
    "order.cancelled": ORDER + "stateTransitions.cancelled fraudState "
    "fraudStateTransitions.passed payment.session.nextAction.action",
}  # fmt: skip


def lacks(shown: Any, path: str) -> bool:
    """Whether a dotted path is missing in an answer, looking into the first entry of lists."""
    value = shown
    for name in path.split("."):
        value = value[0] if isinstance(value, list) and value else value
        if not isinstance(value, dict) or name not in value:
            return True
        value = value[name]
    return False


@pytest.mark.parametrize("kind", PRINTED)
def test_events_print_what_published_ones_print(shop: Shop, kind: str) -> None:
    order = shipped(shop)
    body = {"orderId": order["id"], "currency": "USD", "amount": Decimal("21.60")}
    shop.good("POST", "/refunds", body)
    shop.turn(10)
    shown = shop.events(kind)[-1]["data"]["object"]
    assert [path for path in PRINTED[kind].split() if lacks(shown, path)] == []
    if kind == "order.refunded":
        assert (shown["state"], shown["availableToRefundAmount"]) == ("complete", Decimal("5.41"))


@pytest.mark.parametrize("kind", WAITING)
def test_events_of_a_transfer_that_never_comes(shop: Shop, kind: str) -> None:
    choice = {"amount": 5, "description": "standard", "serviceLevel": "SG"}
    checkout = shop.checkout(shippingChoice=choice)
    source = shop.pay(checkout, "wireTransfer", lastName="SourceFailWithDelay")
    shop.place(shop.attach(checkout, source))
    shop.turn(60)
    shown = shop.events(kind)[-1]["data"]["object"]
    assert [path for path in WAITING[kind].split() if lacks(shown, path)] == []
    if kind == "order.cancelled":
        assert (shown["fraudState"], shown["payment"]["session"]["state"]) == ("passed", "failed")
        assert shown["items"][0]["state"] == "cancelled"


def test_event_of_a_blocked_order(shop: Shop) -> None:
    shop.world.director.next("blocked_later")
    shop.order()
    shop.turn(10)
    shown = shop.events("order.blocked")[-1]["data"]["object"]
    assert set(shown["stateTransitions"]) == {"in_review", "blocked"}
    assert set(shown["fraudStateTransitions"]) == {"review_opened", "blocked"}
    (charge,) = shown["payment"]["charges"]
    assert (charge["state"], charge["captured"], charge["cancels"][0]["amount"]) == (
        "cancelled", False, shown["totalAmount"],
    )  # fmt: skip
    assert (shown["cancelledAmount"], shown["payment"]["session"]["state"]) == (0, "complete")


MISHAPS: list[tuple[str, str, Callable[[Json], str]]] = [
    ("4000000000004103", "order.charge.capture.failed", lambda c: c["captures"][0]["failureCode"]),
    ("4000000000004442", "order.charge.cancel.failed", lambda c: c["cancels"][0]["failureCode"]),
]


@pytest.mark.parametrize(("card", "kind", "code"), MISHAPS)
def test_events_of_failed_operations(
    shop: Shop, card: str, kind: str, code: Callable[[Json], str]
) -> None:
    order = shop.order(card=card)
    shop.ship(order, 1, drop=1)
    shop.turn(10)
    charge = shop.events(kind)[-1]["data"]["object"]
    assert [path for path in CHARGE.split() if lacks(charge, path)] == []
    assert (charge["orderId"], code(charge)) == (order["id"], "failed-request")
