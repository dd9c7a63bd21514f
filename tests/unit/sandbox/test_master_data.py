"""Customers, SKUs, tax identifiers and country specs of the pretend service."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.unit.sandbox.shop import COLOGNE, Shop

Json = dict[str, Any]


def test_customer_is_made_read_and_changed(shop: Shop) -> None:
    body = {"id": "c1", "email": "a@example.com", "type": "business", "locale": "de_DE"}
    made = shop.good("POST", "/customers", body)
    assert (made["enabled"], made["requestToBeForgotten"]) == (True, False)
    shop.turn(5)
    changed = shop.good("POST", "/customers/c1", {"email": "b@example.com"})
    assert changed["updatedTime"] > changed["createdTime"]
    event = shop.events("customer.updated")[0]
    assert event["data"]["previousAttributes"] == {
        "email": "a@example.com", "updatedTime": made["updatedTime"],
    }  # fmt: skip
    assert shop.call("DELETE", "/customers/c1")[0] == 204
    assert shop.error("GET", "/customers/c1") == (404, "not_found", "id")


def test_customer_id_is_taken_once(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    assert shop.error("POST", "/customers", {"id": "c1"}) == (409, "already_exists", "id")
    assert shop.error("POST", "/customers", {"id": "c" * 41})[:2] == (400, "invalid_parameter")
    assert shop.good("POST", "/customers", {})["id"].isdigit()


def test_customers_are_found(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1", "email": "a@example.com"})
    shop.good("POST", "/customers", {"id": "c2", "email": "b@example.com"})
    shop.good("POST", "/customers/c2", {"requestToBeForgotten": True})
    assert [c["id"] for c in shop.good("GET", "/customers")["data"]] == ["c2", "c1"]
    assert [c["id"] for c in shop.good("GET", "/customers", email="a@example.com")["data"]] == [
        "c1"
    ]
    for flag, found in (("true", ["c2"]), ("false", ["c1"])):
        page = shop.good("GET", "/customers", requestToBeForgotten=flag)
        assert [c["id"] for c in page["data"]] == found
    assert shop.error("GET", "/customers", requestToBeForgotten="yes")[1] == "invalid_parameter"


def test_request_to_be_forgotten_stays(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    shop.good("POST", "/customers/c1", {"requestToBeForgotten": True})
    shown = shop.good("POST", "/customers/c1", {"requestToBeForgotten": False})
    assert shown["requestToBeForgotten"] is True
    assert shop.events("customer.updated")[0]["data"]["object"]["requestToBeForgotten"] is True


def test_card_is_saved_and_removed(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    card = shop.card(shop.checkout(customerId="c1"))
    path = f"/customers/c1/sources/{card['id']}"
    saved = shop.good("POST", path)
    assert (saved["reusable"], saved["customerId"]) == (True, "c1")
    customer = shop.good("GET", "/customers/c1")
    assert customer["defaultSourceId"] == card["id"]
    assert customer["sources"][0]["creditCard"]["lastFourDigits"] == "1111"
    assert shop.call("DELETE", path)[0] == 204
    assert shop.good("GET", f"/sources/{card['id']}")["state"] == "cancelled"
    assert "defaultSourceId" not in shop.good("GET", "/customers/c1")
    assert shop.error("POST", path) == (409, "source_not_chargeable", "sourceId")
    assert [e["type"] for e in shop.events("customer.source.*")] == [
        "customer.source.created", "customer.source.deleted",
    ]  # fmt: skip


def test_sources_that_cannot_be_saved(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    checkout = shop.checkout(customerId="c1")
    for kind in ("wireTransfer", "payPal"):
        source = shop.pay(checkout, kind, lastName="Shopper")
        error = shop.error("POST", f"/customers/c1/sources/{source['id']}")
        assert error == (409, "nonreusable_source", None)
    card = shop.card(checkout, "5454545454545454")
    error = shop.error("POST", f"/customers/c1/sources/{card['id']}")
    assert error == (409, "source_not_chargeable", "sourceId")
    assert shop.error("POST", "/customers/c1/sources/gone") == (404, "not_found", "sourceId")
    assert shop.error("DELETE", "/customers/c1/sources/gone") == (404, "not_found", "sourceId")


def test_default_source_must_be_ones_own(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    error = shop.error("POST", "/customers/c1", {"defaultSourceId": "x"})
    assert error == (400, "invalid_parameter", "defaultSourceId")


def test_sku_upsert_makes_then_replaces(shop: Shop) -> None:
    body = {"name": "Mug", "eccn": "EAR99", "taxCode": "5215.2004", "countryOfOrigin": "US"}
    assert shop.call("PUT", "/skus/mug", body | {"hsCode": "6912.00"})[0] == 201
    status, replaced = shop.call("PUT", "/skus/mug", body)
    assert (status, replaced["physical"]) == (200, True)
    assert "hsCode" not in replaced
    changed = shop.good("POST", "/skus/mug", {"name": "Cup"})
    assert (changed["name"], changed["taxCode"]) == ("Cup", "5215.2004")
    assert shop.call("DELETE", "/skus/mug")[0] == 204
    assert shop.types() == ["sku.created", "sku.updated", "sku.updated", "sku.deleted"]


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"eccn": None}, "missing_parameter", "eccn"),
        ({"taxCode": None}, "missing_parameter", "taxCode"),
        ({"countryOfOrigin": None}, "missing_parameter", "countryOfOrigin"),
        ({"name": None}, "missing_parameter", "name"),
        ({"hsCode": "6912"}, "invalid_parameter", "hsCode"),
        ({"allowOversell": True}, "unknown_parameter", "allowOversell"),
        ({"weightUnit": "stone"}, "invalid_parameter", "weightUnit"),
        ({"weight": -1}, "invalid_parameter", "weight"),
    ],
)
def test_bad_skus(shop: Shop, change: Json, code: str, parameter: str) -> None:
    whole: Json = {
        "name": "Mug",
        "eccn": "EAR99",
        "taxCode": "5215",
        "countryOfOrigin": "US",
    } | change
    body = {k: v for k, v in whole.items() if v is not None}
    assert shop.error("PUT", "/skus/mug", body) == (400, code, parameter)


def test_sku_group_answers_for_codes(shop: Shop) -> None:
    sku = shop.good("PUT", "/skus/mug", {"name": "Mug", "skuGroupId": "g1", "fulfill": True})
    assert "fulfill" not in sku
    assert shop.error("POST", "/skus", {"id": "a b", "name": "x"})[2] == "id"
    assert shop.error("PUT", "/skus/a b", {"name": "x", "skuGroupId": "g"})[2] == "id"


def test_software_is_physical_with_a_part_number(shop: Shop) -> None:
    assert shop.sku("box", taxCode="4323.310_A", partNumber="B-1")["physical"] is True
    assert shop.sku("file", taxCode="4323.310_A")["physical"] is False


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("be", "BE0000000000"), ("be", "BE1234567890"), ("de", "DE000000000"),
        ("de", "DE123456789"), ("it", "IT00000000000"), ("it", "IT12345678901"),
        ("it_natural", "IT00000000000"), ("it_natural", "IT12345678901"),
    ],
)  # fmt: skip
def test_tax_numbers_that_verify(shop: Shop, kind: str, value: str) -> None:
    made = shop.good("POST", "/tax-identifiers", {"type": kind, "value": value})
    assert made["state"] == "pending"
    shop.turn(2)
    shown = shop.good("GET", f"/tax-identifiers/{made['id']}")
    assert (shown["state"], shown["stateTransitions"]["verified"]) == (
        "verified", "2026-03-02T09:00:01Z",
    )  # fmt: skip
    assert [e["type"] for e in shop.events("tax_identifier.*")] == [
        "tax_identifier.pending", "tax_identifier.verified",
    ]  # fmt: skip


def test_tax_number_that_the_register_does_not_know(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    made = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE999999123"})
    shop.good("POST", f"/customers/c1/tax-identifiers/{made['id']}")
    shop.turn(2)
    assert shop.good("GET", "/customers/c1")["taxIdentifiers"][0]["state"] == "not_valid"
    found = shop.good("GET", "/tax-identifiers", customerId="c1", state="not_valid", type="de")
    assert [each["id"] for each in found["data"]] == [made["id"]]


def test_tax_number_of_wrong_format(shop: Shop) -> None:
    body = {"type": "de", "value": "DE12345678"}
    assert shop.error("POST", "/tax-identifiers", body) == (400, "invalid_parameter", "value")
    body = {"type": "mars", "value": "1"}
    assert shop.error("POST", "/tax-identifiers", body) == (400, "invalid_parameter", "type")


def test_tax_number_belongs_to_one_customer(shop: Shop) -> None:
    for id_ in ("c1", "c2"):
        shop.good("POST", "/customers", {"id": id_})
    first, second = (
        shop.good("POST", "/tax-identifiers", {"type": "de", "value": value})["id"]
        for value in ("DE123456789", "DE000000000")
    )
    shop.good("POST", f"/customers/c1/tax-identifiers/{first}")
    held = (409, "customer_not_updateable", "customerId")
    assert shop.error("POST", f"/customers/c2/tax-identifiers/{first}") == held
    assert shop.error("POST", f"/customers/c1/tax-identifiers/{second}") == held
    assert shop.call("DELETE", f"/tax-identifiers/{first}")[0] == 204
    assert shop.good("GET", "/customers/c1")["taxIdentifiers"] == []
    shop.good("POST", f"/customers/c1/tax-identifiers/{second}")


def test_country_specs(shop: Shop) -> None:
    specs = shop.good("GET", "/country-specs", country="DE")["data"]
    schema = json.loads(specs[0]["shippingAddressSchema"])
    assert Draft7Validator(schema).is_valid(COLOGNE)
    assert not Draft7Validator(schema).is_valid(COLOGNE | {"postalCode": "x"})
    tax = [json.loads(each) for each in specs[0]["businessTaxIdentifiersSchemas"]]
    assert Draft7Validator(tax[0]).is_valid({"type": "de", "value": "DE123456789"})
    everything = shop.good("GET", "/country-specs")["data"]
    assert {each["country"] for each in everything} == set("GB FR DE IT ES CA US PL BR".split())
    assert shop.good("GET", "/country-specs", country="ZZ")["data"] == []
    assert shop.good("GET", "/country-specs", sellingEntity="nobody")["data"] == []
