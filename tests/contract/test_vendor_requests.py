"""The vendor's published requests for master data, documents and webhooks, taken by the sandbox.

Shapes are those of the public documentation (docs/sandbox.md, "Second opinion"), words are ours.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posapp.sandbox.wire import Request, encode
from tests.contract.test_vendor_samples import shipped
from tests.unit.sandbox.shop import MINNESOTA, VISA, Shop

Json = dict[str, Any]
KEY = {"authorization": "Bearer sk_test_sandbox"}


def test_customer_request(shop: Shop) -> None:
    body = {
        "id": "5823594806", "email": "kim@example.com", "type": "individual", "enabled": True,
        "locale": "en_US", "metadata": {"coupon": "iOS"},
        "shipping": {
            "address": MINNESOTA | {"line2": "Floor 2"}, "name": "Kim Example",
            "phone": "952-111-1111", "email": "kim@example.com", "organization": "Example Ltd.",
        },
    }  # fmt: skip
    shown = shop.good("POST", "/customers", body)
    assert {name: shown[name] for name in body} == body
    assert shown["requestToBeForgotten"] is False


def test_sku_request(shop: Shop) -> None:
    body = {
        "id": "sku_demo_1", "eccn": "EAR99", "countryOfOrigin": "DE", "taxCode": "4323.310_A",
        "partNumber": "DEMO-2", "name": "Demo", "weight": Decimal("8.88"), "weightUnit": "oz",
        "metadata": {"application": "iOS"}, "hsCode": "1006.20.4025",
    }  # fmt: skip
    shown = shop.good("POST", "/skus", body)
    assert {name: shown[name] for name in body} == body
    assert shown["physical"] is True
    for change, parameter in (
        ({"hsCode": "1234.56.YW"}, "hsCode"), ({"countryOfOrigin": "KP"}, "countryOfOrigin"),
        ({"id": "89&56"}, "id"),
    ):  # fmt: skip
        said = shop.error("POST", "/skus", body | {"id": "other"} | change)
        assert said == (400, "invalid_parameter", parameter)


def test_tax_number_request(shop: Shop) -> None:
    shown = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE123456789"})
    assert (shown["state"], set(shown["stateTransitions"])) == ("pending", {"pending"})
    assert "customerId" not in shown
    shop.good("POST", "/customers", {"id": "c1"})
    shop.call("DELETE", f"/tax-identifiers/{shown['id']}")
    said = shop.error("POST", f"/customers/c1/tax-identifiers/{shown['id']}")
    assert said == (404, "not_found", "id")


def test_webhook_request(shop: Shop) -> None:
    body = {
        "types": ["order.accepted", "order.charge.pending", "order.charge.cancel.failed"],
        "apiVersion": "default", "enabled": True, "address": "https://merchant.example",
        "authentication": {"userName": "some user", "password": "some password"},
    }  # fmt: skip
    shown = shop.good("POST", "/webhooks", body)
    assert {name: shown[name] for name in body} == body
    assert shown["transportType"] == "HTTP"
    token = {"tokenEndPoint": "https://merchant.example/token", "clientID": "a",
             "clientSecret": "b"}  # fmt: skip
    said = shop.error("POST", "/webhooks", body | {"oauth": token})
    assert said == (400, "invalid_parameter", "oauth")
    said = shop.error("POST", "/webhooks", body | {"transportType": "OAUTH", "oauth": token})
    assert said == (400, "invalid_parameter", "authentication")
    changed = shop.good(
        "PATCH", f"/webhooks/{shown['id']}", {"transportType": "OAUTH", "oauth": token}
    )
    assert "authentication" not in changed


def test_file_link_request(shop: Shop) -> None:
    file_id = shipped(shop)["invoicePDFs"][0]["id"]
    body = {"fileId": file_id, "expiresTime": "2030-10-25T20:36:00Z"}
    shown = shop.good("POST", "/file-links", body)
    assert set(shown) == {"id", "createdTime", "expired", "expiresTime", "fileId", "url",
                          "liveMode"}  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/json", "digitalriver-version": "2021-12-13"},
        {"upstream-id": "1", "upstream-session-id": "2", "upstream-application-id": "shop/1.0",
         "forwarded": "for=192.0.2.1"},
    ],
)  # fmt: skip
def test_source_attached_by_the_body(shop: Shop, headers: dict[str, str]) -> None:
    checkout = shop.checkout()
    body = encode({"sourceId": shop.card(checkout)["id"]})
    sent = Request("POST", f"/checkouts/{checkout['id']}", (), KEY | headers, body)
    answer = shop.world.handle(sent)
    assert answer.status == 200
    assert answer.json()["payment"]["session"]["state"] == "requires_confirmation"


def test_saved_source_request_has_an_empty_body(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    card = shop.card(shop.checkout(customerId="c1"), VISA)
    answer = shop.send("POST", f"/customers/c1/sources/{card['id']}", b"")
    shown = answer.json()
    assert (shown["reusable"], shown["state"], shown["customerId"]) == (True, "chargeable", "c1")
