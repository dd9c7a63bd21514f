"""Checkouts: what is sent, what is read back, how one is found again."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from posapp.domain.money import Money
from posapp.domain.sale import Basket, Delivery, Fee, Quote
from posapp.gateway.checkout_body import changes_body, checkout_body
from posapp.gateway.checkouts import parse_checkout
from posapp.gateway.errors import Conflict, Garbled, Rejected
from tests.unit.gateway.service import PaperService, broken_rules, page, refused, sample, wired
from tests.unit.gateway.shop import ANNA, HOME, PARCEL, SHOP_ADDRESS, basket, customer, shop


def _body(held: Basket, **changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "shop": shop(),
        "customer": customer(),
        "basket": held,
        "ship_to": None,
        "shipping": PARCEL,
        "upstream_id": "3cca6d46-3a62-53b0-b3dd-df0760f9a093",
        "sale_number": "1042",
        **changes,
    }
    text = checkout_body(**asked)
    assert text == checkout_body(**asked)  # the same text, or its hash would prove nothing
    assert broken_rules("CheckoutRequest", text) == []
    body: dict[str, Any] = json.loads(text)
    return body


def test_goods_to_be_shipped_carry_all_the_contract_asks_for() -> None:
    assert _body(basket(Delivery.SHIP)) == {
        "currency": "USD",
        "email": "anna@example.com",
        "locale": "de_DE",
        "customerType": "individual",
        "chargeType": "customer_initiated",
        "browserIp": "192.0.2.10",
        "upstreamId": "3cca6d46-3a62-53b0-b3dd-df0760f9a093",
        "metadata": {"sale": "1042"},
        "billTo": {
            "name": "Anna Maria Berg",
            "phone": "+1 555 0100",
            "address": {
                "line1": "400 Example Avenue",
                "line2": "Flat 2",
                "city": "Paradise",
                "postalCode": "95969",
                "state": "CA",
                "country": "US",
            },
        },
        "shipFrom": {
            "address": {
                "line1": "1 High Street",
                "city": "Minneapolis",
                "postalCode": "55401",
                "state": "MN",
                "country": "US",
            }
        },
        "shipTo": {
            "name": "Anna Maria Berg",
            "phone": "+1 555 0100",
            "address": {
                "line1": "400 Example Avenue",
                "line2": "Flat 2",
                "city": "Paradise",
                "postalCode": "95969",
                "state": "CA",
                "country": "US",
            },
        },
        "shippingChoice": {"id": "parcel", "description": "Two-day parcel", "amount": 7.5},
        "taxInclusive": False,
        "taxIdentifiers": [],
        "items": [
            {"skuId": "mug-blue", "quantity": 2, "price": 30, "metadata": {"line": "line-1"}}
        ],
    }


def test_what_is_taken_away_goes_to_the_shop_in_the_buyers_name_for_nothing() -> None:
    body = _body(basket(Delivery.TAKE_AWAY, Delivery.DIGITAL))
    assert body["shipTo"]["name"] == "Anna Maria Berg"
    assert body["shipTo"]["address"]["postalCode"] == "55401"
    assert body["shippingChoice"]["amount"] == 0
    assert body["billTo"]["address"]["postalCode"] == "95969"


def test_a_mixed_basket_ships_to_the_one_address_given() -> None:
    body = _body(basket(Delivery.TAKE_AWAY, Delivery.SHIP), ship_to=ANNA)
    assert body["shipTo"]["address"]["postalCode"] == "95969"
    assert body["shippingChoice"]["amount"] == 7.5


def test_a_song_needs_no_lorry() -> None:
    body = _body(basket(Delivery.DIGITAL))
    assert not {"shipTo", "shipFrom", "shippingChoice"} & body.keys()
    assert body["billTo"]["address"]["country"] == "US"


def test_shipping_may_be_chosen_later() -> None:
    assert "shippingChoice" not in _body(basket(Delivery.SHIP), shipping=None)


def test_a_registered_business_names_itself_and_its_tax_ids() -> None:
    body = _body(
        basket(Delivery.SHIP),
        customer=customer(registered=True, business=True),
        tax_identifier_ids=("tax-1", "tax-2"),
        charge_type="moto",
        locale="fr_FR",
    )
    assert body["customerId"] == "cust-000123"
    assert body["customerType"] == "business"
    assert body["taxIdentifiers"] == [{"id": "tax-1"}, {"id": "tax-2"}]
    assert (body["chargeType"], body["locale"]) == ("moto", "fr_FR")


@pytest.mark.parametrize(
    ("minor", "currency", "digits"),
    [(3000, "USD", "30.00"), (450, "JPY", "450"), (1, "BHD", "0.001")],
)
def test_prices_are_numbers_with_the_digits_of_the_currency(
    minor: int, currency: str, digits: str
) -> None:
    one = basket(Delivery.DIGITAL).lines[0]
    held = Basket(
        currency,
        (type(one)(one.key, one.sku, one.name, Money(minor, currency), 1, one.delivery, False),),
    )
    text = checkout_body(
        shop=shop(currency=currency),
        customer=customer(),
        basket=held,
        ship_to=None,
        shipping=None,
        upstream_id="u",
        sale_number="1",
    )
    assert f'"price":{digits},' in text


def test_only_what_changed_is_sent_again() -> None:
    text = changes_body(shipping=PARCEL, tax_identifier_ids=[])
    assert broken_rules("UpdateCheckoutRequest", text) == []
    assert json.loads(text) == {
        "shippingChoice": {"id": "parcel", "description": "Two-day parcel", "amount": 7.5},
        "taxIdentifiers": [],
    }
    everything = changes_body(
        shipping=PARCEL,
        ship_to=ANNA,
        bill_to=ANNA,
        ship_from=SHOP_ADDRESS,
        email="new@example.com",
        customer_id="cust-1",
        tax_identifier_ids=["t"],
    )
    assert broken_rules("UpdateCheckoutRequest", everything) == []
    assert changes_body() == "{}"


def _quote(**changes: Any) -> Quote:
    return parse_checkout(wired({**sample("Checkout"), **changes}), basket_version=4)


def test_the_quote_is_the_services_own_figures() -> None:
    quote = _quote(upstreamId="u-1", metadata={"sale": 1042})
    assert (quote.subtotal, quote.tax, quote.total) == (
        Money(6750, "USD"),
        Money(523, "USD"),
        Money(7273, "USD"),
    )
    assert (quote.shipping, quote.shipping_tax) == (Money(750, "USD"), Money(58, "USD"))
    assert (quote.selling_entity_id, quote.selling_entity_name) == (
        "C5_INC-ENTITY",
        "DR globalTech Inc.",
    )
    assert quote.session.state == "requires_source"
    assert quote.session.remaining == Money(7273, "USD")
    assert not quote.session.funded
    assert (quote.basket_version, quote.upstream_id, quote.sale_number) == (4, "u-1", "1042")
    line = quote.lines[0]
    assert (line.sku, line.quantity, line.tax, line.rate) == (
        "mug-blue",
        2,
        Money(465, "USD"),
        "0.0775",
    )


def test_a_funded_checkout_may_become_an_order() -> None:
    held = sample("Checkout")
    held["payment"] = {
        "sources": [
            {
                "id": "src-1",
                "type": "creditCard",
                "amount": 72.73,
                "creditCard": {"brand": "Visa", "lastFourDigits": "1111"},
            }
        ],
        "session": {
            "id": "s",
            "state": "requires_confirmation",
            "amountContributed": 72.73,
            "amountRemainingToBeContributed": 0.0,
        },
    }
    quote = parse_checkout(wired(held))
    assert quote.session.funded
    assert (quote.methods[0].brand, quote.methods[0].last_four) == ("Visa", "1111")


def test_lines_are_matched_by_our_key_and_fees_added_by_type() -> None:
    held = sample("Checkout")
    held["items"][0] |= {
        "metadata": {"line": "line-1"},
        "productDetails": {"name": "Blue mug"},
        "fees": {
            "amount": 1.5,
            "details": [{"type": "weee", "amount": 1.0}, {"type": "battery", "amount": 0.5}],
        },
        "duties": {},
    }
    held["items"].append(
        {"id": "2", "quantity": "3", "fees": {"details": [{"type": "weee", "amount": "0.25"}]}}
    )
    quote = parse_checkout(wired(held))
    assert [line.key for line in quote.lines] == ["line-1", ""]
    assert quote.lines[0].name == "Blue mug"
    assert quote.lines[1].quantity == 3
    assert quote.fee_details == (Fee("battery", Money(50, "USD")), Fee("weee", Money(125, "USD")))


@pytest.mark.parametrize("gone", ["id", "currency", "totalAmount"])
def test_without_id_currency_or_total_there_is_no_quote(gone: str) -> None:
    held = sample("Checkout")
    del held[gone]
    with pytest.raises(Garbled):
        parse_checkout(wired(held))


async def test_creating_remembers_the_basket_and_the_price_basis(service: PaperService) -> None:
    service.answer(httpx.Response(201, json=sample("Checkout")))
    quote = await service.river().checkouts.create('{"taxInclusive":true}', basket_version=9)
    assert service.lines == ["POST /checkouts"]
    assert service.last.content == b'{"taxInclusive":true}'  # as written in the intent
    assert (quote.basket_version, quote.tax_inclusive) == (9, True)


async def test_the_other_checkout_calls(service: PaperService) -> None:
    checkouts = service.river().checkouts
    service.answer(sample("Checkout"))
    await checkouts.update("c1", changes_body(shipping=PARCEL), basket_version=2)
    assert (await checkouts.get("c1", basket_version=2)).basket_version == 2
    await checkouts.attach_source("c1", "s1", basket_version=2)
    service.answer(httpx.Response(204))
    await checkouts.detach_source("c1", "s1")
    await checkouts.delete("c1")
    assert service.lines == [
        "POST /checkouts/c1",
        "GET /checkouts/c1",
        "POST /checkouts/c1/sources/s1",
        "DELETE /checkouts/c1/sources/s1",
        "DELETE /checkouts/c1",
    ]


async def test_a_checkout_is_found_by_its_attempt_and_no_other(service: PaperService) -> None:
    mine = sample("Checkout") | {"upstreamId": "attempt-1"}
    service.answer(page(mine, sample("Checkout") | {"upstreamId": "attempt-2"}))
    found = await service.river().checkouts.find("attempt-1")
    assert [quote.upstream_id for quote in found] == ["attempt-1"]
    assert service.lines == ["GET /checkouts?upstreamIds=attempt-1&limit=100"]


async def test_a_refused_checkout_names_the_field(service: PaperService) -> None:
    checkouts = service.river().checkouts
    service.answer(refused(400, "invalid_parameter", "address.postalCode"))
    with pytest.raises(Rejected) as rejected:
        await checkouts.create("{}", basket_version=1)
    assert rejected.value.field == "address.postalCode"
    service.answer(refused(409, "country_unsupported", "shipTo.address.country"))
    with pytest.raises(Conflict) as conflict:
        await checkouts.create("{}", basket_version=1)
    assert conflict.value.parameter == "shipTo.address.country"
    assert HOME.country == "US"
