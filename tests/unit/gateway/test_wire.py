"""The tolerant reader: exact decimals, odd shapes, nonsense; and nothing but typed errors."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.money import Money, exponent
from posapp.gateway.charges import parse_charge
from posapp.gateway.checkouts import parse_checkout
from posapp.gateway.customers import parse_customer
from posapp.gateway.errors import Garbled
from posapp.gateway.events import parse_event, parse_event_page
from posapp.gateway.fulfilments import parse_fulfilment
from posapp.gateway.order_reader import parse_order
from posapp.gateway.refusals import read_problem
from posapp.gateway.skus import parse_sku
from posapp.gateway.sources import parse_source
from posapp.gateway.tax_identifiers import parse_tax_identifier
from posapp.gateway.wire import (
    amount_if_any,
    count,
    decode,
    decode_record,
    encode,
    flag,
    moment,
    moneys,
    number,
    required_amount,
    text,
)
from tests.helpers.logfail import LogWatch
from tests.unit.gateway.mutations import mutated
from tests.unit.gateway.service import page, sample

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KRW", "KWD", "CLP"])
MINOR = st.integers(min_value=-(10**12), max_value=10**12)


@given(minor=MINOR, currency=CURRENCIES)
def test_an_amount_comes_back_as_it_went(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    sent = encode({"amount": number(money)})
    assert "E" not in sent.upper().replace("AMOUNT", "")
    assert moneys(currency)[decode_record(sent)["amount"]] == money


@given(minor=MINOR, currency=CURRENCIES, noise=st.integers(min_value=-9, max_value=9))
def test_float_noise_reads_as_the_decimal_meant(minor: int, currency: str, noise: int) -> None:
    meant = Money(minor, currency)
    noisy = meant.amount + Decimal(noise).scaleb(-15 + exponent(currency))
    assert moneys(currency)[decode(format(noisy, "f"))] == meant
    assert moneys(currency)[format(noisy, "f")] == meant  # and as a string


@given(minor=st.integers(min_value=-(10**9), max_value=10**9), currency=CURRENCIES)
def test_what_a_float_printer_made_of_it_is_read_exactly(minor: int, currency: str) -> None:
    meant = Money(minor, currency)
    assert moneys(currency)[decode(json.dumps(float(meant.amount)))] == meant


def test_more_than_noise_is_rounded_and_said(expected_log: LogWatch) -> None:
    expected_log.expect("more than 2 digits of USD", logger="posapp.gateway.wire")
    for _ in range(2):
        assert moneys("USD")[Decimal("1.005")] == Money(101, "USD")
    said = [r for r in expected_log.records if "more than 2 digits" in r.getMessage()]
    assert len(said) == 2  # each time, not only the first


def test_digits_survive_that_a_float_would_lose() -> None:
    read = decode('{"a":1234567890123456.789,"b":0.10}')
    assert read == {"a": Decimal("1234567890123456.789"), "b": Decimal("0.10")}


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "ten",
        "NaN",
        "Infinity",
        [],
        {},
        Decimal("1e30"),
        10**30,
        "1e999999",
        "1e999999999",
    ],
)
def test_what_is_no_amount_is_garbled(value: Any) -> None:
    with pytest.raises(Garbled):
        required_amount({"amount": value}, "amount", moneys("USD"))


@pytest.mark.parametrize("currency", ["", "usdollar", "12€", "U$D"])
def test_what_is_no_currency_is_garbled(currency: str) -> None:
    with pytest.raises(Garbled):
        moneys(currency)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[", "NaN", '{"a":Infinity}', "1e999999999999999999999999", "[" * 5000, "1" * 5000],
)
def test_what_is_no_json_is_garbled(body: str) -> None:
    with pytest.raises(Garbled):
        decode_record(body)
    with pytest.raises(Garbled):
        decode_record(b"\xff" + body.encode())


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("x", "x"),
        (7, "7"),
        (Decimal("0.0775"), "0.0775"),
        (True, "true"),
        (None, ""),
        ([], ""),
        ({}, ""),
    ],
)
def test_text_is_read_from_what_came(value: object, read: str) -> None:
    assert text({"k": value}, "k") == read
    assert text({}, "k") == ""


@given(units=st.integers(min_value=0, max_value=10**6))
def test_quantities_are_numbers_or_strings(units: int) -> None:
    for written in (units, str(units), Decimal(units), f"{units}.0"):
        assert count({"q": written}, "q") == units


@pytest.mark.parametrize("value", ["2.5", Decimal("0.1"), "many", True, [], {}, "1e20"])
def test_half_a_mug_is_garbled(value: object) -> None:
    with pytest.raises(Garbled):
        count({"q": value}, "q")


def test_twin_names_and_missing_times() -> None:
    assert flag({"livemode": True}, "liveMode", "livemode")
    assert flag({"liveMode": False, "livemode": True}, "liveMode", "livemode") is False
    assert flag({}, "liveMode") is False
    for odd in (None, 3, "", "yesterday", "2026-03-02", "2026-03-02T09:00:00"):
        assert moment({"t": odd}, "t") is None  # a time without a zone is no moment
    assert moment({"t": "2026-03-02T09:00:00.541120Z"}, "t") is not None


# --------------------------------------------------------------------- nonsense


SAMPLES: list[tuple[str, Callable[[Any], object]]] = [
    ("Order", parse_order),
    ("Checkout", parse_checkout),
    ("Charge", parse_charge),
    ("Fulfillment", parse_fulfilment),
    ("Customer", parse_customer),
    ("Source", parse_source),
    ("TaxIdentifier", parse_tax_identifier),
]


def test_two_thousand_mutations_only_typed_errors(noise_is_expected: None) -> None:
    rng = random.Random(20260302)
    read = refused = 0
    for turn in range(2_000):
        schema, parse = SAMPLES[turn % len(SAMPLES)]
        body = json.dumps(mutated(rng, sample(schema))).encode()
        if rng.random() < 0.1:  # cut short, or one byte changed
            cut = rng.randrange(len(body))
            body = body[:cut] if rng.random() < 0.5 else body[:cut] + b"\x00" + body[cut + 1 :]
        try:
            parse(decode_record(body))
            read += 1
        except Garbled:
            refused += 1
    assert read + refused == 2_000
    assert read > 500  # tolerant
    assert refused > 100  # and not blind


def test_mutated_events_and_errors_only_typed_errors(noise_is_expected: None) -> None:
    rng = random.Random(7)
    read = 0
    for turn in range(1_000):
        held = sample(("Order", "Charge", "Fulfillment")[turn % 3])
        kind = ("order.accepted", "order.charge.failed", "fulfillment.created")[turn % 3]
        event = sample("Event") | {"type": kind, "data": {"object": held}}
        body = json.dumps(mutated(rng, event)).encode()
        read_problem(body)
        try:
            parse_event(body)
            parse_event_page(json.dumps(page(mutated(rng, event))).encode())
            read += 1
        except Garbled:
            continue
    assert read > 500


@settings(max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_at_all_is_read_or_garbled(value: Any) -> None:
    body = json.dumps(value, allow_nan=True).encode()
    for parse in (parse_sku, parse_order, parse_checkout):
        try:
            parse(decode_record(body))
        except Garbled as garbled:
            assert garbled.what
    read_problem(body)
    assert amount_if_any({}, "x", moneys("USD")) is None
