"""Every list parameter of the contract finds what has that value and leaves out what has not."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.contract.answers import contract
from tests.unit.sandbox.shop import PARIS, Shop

Json = dict[str, Any]
PAGING = {"limit", "startingAfter", "endingBefore"}
# parameters that name a field otherwise than the resource does
FIELD = {
    "ids": "id", "upstreamIds": "upstreamId", "type": "type", "types": "type",
    "skuId": "items.skuId", "in_review": "stateTransitions.in_review",
    "subscriptionId": "items.subscriptionInfo.subscriptionId",
    **{name: f"stateTransitions.{name}" for name in (
        "pending_payment", "accepted", "blocked", "cancelled", "fulfilled", "complete", "returned",
        "pending", "verified", "not_valid")},
}  # fmt: skip
# no two values to choose from, or answered by a test of its own
ELSEWHERE = {
    ("/country-specs", "country"), ("/country-specs", "sellingEntity"),  # test_country_specs
    ("/webhooks", "type"), ("/webhooks", "types"),  # test_webhooks_are_listed_bare
    ("/events", "orderId"),  # test_event_filters
    ("/refunds", "skuId"), ("/refunds", "failureReason"),  # test_refunds_by_product_and_failure
    ("/orders", "chargeType"),  # not on an order's own level in the answer; see below
}  # fmt: skip


def parameters() -> Iterator[tuple[str, str]]:
    """Every list and filter parameter."""
    document = contract()
    for path, item in document["paths"].items():
        if "{" in path or "get" not in item:
            continue
        for each in item["get"].get("parameters", []):
            named = each
            if "$ref" in each:
                named = document["components"]["parameters"][each["$ref"].rsplit("/", 1)[-1]]
            if named["in"] == "query" and named["name"] not in PAGING:
                yield path, named["name"]


def sale(shop: Shop, number: int, **more: Any) -> Json:
    """A sale that differs from every other in every field that lists filter by."""
    name = f"c{number}"
    shop.good("POST", "/customers", {"id": name, "email": f"{name}@example.com"})
    shop.sku(f"s{number}", taxCode=f"5215.{number}", partNumber=f"P{number}",
             hsCode=f"6912.0{number}", eccn=f"E{number}", skuGroupId=f"g{number}")  # fmt: skip
    line = {"skuId": f"s{number}", "quantity": number, "price": 10 * number,
            "subscriptionInfo": {"subscriptionId": f"sub{number}", "autoRenewal": True,
                                 "terms": "t"}}  # fmt: skip
    order = shop.order(
        line, customerId=name, email=f"{name}@example.com", upstreamId=f"up{number}",
        applicationId=f"app{number}", browserIp=f"192.0.2.{number}", **more,
    )  # fmt: skip
    body = {
        "orderId": order["id"],
        "trackingCompany": f"co{number}",
        "trackingNumber": f"t{number}",
        "items": [{"itemId": order["items"][0]["id"], "quantity": number}],
    }
    shop.good("POST", "/fulfillments", body)
    shop.turn(10)
    return order


def after_sale(shop: Shop, order: Json, number: int) -> None:
    """A refund, a return and a file link of one's own."""
    refund = {"orderId": order["id"], "currency": order["currency"], "reason": f"r{number}"}
    shop.good("POST", "/refunds", refund | {"percent": 10 * number})
    line = {"itemId": order["items"][0]["id"], "quantity": 1}
    back = shop.good("POST", "/returns", {"orderId": order["id"], "items": [line]})
    shop.turn(10)
    if number == 2:
        shop.good("POST", f"/returns/{back['id']}", {"state": "accepted"})
    shop.turn(10)
    read = shop.read(order)
    link = {"fileId": read["invoicePDFs"][0]["id"], "expiresTime": "2026-03-02T12:00:00Z"}
    if number == 2:
        link["expiresTime"] = "2030-01-01T00:00:00Z"
    shop.good("POST", "/file-links", link)


