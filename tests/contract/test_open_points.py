"""Section 22: where the contract is silent, the sandbox does what the contract chose. Those points
that no other test shows; docs/sandbox.md names a test for each of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.contract.test_codes import section
from tests.unit.sandbox.shop import COLOGNE, TOKYO, Shop

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]


def test_every_point_is_on_the_page() -> None:
    points = set(re.findall(r"^\| (\d+) \|", section("## 22."), re.MULTILINE))
    page = (ROOT / "docs" / "sandbox.md").read_text("utf-8")
    table = page.split("## Every open point")[1].split("\n## ")[0]
    listed = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    found = [number for cell in listed for number in cell.replace(" ", "").split(",")]
    assert sorted(found, key=int) == sorted(points, key=int)


def test_customer_type_and_shipping_discount_may_change(shop: Shop) -> None:
    """Point 7; and point 53: an update is answered 200."""
    checkout = shop.checkout()
    path = f"/checkouts/{checkout['id']}"
    change = {"customerType": "business", "shippingDiscount": {"percentOff": 50}}
    status, shown = shop.call("POST", path, change)
    assert (status, shown["customerType"]) == (200, "business")
    assert shown["totalAmount"] < checkout["totalAmount"]
    for name, value in (("discount", {"percentOff": 5}), ("taxInclusive", True)):
        said = shop.error("POST", path, {name: value})
        assert said == (400, "unknown_parameter", name)


def test_yen_are_printed_whole(shop: Shop) -> None:
    """Point 37."""
    body = shop.basket(
        {"skuId": "mug", "price": 33, "quantity": 1}, ship_to=TOKYO, currency="JPY",
        shipFrom={"address": TOKYO}, shippingChoice={"amount": 0},
    )  # fmt: skip
    raw = shop.send("POST", "/checkouts", body).body
    assert re.search(rb'"totalAmount":36[,}]', raw), raw
    assert re.search(rb'"amount":33[,}]', raw), raw
    said = shop.error("POST", "/checkouts", body | {"shippingChoice": {"amount": 0.5}})
    assert said == (400, "invalid_parameter", "shippingChoice.amount")


def test_shown_disclosures_are_kept_and_reach_the_order(shop: Shop) -> None:
    """Point 35."""
    text = {"localizedText": "Es gilt …", "url": "https://x.example/terms"}
    shown = {"disclosures": [text | {"type": "termsOfSale", "entityId": "DR_IRELAND-ENTITY"}]}
    checkout = shop.checkout(disclosures=shown)
    assert checkout["disclosures"] == shown
    assert shop.place(shop.attach(checkout, shop.card(checkout)))["disclosures"] == shown


def test_tax_numbers_of_a_customer_are_not_used_unasked(shop: Shop) -> None:
    """Point 40."""
    shop.good("POST", "/customers", {"id": "c1"})
    number = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE123456789"})["id"]
    shop.good("POST", f"/customers/c1/tax-identifiers/{number}")
    where: Json = {"ship_to": COLOGNE, "currency": "EUR", "customerType": "business",
                   "customerId": "c1"}  # fmt: skip
    plain, chosen = shop.checkout(**where), shop.checkout(**where, taxIdentifiers=[{"id": number}])
    assert "taxIdentifiers" not in plain
    assert [each["id"] for each in chosen["taxIdentifiers"]] == [number]
    assert plain["totalTax"] > chosen["totalTax"] == 0


def test_tax_numbers_are_not_written_inside_a_customer(shop: Shop) -> None:
    """Point 47."""
    body = {"id": "c1", "taxIdentifiers": [{"type": "de", "value": "DE123456789"}]}
    said = shop.error("POST", "/customers", body)
    assert said == (400, "unknown_parameter", "taxIdentifiers")


def test_versions_of_webhooks_are_all_taken(shop: Shop) -> None:
    """Point 23."""
    for version in ("default", "latest", "2021-12-13"):
        body = {"types": ["sku.*"], "address": "https://x.example/h", "apiVersion": version}
        assert shop.good("POST", "/webhooks", body)["apiVersion"] == version


def test_failed_authorisations_carry_the_charge(shop: Shop) -> None:
    """Point 14."""
    shop.world.director.next("pending_fails", seconds=1)
    order = shop.order()
    shop.turn(2)
    shown = shop.events("order.charge.failed")[-1]["data"]["object"]
    assert (shown["orderId"], shown["state"], "items" in shown) == (order["id"], "failed", False)


def test_array_parameters_repeat_or_split(shop: Shop) -> None:
    """Point 45."""
    for name in ("a", "b", "c"):
        shop.good("POST", "/customers", {"id": name})
    for query in ([("ids", "a"), ("ids", "b")], [("ids", "a,b")], [("ids[]", "a"), ("ids[]", "b")]):
        page = shop.send("GET", "/customers", query=query).json()
        assert {each["id"] for each in page["data"]} == {"a", "b"}
