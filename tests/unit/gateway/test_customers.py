"""Customers and their tax numbers."""

from __future__ import annotations

import json

import httpx
import pytest

from posapp.domain.customer import BuyerKind, Party, SavedSource, TaxIdentifier
from posapp.gateway.customers import customer_body, parse_customer
from posapp.gateway.errors import Conflict, Garbled
from posapp.gateway.parties import split_name
from posapp.gateway.tax_identifiers import tax_identifier_body
from tests.unit.gateway.service import PaperService, broken_rules, page, refused, sample
from tests.unit.gateway.shop import ANNA, customer


def test_a_new_customer_gets_our_own_id() -> None:
    text = customer_body(customer(), customer_id="cust-7")
    assert broken_rules("CustomerRequest", text) == []
    body = json.loads(text)
    assert (body["id"], body["email"], body["type"], body["locale"]) == (
        "cust-7",
        "anna@example.com",
        "individual",
        "de_DE",
    )
    assert body["shipping"]["name"] == "Anna Maria Berg"
    assert "id" not in json.loads(customer_body(customer()))
    assert broken_rules("UpdateCustomerRequest", customer_body(customer())) == []


def test_a_customer_is_read_with_wallet_and_tax_numbers() -> None:
    held = sample("Customer") | {
        "type": "business",
        "shipping": {
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
        "email": "anna@example.com",
        "sources": [sample("Source")],
        "taxIdentifiers": [sample("TaxIdentifier")],
    }
    read = parse_customer(held)
    assert read.party == ANNA
    assert read.kind is BuyerKind.BUSINESS
    assert read.registered
    assert read.sources == (SavedSource(sample("Source")["id"], "creditCard", "Visa", "1111"),)
    tax = sample("TaxIdentifier")
    assert read.tax_identifiers == (TaxIdentifier(tax["id"], "de", "DE123456789", "verified"),)


def test_a_bare_customer_is_read() -> None:
    read = parse_customer({"id": 42})
    assert read.id == "42"
    assert isinstance(read.party, Party)
    assert read.party.name == ""
    with pytest.raises(Garbled):
        parse_customer({"email": "a@b.example"})


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Anna Maria Berg", "Anna Maria", "Berg"),
        ("  Anna   Berg ", "Anna", "Berg"),
        ("Madonna", "", "Madonna"),
        ("", "", ""),
    ],
)
def test_the_last_word_is_the_family(name: str, given: str, family: str) -> None:
    assert split_name(name) == (given, family)


async def test_the_customer_calls(service: PaperService) -> None:
    customers = service.river().customers
    service.answer(sample("Customer"))
    await customers.create(customer_body(customer(), customer_id="c1"))
    await customers.get("c1")
    await customers.update("c1", customer_body(customer()))
    service.answer(page(sample("Customer")))
    assert len(await customers.find(email="anna@example.com")) == 1
    service.answer(sample("Source"))
    assert (await customers.attach_source("c1", "s1")).last_four == "1111"
    await customers.attach_tax_identifier("c1", "t1")
    service.answer(httpx.Response(204))
    await customers.detach_source("c1", "s1")
    assert service.lines == [
        "POST /customers",
        "GET /customers/c1",
        "POST /customers/c1",
        "GET /customers?email=anna%40example.com&limit=100",
        "POST /customers/c1/sources/s1",
        "POST /customers/c1/tax-identifiers/t1",
        "DELETE /customers/c1/sources/s1",
    ]


async def test_an_id_that_is_taken_is_a_conflict(service: PaperService) -> None:
    service.answer(refused(409, "already_exists", "id"))
    with pytest.raises(Conflict) as caught:
        await service.river().customers.create("{}")
    assert (caught.value.code, caught.value.parameter) == ("already_exists", "id")


async def test_tax_numbers_tell_who_holds_them(service: PaperService) -> None:
    tax = service.river().tax_identifiers
    text = tax_identifier_body("de", "DE 123 456 789")
    assert text == '{"type":"de","value":"DE123456789"}'
    assert broken_rules("TaxIdentifierRequest", text) == []
    service.answer(sample("TaxIdentifier"))
    assert (await tax.create(text)).state == "verified"
    assert (await tax.get("t1")).type == "de"
    service.answer(page(sample("TaxIdentifier") | {"customerId": "c1"}, sample("TaxIdentifier")))
    held = await tax.list(kind="de", value="DE123456789")
    assert [one.customer_id for one in held] == ["c1", ""]
    service.answer(httpx.Response(204))
    await tax.delete("t1")
    assert service.lines == [
        "POST /tax-identifiers",
        "GET /tax-identifiers/t1",
        "GET /tax-identifiers?type=de&value=DE123456789&limit=100",
        "DELETE /tax-identifiers/t1",
    ]