def moves(shop: Shop) -> None:
    """Orders that pass through every other state, each at a time of its own."""
    for outcome in ("in_review", "blocked_later", "pending_payment", "pending_fails"):
        shop.world.director.next(outcome)
        shop.order()
        shop.turn(60)
    back = shop.complete(card="4556602564240839")
    for order, percent in ((back, 50), (shop.complete(), 100)):
        body = {"orderId": order["id"], "currency": "USD", "percent": percent}
        shop.good("POST", "/refunds", body)
        shop.turn(60)


@cache
def filled() -> Shop:
    """A shop with two of everything, unlike each other."""
    shop = Shop()
    first = sale(shop, 1)
    second = sale(
        shop, 2, currency="EUR", ship_to=PARIS, shipFrom={"address": PARIS}, locale="fr_FR",
        customerType="business", chargeType="moto",
    )  # fmt: skip
    after_sale(shop, first, 1)
    after_sale(shop, second, 2)
    moves(shop)
    for number, (kind, value) in enumerate((("de", "DE123456789"), ("be", "BE0999999000")), 1):
        made = shop.good("POST", "/tax-identifiers", {"type": kind, "value": value})
        shop.good("POST", f"/customers/c{number}/tax-identifiers/{made['id']}")
        shop.turn(5)
    shop.good("POST", "/customers/c2", {"requestToBeForgotten": True})
    shop.turn(6 * 3600)
    return shop


def at(shown: Any, path: str) -> Any:
    """The value at a dotted path, looking into the first entry of lists."""
    for name in path.split("."):
        shown = shown[0] if isinstance(shown, list) and shown else shown
        shown = shown.get(name) if isinstance(shown, dict) else None
    return shown


def everything(shop: Shop, path: str) -> list[Json]:
    """All resources of a list."""
    found: list[Json] = []
    more: dict[str, str] = {}
    while True:
        page = shop.good("GET", path, limit="100", **more)
        found += page["data"]
        if not page["hasMore"]:
            return found
        more = {"startingAfter": found[-1]["id"]}


def text(value: Any) -> str:
    """A value as a query spells it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(("path", "name"), [each for each in parameters() if each not in ELSEWHERE])
def test_every_filter_finds_its_own(path: str, name: str) -> None:
    shop = filled()
    field = FIELD.get(name, name)
    rows = everything(shop, path)
    values = {text(at(row, field)) for row in rows if at(row, field) is not None}
    assert values, f"nothing has a {field}"
    assert len(values) > 1 or "Transitions." in field, f"all have the same {field}"
    for value in sorted(values)[:3]:
        page = shop.good("GET", path, limit="100", **{name: value})
        found = {row["id"] for row in page["data"]}
        wanted = {row["id"] for row in rows if text(at(row, field)) == value}
        if len(rows) <= 100 or len(wanted) < 100:
            assert found == wanted, value


@pytest.mark.parametrize("path", sorted({path for path, _name in parameters()} - {
    "/country-specs", "/webhooks"}))  # fmt: skip
def test_ranges_of_time(path: str) -> None:
    shop = filled()
    rows = everything(shop, path)
    middle = sorted(row["createdTime"] for row in rows)[len(rows) // 2]
    for sign in ("gt", "gte", "lt", "lte"):
        holds = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}[sign]
        page = shop.good("GET", path, limit="100", **{f"createdTime[{sign}]": middle})
        wanted = [row["id"] for row in rows if holds(row["createdTime"], middle)]
        assert [row["id"] for row in page["data"]] == wanted[:100], sign


def test_charge_type_of_an_order() -> None:
    shop = filled()
    found = shop.good("GET", "/orders", chargeType="moto")["data"]
    assert [at(order, "payment.charges.type") for order in found] == ["moto"]
    assert found[0]["email"] == "c2@example.com"


def test_refunds_by_product_and_failure() -> None:
    shop = filled()
    by_sku = shop.good("GET", "/refunds", skuId="s2")["data"]
    assert {each["reason"] for each in by_sku if "reason" in each} == {"r2"}
    failed = shop.good("GET", "/refunds", failureReason="The bank refused the refund.")["data"]
    assert {each["state"] for each in failed} == {"failed"}
