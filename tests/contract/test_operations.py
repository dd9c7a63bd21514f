"""The sandbox serves every operation of the contract, out of a table that is the contract's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from posapp.sandbox.routes import WORK
from posapp.sandbox.tables import operations
from tests.contract import make_operations
from tests.contract.answers import contract
from tests.unit.sandbox.shop import Shop


def test_table_of_operations_is_current() -> None:
    assert operations() == make_operations.operations()
    assert json.loads(make_operations.TABLE.read_text("utf-8")) == make_operations.operations()


def test_every_operation_has_its_work() -> None:
    assert set(WORK) == {row["id"] for row in make_operations.operations()}


def examples() -> list[Any]:
    """Every example of a request body in the contract."""
    found = []
    for name, schema in contract()["components"]["schemas"].items():
        if name.endswith("Request"):
            found += [pytest.param(name, each, id=name) for each in schema.get("examples", [])]
    return found


TARGETS = {
    "CustomerRequest": ("POST", "/customers"),
    "SkuRequest": ("POST", "/skus"),
    "TaxIdentifierRequest": ("POST", "/tax-identifiers"),
    "CheckoutRequest": ("POST", "/checkouts"),
    "UpdateCheckoutRequest": ("POST", "/checkouts/{checkout}"),
    "OrderRequest": ("POST", "/orders"),
    "FulfillmentRequest": ("POST", "/fulfillments"),
    "RefundRequest": ("POST", "/refunds"),
    "ReturnRequest": ("POST", "/returns"),
    "CustomerCreditSourceRequest": ("POST", "/sources"),
    "FileLinkRequest": ("POST", "/file-links"),
    "WebhookRequest": ("POST", "/webhooks"),
}


@pytest.mark.parametrize(("name", "body"), examples())
def test_published_samples_are_taken(shop: Shop, name: str, body: dict[str, Any]) -> None:
    if name != "SkuRequest":
        shop.sku("mug-blue")
    shipped = name in ("RefundRequest", "ReturnRequest", "FileLinkRequest")
    order = shop.complete() if shipped else shop.order()
    checkout = shop.funded() if name == "OrderRequest" else shop.checkout()
    known = {
        "orderId": order["id"], "checkoutId": checkout["id"],
        "paymentSessionId": checkout["payment"]["session"]["id"],
        "fileId": (order.get("invoicePDFs") or [{"id": ""}])[0]["id"],
    }  # fmt: skip
    sent = {key: known.get(key, value) for key, value in body.items()}
    for item in sent.get("items", []):
        if "itemId" in item:
            item |= {"itemId": order["items"][0]["id"]}
    method, path = TARGETS[name]
    status, shown = shop.call(method, path.format(checkout=checkout["id"]), sent)
    assert status in (200, 201), shown


def test_published_checkout_sample_is_priced_alike(shop: Shop) -> None:
    schemas = contract()["components"]["schemas"]
    request = schemas["CheckoutRequest"]["examples"][0]
    wanted = schemas["Checkout"]["examples"][0]
    shop.sku("mug-blue")
    origin = {"address": {"country": "US", "state": "CA", "postalCode": "95969"}}
    shown = shop.good("POST", "/checkouts", request | {"shipFrom": origin})
    for name in ("subtotal", "totalTax", "totalAmount", "totalShipping", "totalFees", "locale"):
        assert float(shown[name]) == wanted[name] if name != "locale" else shown[name], name
    assert float(shown["items"][0]["tax"]["rate"]) == wanted["items"][0]["tax"]["rate"]
    assert shown["sellingEntity"] == wanted["sellingEntity"]
