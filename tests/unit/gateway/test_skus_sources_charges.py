"""Products, payment sources and charges."""

from __future__ import annotations

import json
from dataclasses import replace

import httpx
import pytest

from posapp.domain.money import Money
from posapp.domain.payment import ChargeState, OperationKind, OperationState
from posapp.gateway.charges import parse_charge
from posapp.gateway.errors import Garbled
from posapp.gateway.skus import parse_sku, sku_body
from posapp.gateway.sources import credit_body, parse_source
from tests.unit.gateway.service import PaperService, broken_rules, sample, wired
from tests.unit.gateway.shop import ANNA, MUG


def test_a_product_is_sent_without_its_price() -> None:
    text = sku_body(replace(MUG, part_number="MUG-B1", hs_code="6912.00.2000", weight_g=350))
    assert broken_rules("SkuUpsertRequest", text) == []
    assert json.loads(text) == {
        "name": "Blue mug",
        "eccn": "EAR99",
        "taxCode": "4323.310_A",
        "countryOfOrigin": "US",
        "partNumber": "MUG-B1",
        "hsCode": "6912.00.2000",
        "weight": 350,
        "weightUnit": "g",
    }
    assert "weight" not in sku_body(MUG)


async def test_the_sku_calls(service: PaperService) -> None:
    skus = service.river().skus
    service.answer(httpx.Response(201, json={"id": "mug-blue", "name": "Blue mug"}))
    assert (await skus.upsert(MUG)).id == "mug-blue"
    await skus.get("mug-blue")
    assert service.lines == ["PUT /skus/mug-blue", "GET /skus/mug-blue"]


@pytest.mark.parametrize(("told", "physical"), [(True, True), (False, False), (None, None)])
def test_whether_a_product_is_goods_follows_from_its_tax_code(
    told: bool | None, physical: bool | None
) -> None:
    data = {"id": "x", "name": "X"} | ({} if told is None else {"physical": told})
    assert parse_sku(data).physical is physical


async def test_a_source_is_read_back_to_check_the_forms_claim(service: PaperService) -> None:
    held = sample("Source") | {
        "currency": "USD",
        "amount": 72.73,
        "paymentSessionId": "sess-1",
        "flow": "standard",
        "clientSecret": "very-secret",
    }
    service.answer(held)
    source = await service.river().sources.get("src-1")
    assert (source.session_id, source.currency, source.state) == ("sess-1", "USD", "chargeable")
    assert source.method.amount == Money(7273, "USD")
    assert (source.method.brand, source.method.last_four) == ("Visa", "1111")
    assert "very-secret" not in repr(source)


def test_the_forms_own_shape_is_read_too() -> None:
    held = sample("Source") | {"currency": "USD", "amount": "72.73", "sessionId": "sess-1"}
    source = parse_source(wired(held))
    assert source.method.amount == Money(7273, "USD")
    assert source.session_id == "sess-1"


def test_a_transfer_tells_its_reference() -> None:
    held = {
        "id": "s",
        "type": "wireTransfer",
        "state": "pending_funds",
        "wireTransfer": {"referenceId": "DR-77"},
    }
    assert parse_source(wired(held)).method.reference == "DR-77"


def test_a_transfer_tells_where_the_money_goes_and_nothing_else() -> None:
    held = {
        "id": "s",
        "type": "wireTransfer",
        "wireTransfer": {"iban": "IE00", "referenceId": "DR-77", "bankName": "B", "secret": "x"},
    }
    method = parse_source(wired(held)).method
    assert method.pay_to == (("bankName", "B"), ("iban", "IE00"))
    card = {"id": "s", "type": "creditCard", "creditCard": {"iban": "IE00"}}
    assert parse_source(wired(card)).method.pay_to == ()


async def test_store_credit_is_the_only_source_we_make(service: PaperService) -> None:
    text = credit_body(Money(1500, "USD"), session_id="sess-1", upstream_id="credit-7", owner=ANNA)
    assert broken_rules("CustomerCreditSourceRequest", text) == []
    assert '"amount":15.00,' in text
    assert json.loads(text)["owner"]["lastName"] == "Berg"
    assert "owner" not in credit_body(Money(1, "USD"), session_id="s", upstream_id="u")
    service.answer(sample("Source") | {"type": "customerCredit"})
    assert (await service.river().sources.create_credit(text)).method.type == "customerCredit"
    assert service.lines == ["POST /sources"]


async def test_a_charge_is_read_with_its_captures(service: PaperService) -> None:
    service.answer(sample("Charge"))
    charge = await service.river().charges.get("ch-1")
    assert (charge.state, charge.order_id, charge.amount) == (
        ChargeState.CAPTURABLE,
        "700100200301",
        Money(7273, "USD"),
    )
    capture = charge.operations[0]
    assert (capture.kind, capture.state, capture.amount) == (
        OperationKind.CAPTURE,
        OperationState.COMPLETE,
        Money(3637, "USD"),
    )
    assert capture.fulfilment_id.startswith("ful_")


def test_a_charge_without_a_currency_cannot_be_read() -> None:
    held = sample("Charge")
    del held["currency"]
    with pytest.raises(Garbled):
        parse_charge(wired(held))
    assert parse_charge(wired(held), currency="GBP").amount == Money(7273, "GBP")
