"""Checkouts: what they show, what changes, what stops one (contract sections 4 and 4.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.shop import COLOGNE, LONDON, MINNESOTA, PARADISE, PARIS, Shop


def test_a_whole_checkout(shop: Shop) -> None:
    checkout = shop.checkout(upstreamId="sale-1")
    assert checkout["totalAmount"] == Decimal("72.73")
    assert checkout["upstreamId"] == "sale-1"
    assert checkout["shippingChoice"]["taxAmount"] == Decimal("0.58")
    assert checkout["payment"]["session"]["state"] == "requires_source"
    assert shop.types() == ["sku.created", "checkout.created"]


def test_the_open_attempt_is_found_again(shop: Shop) -> None:
    shop.checkout(upstreamId="sale-1")
    wanted = shop.checkout(upstreamId="sale-2")
    found = shop.good("GET", "/checkouts", upstreamIds="sale-2")["data"]
    assert [each["id"] for each in found] == [wanted["id"]]


@pytest.mark.parametrize(
    ("change", "status", "code", "parameter"),
    [
        ({"currency": "XXX"}, 409, "invalid_parameter", "currency"),
        ({"currency": "dollars"}, 409, "invalid_parameter", "currency"),
        ({"currency": "BHD"}, 409, "currency_unactivated", "currency"),
        ({"items": []}, 400, "missing_parameter", "items"),
        ({"colour": "red"}, 400, "unknown_parameter", "colour"),
        ({"email": "nobody"}, 400, "invalid_parameter", "email"),
        ({"taxInclusive": "yes"}, 400, "invalid_parameter", "taxInclusive"),
        ({"shippingChoice": {"description": "x"}}, 400, "internal_error", None),
        ({"shippingChoice": {"amount": -1}}, 400, "invalid_parameter", "shippingChoice.amount"),
        ({"discount": {"percentOff": 0}}, 400, "invalid_discount_percent", "discount"),
        ({"discount": {"percentOff": 101}}, 400, "invalid_discount_percent", "discount"),
        ({"discount": {"amountOff": 0}}, 400, "invalid_discount_amount", "discount"),
        ({"discount": {}}, 400, "invalid_discount_amount", "discount"),
        ({"customerId": "nobody"}, 400, "invalid_parameter", "customerId"),
        ({"taxIdentifiers": [{"id": "gone"}]}, 409, "not_found", "id"),
        ({"metadata": {"k" * 41: 1}}, 400, "invalid_metadata_key", "metadata"),
        ({"metadata": {"k": "v" * 501}}, 400, "invalid_metadata_value", "metadata"),
        ({"metadata": {"k": 1.5}}, 400, "invalid_metadata_value", "metadata"),
        ({"metadata": {str(n): n for n in range(21)}}, 400, "too_many_metadata_pairs", "metadata"),
    ],
)  # fmt: skip
def test_bad_fields(
    shop: Shop, change: dict[str, Any], status: int, code: str, parameter: str | None
) -> None:
    body = shop.basket() | change
    assert shop.error("POST", "/checkouts", body) == (status, code, parameter)


def test_malformed_currency_has_the_irregular_body(shop: Shop) -> None:
    status, body = shop.call("POST", "/checkouts", shop.basket(currency="XXX"))
    assert (status, body["type"]) == (409, "bad_request")


@pytest.mark.parametrize(
    ("item", "code", "parameter"),
    [
        ({"skuId": "mug"}, "missing_parameter", "items[0].price"),
        ({"skuId": "mug", "price": 1, "aggregatePrice": 1}, "invalid_parameter",
         "items[0].aggregatePrice"),
        ({"price": 1}, "missing_parameter", "items[0].skuId"),
        ({"skuId": "gone", "price": 1}, "invalid_parameter", "items[0].skuId"),
        ({"skuId": "mug", "price": -1}, "invalid_parameter", "items[0].price"),
        ({"skuId": "mug", "price": Decimal("1.005")}, "invalid_parameter", "items[0].price"),
        ({"skuId": "mug", "price": 1, "quantity": 0}, "invalid_quantity_amount",
         "items[0].quantity"),
        ({"productDetails": {"name": "x", "countryOfOrigin": "US"}, "price": 1},
         "missing_parameter", "skuGroupId"),
        ({"productDetails": {"name": "x", "skuGroupId": "g"}, "price": 1}, "missing_parameter",
         "countryOfOrigin"),
    ],
)  # fmt: skip
def test_bad_lines(shop: Shop, item: dict[str, Any], code: str, parameter: str) -> None:
    assert shop.error("POST", "/checkouts", shop.basket(item)) == (400, code, parameter)


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"line1": ""}, "missing_parameter", "address.line1"),
        ({"city": ""}, "missing_parameter", "shipTo.address.city"),
        ({"postalCode": ""}, "missing_parameter", "shipTo.address.postalCode"),
        ({"country": ""}, "missing_parameter", "shipTo.address.country"),
        ({"state": ""}, "missing_parameter", "shipTo.address.state"),
        ({"state": "ZZ"}, "invalid_parameter", "address.state"),
        ({"postalCode": "9596"}, "invalid_parameter", "address.postalCode"),
    ],
)
def test_bad_ship_to(shop: Shop, change: dict[str, str], code: str, parameter: str) -> None:
    address = {k: v for k, v in (PARADISE | change).items() if v}
    body = shop.basket() | {"shipTo": {"name": "Sam", "address": address}}
    assert shop.error("POST", "/checkouts", body) == (400, code, parameter)


@pytest.mark.parametrize(
    ("country", "good", "bad"),
    [
        ("DE", "50667", "5066"), ("FR", "75001", "7500A"), ("ES", "28001", "280011"),
        ("IT", "00118", "0011"), ("GB", "GIR 0AA", "ABC"), ("GB", "EC1A 1BB", "EC1A1B"),
        ("CA", "K1A 0B1", "D1A 0B1"), ("US", "55343-1234", "55343-12"),
    ],
)  # fmt: skip
def test_postal_patterns(shop: Shop, country: str, good: str, bad: str) -> None:
    states = {"US": "MN", "CA": "ON"}
    address = {"line1": "1", "city": "C", "country": country} | (
        {"state": states[country]} if country in states else {}
    )
    body = shop.basket(shipFrom={"address": {"country": country, "postalCode": good}})
    to = {"name": "Sam", "address": address | {"postalCode": good}}
    body |= {"shipTo": to, "billTo": to}
    assert shop.call("POST", "/checkouts", body)[0] == 201
    to["address"] = address | {"postalCode": bad}
    assert shop.error("POST", "/checkouts", body)[2] == "address.postalCode"


def test_embargo(shop: Shop) -> None:
    to = {"name": "Sam", "address": {"line1": "1", "city": "Havana", "postalCode": "1",
                                     "country": "CU"}}  # fmt: skip
    body = shop.basket() | {"shipTo": to}
    assert shop.error("POST", "/checkouts", body) == (409, "country_unsupported", "country")


def test_brazil_wants_the_neighbourhood(shop: Shop) -> None:
    to = {"name": "Ana", "address": {"line1": "1", "city": "Rio", "postalCode": "20010-000",
                                     "country": "BR"}}  # fmt: skip
    body = shop.basket(currency="BRL") | {"shipTo": to}
    assert shop.error("POST", "/checkouts", body)[2] == "additionalAddressInfo.neighborhood"


def test_switzerland_wants_the_weight(shop: Shop) -> None:
    zurich = {"line1": "1", "city": "Zürich", "postalCode": "8001", "country": "CH"}
    body = shop.basket(ship_to=zurich, currency="CHF")
    assert shop.error("POST", "/checkouts", body) == (400, "missing_parameter", "weight")
    shop.sku("kilo", weight=1, weightUnit="kg")
    heavy = shop.basket({"skuId": "kilo", "price": 5}, ship_to=zurich, currency="CHF")
    assert shop.call("POST", "/checkouts", heavy)[0] == 201


def test_one_seller_for_all_lines(shop: Shop) -> None:
    shop.song()
    items = [{"skuId": "mug", "price": 10}, {"skuId": "song", "price": 1}]
    body = shop.basket(*items, ship_to=COLOGNE, currency="EUR")
    body["billTo"] = {"name": "Sam", "address": LONDON}
    assert shop.error("POST", "/checkouts", body) == (400, "selling_entity_not_found", None)


def test_seller_is_unknown_before_any_address(shop: Shop) -> None:
    shop.song()
    body = {"currency": "EUR", "items": [{"skuId": "song", "price": 1}]}
    checkout = shop.good("POST", "/checkouts", body)
    assert (checkout["sellingEntity"], checkout["totalTax"]) == ({}, 0)
    place = {"billTo": {"name": "Sam", "address": PARIS}}
    checkout = shop.good("POST", f"/checkouts/{checkout['id']}", place)
    assert checkout["sellingEntity"]["id"] == "DR_IRELAND-ENTITY"
    assert checkout["totalTax"] == Decimal("0.20")


def test_no_tax_from_an_unreal_us_origin(shop: Shop) -> None:
    wrong = MINNESOTA | {"postalCode": "95969"}
    assert shop.checkout(shipFrom={"address": wrong})["totalTax"] == 0


def test_lines_keep_their_price(shop: Shop) -> None:
    checkout = shop.checkout()
    line = checkout["items"][0]["id"]
    path = f"/checkouts/{checkout['id']}"
    for name in ("price", "quantity", "skuId", "discount"):
        error = shop.error("POST", path, {"items": [{"id": line, name: 1}]})
        assert error == (400, "unknown_parameter", name)
    shown = shop.good("POST", path, {"items": [{"id": line, "metadata": {"posLine": "2"}}]})
    assert shown["items"][0]["metadata"] == {"posLine": "2"}
    assert shop.error("POST", path, {"discount": {"percentOff": 5}})[1] == "unknown_parameter"
    assert shop.error("POST", path, {"taxInclusive": True})[1] == "unknown_parameter"


def test_update_prices_anew_and_says_what_was(shop: Shop) -> None:
    checkout = shop.checkout()
    body = {"shippingChoice": {"amount": 5.95, "description": "Priority"}}
    shown = shop.good("POST", f"/checkouts/{checkout['id']}", body)
    assert shown["totalAmount"] == Decimal("71.06")
    event = shop.events("checkout.updated")[-1]
    assert event["data"]["previousAttributes"]["totalAmount"] == Decimal("72.73")


def test_currency_may_change_before_payment(shop: Shop) -> None:
    checkout = shop.checkout()
    shown = shop.good("POST", f"/checkouts/{checkout['id']}", {"currency": "JPY"})
    assert (shown["currency"], shown["items"][0]["amount"]) == ("JPY", 60)


def test_changed_address_after_payment_fails_the_order(shop: Shop) -> None:
    checkout = shop.funded()
    place = {"name": "Sam Shopper", "address": PARADISE | {"postalCode": "94105"}}
    shown = shop.good("POST", f"/checkouts/{checkout['id']}", {"shipTo": place})
    assert shown["payment"]["session"]["state"] == "requires_source"
    error = shop.error("POST", "/orders", {"checkoutId": checkout["id"]})
    assert error == (400, "order_submit_failed", None)


def test_deleted_checkout_is_gone(shop: Shop) -> None:
    checkout = shop.checkout()
    path = f"/checkouts/{checkout['id']}"
    assert shop.call("DELETE", path) == (204, None)
    assert shop.error("GET", path) == (404, "not_found", "id")
    assert shop.types()[-1] == "checkout.deleted"


def test_language_becomes_a_locale(shop: Shop) -> None:
    assert shop.checkout(language="de")["locale"] == "de_DE"
    assert shop.checkout(locale="fr_CA")["locale"] == "fr_CA"
    assert shop.checkout(locale="xx_XX")["locale"] == "en_US"


def test_numeric_customer_is_taken(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "1042"})
    assert shop.checkout(customerId=1042)["customerId"] == "1042"


def test_nothing_flows_from_the_customer(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1", "email": "c1@example.com", "locale": "de_DE"})
    body = shop.basket(customerId="c1")
    del body["email"]
    checkout = shop.good("POST", "/checkouts", body)
    assert "email" not in checkout
    assert checkout["locale"] == "en_US"


def test_reverse_charge_between_businesses(shop: Shop) -> None:
    tax_id = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE123456789"})
    more = {
        "ship_to": COLOGNE, "currency": "EUR", "shipFrom": {"address": PARIS},
        "customerType": "business", "taxIdentifiers": [{"id": tax_id["id"]}],
    }  # fmt: skip
    checkout = shop.checkout(**more)
    assert (checkout["totalTax"], checkout["taxIdentifiers"][0]["state"]) == (0, "pending")
    shown = shop.good("POST", f"/checkouts/{checkout['id']}", {"taxIdentifiers": []})
    assert shown["totalTax"] > 0


def test_tax_number_of_another_country(shop: Shop) -> None:
    tax_id = shop.good("POST", "/tax-identifiers", {"type": "be", "value": "BE0000000000"})
    body = shop.basket(
        ship_to=COLOGNE, currency="EUR", customerType="business",
        taxIdentifiers=[{"id": tax_id["id"]}],
    )  # fmt: skip
    assert shop.error("POST", "/checkouts", body) == (409, "invalid_parameter", "taxIdentifiers")


def test_tax_number_of_another_customer(shop: Shop) -> None:
    shop.good("POST", "/customers", {"id": "c1"})
    tax_id = shop.good("POST", "/tax-identifiers", {"type": "de", "value": "DE123456789"})
    shop.good("POST", f"/customers/c1/tax-identifiers/{tax_id['id']}")
    body = shop.basket(
        ship_to=COLOGNE, currency="EUR", customerType="business",
        taxIdentifiers=[{"id": tax_id["id"]}],
    )  # fmt: skip
    error = shop.error("POST", "/checkouts", body)
    assert error == (409, "tax_identifier_in_use", "taxIdentifiers")


def test_compulsory_tax_number(shop: Shop) -> None:
    taipei = {"line1": "1", "city": "Taipei", "postalCode": "100", "country": "TW"}
    more: dict[str, Any] = {"ship_to": taipei, "currency": "TWD", "shipFrom": {"address": taipei}}
    checkout = shop.funded(**more, customerType="business")
    error = shop.error("POST", "/orders", {"checkoutId": checkout["id"]})
    assert error == (409, "additional_information_required", "taxIdentifiers")
    private = shop.funded(**more)
    error = shop.error("POST", "/orders", {"checkoutId": private["id"]})
    assert error == (409, "additional_information_required", "invoiceAttributeId")


def test_us_certificate_frees_from_tax(shop: Shop) -> None:
    certificate = {
        "companyName": "C", "taxAuthority": "CA", "startDate": "2026-01-01T00:00:00Z",
        "endDate": "2027-01-01T00:00:00Z", "fileId": "f",
    }  # fmt: skip
    shop.good("POST", "/customers", {"id": "c1", "taxCertificate": certificate})
    assert shop.checkout(customerId="c1")["totalTax"] == 0
    assert shop.checkout()["totalTax"] > 0


def test_product_without_a_sku(shop: Shop) -> None:
    details = {"id": "p1", "name": "Lamp", "skuGroupId": "lamps", "countryOfOrigin": "DE"}
    checkout = shop.checkout({"productDetails": details, "aggregatePrice": 25, "quantity": 2})
    assert checkout["items"][0]["productDetails"] == details
    assert checkout["items"][0]["amount"] == 25
