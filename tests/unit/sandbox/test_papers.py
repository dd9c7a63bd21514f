"""Invoices, credit memos, file links, events and webhooks of the pretend service."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from posapp.sandbox.wire import Request
from tests.unit.sandbox.shop import COLOGNE, Shop

Json = dict[str, Any]
EXPIRES = "2026-04-01T00:00:00Z"


def test_invoice_is_a_real_document(shop: Shop) -> None:
    order = shop.complete()
    event = shop.events("order.invoice.created")[0]["data"]["object"]
    file_id = event["fileId"]
    assert order["invoicePDFs"][0]["id"] == file_id
    assert (event["id"], event["orderId"], event["purpose"]) == (
        file_id, order["id"], "customer_invoice",
    )  # fmt: skip
    pdf = shop.send("GET", f"/files/{file_id}/content", headers={"accept": "application/pdf"})
    assert pdf.body.startswith(b"%PDF-1.4")
    assert pdf.body.endswith(b"%%EOF\n")
    start = int(pdf.body.split(b"startxref\n")[1].split(b"\n")[0])
    assert pdf.body[start : start + 4] == b"xref"
    assert order["id"].encode() in pdf.body
    assert shop.good("GET", f"/files/{file_id}")["size"] == len(pdf.body)


@pytest.mark.parametrize(
    ("locale", "word"), [("de_DE", "RECHNUNG"), ("fr_FR", "FACTURE"), ("ja_JP", "INVOICE")]
)
def test_locale_of_the_checkout_decides_the_language(shop: Shop, locale: str, word: str) -> None:
    number = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE123456789"})
    order = shop.complete(
        ship_to=COLOGNE, currency="EUR", shipFrom={"address": COLOGNE}, locale=locale,
        customerType="business", taxIdentifiers=[{"id": number["id"]}],
        billTo={"name": "Eva Kern", "organization": "Kern GmbH", "address": COLOGNE},
    )  # fmt: skip
    headers = {"accept": "application/pdf"}
    path = f"/files/{order['invoicePDFs'][0]['id']}/content"
    text = shop.send("GET", path, headers=headers).body.decode("cp1252")
    assert f"SANDBOX - {word}" in text
    assert "DE123456789" in text
    assert shop.good("GET", path.removesuffix("/content"))["size"] == len(text)


def test_some_sellers_have_no_invoices_made(shop: Shop) -> None:
    taipei = {"line1": "1", "city": "Taipei", "postalCode": "100", "country": "TW"}
    order = shop.complete(
        ship_to=taipei, currency="TWD", shipFrom={"address": taipei},
        invoiceAttributeId="carrier-1", shippingChoice={"amount": 10},
    )  # fmt: skip
    assert order["sellingEntity"]["id"] == "DR_TAIWAN-ENTITY"
    assert (order["state"], "invoicePDFs" in order) == ("complete", False)
    body = {"orderId": order["id"], "currency": "TWD", "percent": 100}
    shop.good("POST", "/refunds", body)
    shop.turn(10)
    assert "creditMemoPDFs" not in shop.read(order)


def test_link_is_public_until_it_expires(shop: Shop) -> None:
    order = shop.complete()
    file_id = order["invoicePDFs"][0]["id"]
    body = {"fileId": file_id, "expiresTime": EXPIRES, "metadata": {"sale": "1"}}
    link = shop.good("POST", "/file-links", body)
    path = link["url"].removeprefix("http://127.0.0.1")
    public = shop.world.handle(Request("GET", path))
    assert (public.status, public.body[:5]) == (200, b"%PDF-")
    assert shop.world.handle(Request("GET", path[:-3] + "xxx")).status == 404
    assert shop.good("GET", f"/files/{file_id}")["links"][0]["id"] == link["id"]
    shop.turn(40 * 86400)
    assert shop.world.handle(Request("GET", path)).status == 404
    assert shop.good("GET", f"/file-links/{link['id']}")["expired"] is True
    for flag, count in (("true", 1), ("false", 0)):
        assert len(shop.good("GET", "/file-links", expired=flag, fileId=file_id)["data"]) == count
    later = {"expiresTime": "2027-01-01T00:00:00Z"}
    assert shop.good("POST", f"/file-links/{link['id']}", later)["expired"] is False
    assert shop.call("DELETE", f"/file-links/{link['id']}")[0] == 204
    assert [e["type"] for e in shop.events("fileLink.*")] == [
        "fileLink.updated",
        "fileLink.deleted",
    ]


def test_links_that_cannot_be_made(shop: Shop) -> None:
    body = {"fileId": "gone", "expiresTime": EXPIRES}
    assert shop.error("POST", "/file-links", body) == (400, "invalid_parameter", "fileId")
    file_id = shop.complete()["invoicePDFs"][0]["id"]
    body = {"fileId": file_id, "expiresTime": "2020-01-01T00:00:00Z"}
    assert shop.error("POST", "/file-links", body) == (400, "invalid_parameter", "expiresTime")


def test_event_filters(shop: Shop) -> None:
    order = shop.complete()
    everything = shop.events()
    assert len({event["id"] for event in everything}) == len(everything)
    times = [event["createdTime"] for event in everything]
    assert times == sorted(times)
    charges = shop.events("order.charge.*")
    assert {event["type"].rpartition(".")[0] for event in charges} == {
        "order.charge", "order.charge.capture",
    }  # fmt: skip
    query = [("types", "order.accepted"), ("types", "order.complete")]
    page = shop.send("GET", "/events", query=query).json()
    assert [event["type"] for event in page["data"]] == ["order.complete", "order.accepted"]
    split = shop.good("GET", "/events", types="order.accepted,order.complete")
    assert split["data"] == page["data"]
    late = shop.good("GET", "/events", **{"createdTime[gt]": times[-2]})
    assert [event["id"] for event in late["data"]] == [everything[-1]["id"]]
    assert len(shop.events(order=order)) < len(everything)
    one = shop.good("GET", f"/events/{everything[0]['id']}")
    assert one == everything[0]


def test_expanded_events(shop: Shop) -> None:
    shop.world.options.expanded_events = True
    shop.sku("lamp", metadata={"shelf": "A4"})
    shop.complete({"skuId": "lamp", "price": 10})
    order = shop.events("order.accepted")[0]["data"]["object"]
    shipped = shop.events("fulfillment.created")[0]["data"]["object"]["orderDetails"]
    for shown in (order, shipped):
        details = shown["items"][0]["productDetails"]
        assert (details["physical"], details["metadata"]) == (True, {"shelf": "A4"})
    plain = shop.events("order.complete")[0]["data"]["object"]["items"][0]["productDetails"]
    assert "physical" not in plain


def test_old_events_leave_the_disk(shop: Shop) -> None:
    shop.sku()
    shop.turn(32 * 86400)
    assert shop.world.core.storage.count("event") == 0


def test_event_filters_that_are_refused(shop: Shop) -> None:
    both = shop.error("GET", "/events", type="order.*", types="order.accepted")
    assert both == (400, "invalid_parameter", "types")
    many = ",".join(f"order.x{n}" for n in range(21))
    assert shop.error("GET", "/events", types=many) == (400, "invalid_parameter", "types")
    assert shop.error("GET", "/events", types="order.*")[1] == "invalid_parameter"


def test_events_are_kept_thirty_days(shop: Shop) -> None:
    shop.sku()
    event = shop.events()[0]
    shop.turn(31 * 86400)
    assert shop.events() == []
    assert shop.error("GET", f"/events/{event['id']}") == (404, "not_found", "id")


@pytest.mark.parametrize("size", [1, 3, 100])
def test_paging_both_ways(shop: Shop, size: int) -> None:
    for number in range(7):
        shop.good("POST", "/customers", {"id": f"c{number}"})
    whole = [f"c{number}" for number in range(6, -1, -1)]
    seen: list[str] = []
    more: Json = {}
    while True:
        page = shop.good("GET", "/customers", limit=str(size), **more)
        seen += [each["id"] for each in page["data"]]
        if not page["hasMore"]:
            break
        more = {"startingAfter": seen[-1]}
    assert seen == whole
    page = shop.good("GET", "/customers", limit="2", endingBefore="c2", startingAfter="c6")
    assert ([each["id"] for each in page["data"]], page["hasMore"]) == (["c4", "c3"], True)


def test_paging_from_an_unknown_place(shop: Shop) -> None:
    error = shop.error("GET", "/customers", startingAfter="gone")
    assert error == (400, "invalid_parameter", "startingAfter")
    for limit in ("0", "101", "ten", "-1", "1.5", ""):
        assert shop.error("GET", "/customers", limit=limit) == (400, "invalid_parameter", "limit")


def test_default_page_holds_ten(shop: Shop) -> None:
    for number in range(11):
        shop.good("POST", "/customers", {"id": f"c{number}"})
    page = shop.good("GET", "/customers")
    assert (len(page["data"]), page["hasMore"]) == (10, True)


def hook(shop: Shop, **more: Any) -> Json:
    """A webhook to this machine."""
    body = {"types": ["sku.*"], "address": "http://127.0.0.1:9/hooks"} | more
    made: Json = shop.good("POST", "/webhooks", body)
    return made


def test_webhook_gets_signed_events(shop: Shop) -> None:
    made = hook(shop, authentication={"username": "u", "password": "p"})
    shop.sku()
    shop.good("POST", "/customers", {})
    shop.turn(0)
    (delivery,) = shop.world.take_deliveries()
    stamp, signature = delivery.headers["DigitalRiver-Signature"].split(", ")
    message = stamp.encode() + b"." + delivery.body
    wanted = hmac.new(made["secret"].encode(), message, hashlib.sha256).digest()
    assert signature == base64.b64encode(wanted).decode()
    assert delivery.headers["Authorization"] == "Basic dTpw"
    event = shop.events("sku.created")[0]
    assert event["webhookIds"] == [made["id"]]
    assert "secret" not in shop.good("GET", f"/webhooks/{made['id']}")


def test_webhook_is_tried_again_and_disabled_in_the_end(shop: Shop) -> None:
    made = hook(shop)
    for number in range(10):
        shop.sku(f"s{number}")
        shop.turn(0)
        tries = 0
        for _ in range(6):
            for delivery in shop.world.take_deliveries():
                tries += 1
                shop.world.delivered(delivery, good=False)
            shop.turn(3600)
        assert tries == 4  # the first and three more
    assert shop.good("GET", f"/webhooks/{made['id']}")["enabled"] is False
    shop.sku("last")
    shop.turn(1)
    assert shop.world.take_deliveries() == []
    shop.good("PATCH", f"/webhooks/{made['id']}", {"enabled": True})
    shop.sku("again")
    shop.turn(1)
    assert len(shop.world.take_deliveries()) == 1


def test_webhooks_are_listed_bare(shop: Shop) -> None:
    first = hook(shop)
    second = hook(shop, types=["order.accepted"])
    assert {each["id"] for each in shop.good("GET", "/webhooks")} == {first["id"], second["id"]}
    found = shop.good("GET", "/webhooks", type="order.accepted")
    assert [each["id"] for each in found] == [second["id"]]
    assert shop.call("DELETE", f"/webhooks/{first['id']}")[0] == 204
    assert shop.error("GET", f"/webhooks/{first['id']}")[0] == 404


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"address": "http://example.com/x"}, "invalid_parameter", "address"),
        ({"address": "nowhere"}, "invalid_parameter", "address"),
        ({"address": "https://[::1"}, "invalid_parameter", "address"),
        ({"types": []}, "missing_parameter", "types"),
        ({"transportType": "OAUTH"}, "missing_parameter", "oauth"),
        ({"transportType": "PIGEON"}, "invalid_parameter", "transportType"),
    ],
)
def test_bad_webhooks(shop: Shop, change: Json, code: str, parameter: str) -> None:
    body = {"types": ["sku.*"], "address": "https://merchant.example/hooks"} | change
    assert shop.error("POST", "/webhooks", body) == (400, code, parameter)
