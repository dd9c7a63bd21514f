"""The vendor's published request and answer samples, run against the sandbox.

Shapes and figures are those of the public documentation (docs/sandbox.md, "Second opinion"); names,
products and addresses are ours. More of them: `test_vendor_requests` (master data, webhooks),
`test_vendor_answers` (what answers print).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.shop import MINNESOTA, Shop

Json = dict[str, Any]
KEY = {"authorization": "Bearer sk_test_sandbox"}
MINNEAPOLIS: Json = {
    "line1": "600 Nicollet", "city": "Minneapolis", "state": "MN", "postalCode": "55401",
    "country": "US",
}  # fmt: skip
GHENT: Json = {"line1": "Korenmarkt 1", "city": "Gent", "postalCode": "9000", "country": "BE"}


def money(text: str) -> Decimal:
    """A published figure."""
    return Decimal(text)


def sample_order(shop: Shop, price: str = "10", quantity: int = 2, ship: str = "5") -> Json:
    """The order most samples show: two units at 10, shipping 5, 27.01 in all."""
    line = {"skuId": "mug", "quantity": quantity, "price": money(price)}
    choice = {"id": "123", "amount": money(ship), "description": "standard",
              "serviceLevel": "SG", "shippingTerms": "DDP"}  # fmt: skip
    return shop.order(line, ship_to=MINNEAPOLIS, shippingChoice=choice)


def shipped(shop: Shop, **how: Any) -> Json:
    """The same, all of it sent and captured."""
    order = sample_order(shop, **how)
    shop.ship(order)
    shop.turn(10)
    return shop.read(order)


# -- figures of priced checkouts ----------------------------------------------------------------

FIGURES = [
    # lines (price, quantity, more), the rest of the basket, published figures
    ([("10", 3, {"discount": {"percentOff": 10, "quantity": 1}})], {},
     {"totalAmount": "31.18", "subtotal": "29", "totalTax": "2.18", "totalDiscount": "1"}),
    ([("10", 3, {"discount": {"amountOff": 2}})], {},
     {"totalAmount": "25.81", "subtotal": "24", "totalTax": "1.81", "totalDiscount": "6"}),
    ([("10", 4, {}), ("20", 2, {})], {"discount": {"percentOff": 20}},
     {"totalAmount": "68.82", "subtotal": "64", "totalTax": "4.82", "totalDiscount": "16"}),
    ([("10", 4, {}), ("20", 2, {})], {"discount": {"amountOff": 10}},
     {"totalAmount": "75.26", "subtotal": "70", "totalTax": "5.26", "totalDiscount": "10"}),
    ([("10", 3, {})], {"shippingChoice": {"amount": 8}, "shippingDiscount": {"percentOff": 25}},
     {"totalAmount": "38.71", "subtotal": "36", "totalTax": "2.71", "totalShipping": "8"}),
    ([("10", 3, {})], {"shippingChoice": {"amount": 8}, "shippingDiscount": {"amountOff": 3}},
     {"totalAmount": "37.64", "subtotal": "35", "totalTax": "2.64", "totalDiscount": "3"}),
    ([("10", 2, {})], {"shippingChoice": {"amount": 5}},
     {"totalAmount": "26.89", "subtotal": "25", "totalTax": "1.89", "totalShipping": "5"}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "more", "figures"), FIGURES)
def test_published_figures_of_discounts_and_shipping(
    shop: Shop, lines: list[tuple[str, int, Json]], more: Json, figures: dict[str, str]
) -> None:
    items = [{"skuId": "mug", "price": money(price), "quantity": quantity} | extra
             for price, quantity, extra in lines]  # fmt: skip
    body = {"shippingChoice": {"amount": 0}} | more
    checkout = shop.checkout(*items, ship_to=MINNESOTA, **body)
    assert {name: checkout[name] for name in figures} == {
        name: money(figure) for name, figure in figures.items()
    }


def test_published_line_taxes_under_an_order_discount(shop: Shop) -> None:
    items = [{"skuId": "mug", "price": price, "quantity": n} for price, n in ((10, 4), (20, 2))]
    free = {"amount": 0}
    for discount, tax in (({"percentOff": 20}, "2.41"), ({"amountOff": 10}, "2.63")):
        checkout = shop.checkout(*items, ship_to=MINNESOTA, shippingChoice=free, discount=discount)
        assert [line["tax"]["amount"] for line in checkout["items"]] == [money(tax)] * 2
        assert [line["amount"] for line in checkout["items"]] == [40, 40]


def test_answer_says_how_many_units_a_discount_covers(shop: Shop) -> None:
    line = {"skuId": "mug", "price": 10, "quantity": 3, "discount": {"amountOff": 2}}
    assert shop.checkout(line)["items"][0]["discount"] == {"amountOff": 2, "quantity": 3}


def test_tax_inclusive_answer_prints_net_shipping(shop: Shop) -> None:
    checkout = shop.checkout(
        {"skuId": "mug", "price": 10, "quantity": 2}, ship_to=MINNESOTA, taxInclusive=True,
        shippingChoice={"amount": 5, "description": "standard", "serviceLevel": "SG"},
    )  # fmt: skip
    line, choice = checkout["items"][0], checkout["shippingChoice"]
    assert (line["amount"], line["tax"]["amount"]) == (money("18.60"), money("1.40"))
    assert choice["amount"] == checkout["totalShipping"]
    # the sample's shipping is a cent off its own tag price (section 22, point 26); ours is not
    assert choice["amount"] + choice["taxAmount"] == 5
    again = shop.good("POST", f"/checkouts/{checkout['id']}", {"browserIp": "192.0.2.7"})
    assert again["shippingChoice"] == choice


def test_shipping_is_spread_over_equal_lines(shop: Shop) -> None:
    lines = [{"skuId": "mug", "price": 10, "quantity": 1}] * 2
    checkout = shop.checkout(*lines, ship_to=MINNEAPOLIS, shippingChoice={"amount": 5})
    wanted = {"amount": money("2.5"), "taxAmount": money("0.2")}
    assert [line["shipping"] for line in checkout["items"]] == [wanted] * 2
    assert checkout["shippingChoice"]["taxAmount"] == money("0.4")


def test_submit_then_redirect(shop: Shop) -> None:
    """Three at 10 and 22.50 of shipping, from NL to DE by Klarna: 62.48."""
    berlin = {"line1": "Alex 1", "city": "Berlin", "postalCode": "10178", "country": "DE"}
    checkout = shop.checkout(
        {"skuId": "mug", "price": 10, "quantity": 3}, ship_to=berlin, currency="EUR",
        shipFrom={"address": {"country": "NL"}}, shippingChoice={"amount": money("22.5")},
    )  # fmt: skip
    assert (checkout["totalAmount"], checkout["totalTax"]) == (money("62.48"), money("9.98"))
    assert checkout["shippingChoice"]["taxAmount"] == money("4.28")
    source = shop.pay(checkout, "klarnaCredit", lastName="Doe")
    attached = shop.attach(checkout, source)
    assert attached["payment"]["session"]["state"] == "requires_confirmation"
    assert attached["payment"]["sources"][0]["klarnaCredit"]["redirectUrl"]
    order = shop.place(attached)
    session = order["payment"]["session"]
    assert (order["state"], session["state"]) == ("pending_payment", "pending_redirect")
    source_id, token = session["nextAction"]["data"]["redirectUrl"].split("/")[-2:]
    shop.world.form.decide(source_id, token, approve=True)
    refreshed = shop.send("POST", f"/orders/{order['id']}/refresh", b"").json()
    assert (refreshed["state"], refreshed["payment"]["session"]["state"]) == (
        "accepted", "complete",
    )  # fmt: skip
    assert set(refreshed["stateTransitions"]) == {"pending_payment", "accepted"}
    assert "nextAction" not in refreshed["payment"]["session"]


def test_purchase_location_gives_an_estimate(shop: Shop) -> None:
    shop.sku()
    body = {"currency": "USD", "items": [{"skuId": "mug", "price": 100, "quantity": 1}]}
    assert shop.good("POST", "/checkouts", body)["totalTax"] == 0
    place = {"country": "US", "state": "MN", "postalCode": "55155"}
    shown = shop.good("POST", "/checkouts", body | {"purchaseLocation": place})
    assert (shown["totalTax"], shown["totalAmount"]) == (money("7.88"), money("107.88"))
    assert shown["purchaseLocation"] == place


def test_small_imports_into_the_union(shop: Shop) -> None:
    shop.sku("bag", hsCode="4202.22", taxCode="5312.1602")
    lines = [{"skuId": "bag", "price": 75, "quantity": 1}] * 2
    origin = {"address": {"line1": "1", "city": "Minneapolis", "postalCode": "55104",
                          "state": "MN", "country": "US"}}  # fmt: skip
    checkout = shop.checkout(*lines, ship_to=GHENT, currency="EUR", shipFrom=origin,
                             taxInclusive=False, shippingChoice={"amount": 0})  # fmt: skip
    assert [checkout[name] for name in ("totalAmount", "subtotal", "totalTax", "totalDuty")] == [
        money("181.50"), 150, money("31.50"), 0,
    ]  # fmt: skip
    assert [line["tax"] for line in checkout["items"]] == [
        {"rate": money("0.21"), "amount": money("15.75")}
    ] * 2
    assert all(line["sellerTaxIdentifier"].startswith("IM") for line in checkout["items"])
    assert checkout["sellingEntity"]["id"] == "DR_IRELAND-ENTITY"
    lines[1] = {"skuId": "bag", "price": 76, "quantity": 1}
    above = shop.checkout(*lines, ship_to=GHENT, currency="EUR", shipFrom=origin,
                          taxInclusive=False, shippingChoice={"amount": 0})  # fmt: skip
    assert (above["totalTax"], above["importerOfRecordTax"]) == (0, True)
    assert above["totalImporterTax"] > 0
    assert above["subtotal"] == above["totalAmount"]


def test_two_lines_of_one_sku_are_priced_apart(shop: Shop) -> None:
    lines = [
        {"skuId": "mug", "price": 100, "quantity": 1},
        {"skuId": "mug", "price": 90, "quantity": 1, "discount": {"percentOff": 10}},
    ]
    order = shop.order(*lines)
    assert [line["amount"] for line in order["items"]] == [100, 81]
    assert order["items"][1]["discount"] == {"percentOff": 10, "quantity": 1}
    assert order["items"][0]["id"] != order["items"][1]["id"]


# -- orders, money, refunds ---------------------------------------------------------------------


def test_the_order_most_samples_show(shop: Shop) -> None:
    order = shipped(shop)
    assert {name: order[name] for name in ("totalAmount", "subtotal", "totalTax",
                                           "capturedAmount", "availableToRefundAmount")} == {
        "totalAmount": money("27.01"), "subtotal": 25, "totalTax": money("2.01"),
        "capturedAmount": money("27.01"), "availableToRefundAmount": money("27.01"),
    }  # fmt: skip
    assert order["items"][0]["tax"] == {"rate": money("0.08025"), "amount": money("1.61")}
    assert order["items"][0]["availableToRefundAmount"] == money("21.61")
    assert set(order["stateTransitions"]) == {"accepted", "fulfilled", "complete"}


def test_extra_fields_of_an_order_request_are_ignored(shop: Shop) -> None:
    checkout = shop.funded()
    body = {"checkoutId": checkout["id"], "email": "jane@example.com", "upstreamId": "1J9F"}
    order = shop.good("POST", "/orders", body)
    assert (order["email"], "upstreamId" in order) == ("sam@example.com", False)


def test_fulfilment_request_and_answer(shop: Shop) -> None:
    order = sample_order(shop)
    line = order["items"][0]["id"]
    body = {"orderId": order["id"], "items": [{"itemId": line, "quantity": "2"}]}
    shown = shop.good("POST", "/fulfillments", body)
    assert shown["items"] == [{"quantity": 2, "cancelQuantity": 0, "skuId": "mug", "itemId": line}]
    assert set(shown) == {"id", "createdTime", "items", "orderId", "liveMode"}
    tracked = {"trackingCompany": "Fedex", "trackingNumber": "Z1", "trackingUrl": "https://x.test"}
    assert shop.good("POST", f"/fulfillments/{shown['id']}", tracked)["trackingUrl"]
    read = shop.good("GET", f"/fulfillments/{shown['id']}")
    assert len(read["chargeOperationIds"]) == 1
    assert read["orderDetails"]["items"][0]["state"] == "fulfilled"


def test_cancel_request_and_event(shop: Shop) -> None:
    order = shop.order({"skuId": "mug", "quantity": 5, "price": 10}, ship_to=MINNESOTA)
    line = order["items"][0]["id"]
    body = {"orderId": order["id"], "items": [{"itemId": line, "cancelQuantity": 1}]}
    shop.good("POST", "/fulfillments", body)
    shop.turn(5)
    charge = shop.events("order.charge.cancel.complete")[0]["data"]["object"]
    assert (charge["state"], charge["captured"], charge["cancels"][0]["state"]) == (
        "capturable", False, "complete",
    )  # fmt: skip


REFUNDS = [
    # request, amount of the refund, what is left afterwards
    ({"percent": 50}, "13.51", "13.50"),
    ({"percent": 100}, "27.01", "0"),
    ({"amount": "27.01"}, "27.01", "0"),
    ({"type": "tax", "percent": 100}, "2.01", "25.00"),
    ({"type": "shipping", "percent": 100}, "5.40", "21.61"),
    ({"type": "shipping", "percent": 75}, "4.05", "22.96"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "amount", "left"), REFUNDS)
def test_published_refunds_of_the_order(shop: Shop, asked: Json, amount: str, left: str) -> None:
    order = shipped(shop)
    body = {"orderId": order["id"], "currency": "USD"} | asked
    refund = shop.good("POST", "/refunds", body)
    assert (refund["amount"], refund["items"]) == (money(amount), [])
    assert shop.read(order)["availableToRefundAmount"] == money(left)
    shop.turn(10)
    done = shop.good("GET", f"/refunds/{refund['id']}")
    assert (done["state"], done["refundedAmount"]) == ("succeeded", money(amount))
    assert done["charges"][0]["refunds"][0]["amount"] == money(amount)


def test_published_refund_of_lines(shop: Shop) -> None:
    """Two units in full and four units by half, at 0.08025: 21.61 each."""
    order = shop.order(
        {"skuId": "mug", "quantity": 2, "price": 10},
        {"skuId": "mug", "quantity": 4, "price": 10},
        ship_to=MINNEAPOLIS, shippingChoice={"amount": 0},
    )  # fmt: skip
    lines = [{"itemId": line["id"], "quantity": line["quantity"]} for line in order["items"]]
    shop.good("POST", "/fulfillments", {"orderId": order["id"], "items": lines})
    shop.turn(10)
    first, second = (line["id"] for line in order["items"])
    items = [{"itemId": first, "quantity": "2", "percent": 100},
             {"itemId": second, "quantity": "4", "percent": 50}]  # fmt: skip
    refund = shop.good(
        "POST", "/refunds", {"orderId": order["id"], "currency": "USD", "items": items}
    )
    assert [row["amount"] for row in refund["items"]] == [money("21.61")] * 2
    assert "amount" not in refund
    shop.turn(10)
    done = shop.good("GET", f"/refunds/{refund['id']}")
    assert done["refundedAmount"] == money("43.22")


def test_percent_of_a_line_means_the_units_that_are_named(shop: Shop) -> None:
    order = shop.complete({"skuId": "mug", "quantity": 4, "price": 10}, ship_to=MINNEAPOLIS)
    line = {"itemId": order["items"][0]["id"], "percent": 100}
    body = {"orderId": order["id"], "currency": "USD"}
    one = shop.good("POST", "/refunds", body | {"items": [line | {"quantity": 1}]})
    assert one["items"][0]["amount"] == money("10.80")
    rest = shop.good("POST", "/refunds", body | {"items": [line | {"quantity": 4}]})
    assert rest["items"][0]["amount"] == money("32.41")


def test_return_request_and_answer(shop: Shop) -> None:
    order = shipped(shop)
    line = order["items"][0]["id"]
    body = {"orderId": order["id"], "reason": "Incorrect size",
            "items": [{"itemId": line, "quantity": "2"}]}  # fmt: skip
    back = shop.good("POST", "/returns", body)
    assert back["items"] == [{
        "itemId": line, "amount": money("21.61"), "quantity": 2, "quantityAccepted": 0,
        "skuId": "mug", "state": "created",
    }]  # fmt: skip
    accepted = shop.good("POST", f"/returns/{back['id']}", {"state": "accepted"})
    assert (accepted["state"], accepted["items"][0]["quantityAccepted"]) == ("accepted", 2)
    assert shop.types(order)[-3:] == [
        "order.charge.refund.pending", "refund.pending", "return.accepted",
    ]  # fmt: skip


def test_store_credit_and_card_share_an_order(shop: Shop) -> None:
    line = {"skuId": "mug", "quantity": 2, "price": 10}
    checkout = shop.checkout(line, ship_to=MINNEAPOLIS, shippingChoice={"amount": 5})
    credit = {
        "type": "customerCredit", "amount": money("12.5"), "customerCredit": {},
        "paymentSessionId": checkout["payment"]["session"]["id"], "upstreamId": "76-87",
    }  # fmt: skip
    shop.attach(checkout, shop.good("POST", "/sources", credit))
    order = shop.place(shop.attach(checkout, shop.card(checkout)))
    charges = [charge["amount"] for charge in order["payment"]["charges"]]
    assert sorted(charges) == [money("12.5"), money("14.51")]
    sources = {each["type"]: each for each in order["payment"]["sources"]}
    assert sources["customerCredit"]["upstreamId"] == "76-87"
    assert sources["creditCard"]["amount"] == money("14.51")
