"""Every way an exchange can end, and the one error class it becomes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from posapp.gateway.errors import (
    CheckoutSpent,
    Conflict,
    DetailsMissing,
    Forbidden,
    FraudRefused,
    Garbled,
    GatewayError,
    LostAnswer,
    NotFound,
    Offline,
    OrderRefused,
    PaymentDeclined,
    RateLimited,
    Rejected,
    Unauthorised,
)
from posapp.gateway.refusals import DEFAULT_RETRY_AFTER_S, read_problem, retry_after
from tests.unit.gateway.service import PaperService, refused, sample

STATUS = [
    (300, LostAnswer, Garbled),
    (302, LostAnswer, Garbled),
    (400, Rejected, Rejected),
    (401, Unauthorised, Unauthorised),
    (403, Forbidden, Forbidden),
    (404, NotFound, NotFound),
    (405, Rejected, Rejected),
    (406, Rejected, Rejected),
    (408, LostAnswer, LostAnswer),
    (409, Conflict, Conflict),
    (410, Rejected, Rejected),
    (422, Rejected, Rejected),
    (429, RateLimited, RateLimited),
    (500, LostAnswer, LostAnswer),
    (502, LostAnswer, LostAnswer),
    (503, LostAnswer, LostAnswer),
    (504, LostAnswer, LostAnswer),
    (599, LostAnswer, LostAnswer),
]
TRANSPORT: list[tuple[Exception, type[GatewayError]]] = [
    (httpx.ConnectError("refused"), Offline),
    (httpx.ConnectTimeout("slow"), Offline),
    (httpx.PoolTimeout("busy"), Offline),
    (httpx.ProxyError("no proxy"), Offline),
    (httpx.UnsupportedProtocol("?"), Offline),
    (httpx.ReadTimeout("slow"), LostAnswer),
    (httpx.WriteTimeout("slow"), LostAnswer),
    (httpx.ReadError("reset"), LostAnswer),
    (httpx.WriteError("reset"), LostAnswer),
    (httpx.CloseError("reset"), LostAnswer),
    (httpx.RemoteProtocolError("disconnected"), LostAnswer),
    (httpx.LocalProtocolError("odd"), LostAnswer),
    (httpx.DecodingError("bad gzip"), LostAnswer),
    (TimeoutError(), LostAnswer),
    (OSError("wire cut"), LostAnswer),
]


async def _write(service: PaperService) -> None:
    await service.river().tax_identifiers.create('{"type":"de","value":"DE1"}')


async def _read(service: PaperService) -> None:
    await service.river().orders.get("1")


@pytest.mark.parametrize(("status", "on_write", "on_read"), STATUS)
async def test_a_status_becomes_one_error(
    service: PaperService,
    status: int,
    on_write: type[GatewayError],
    on_read: type[GatewayError],
) -> None:
    service.answer(httpx.Response(status, headers={"x-dr-requestid": "req-9"}))
    with pytest.raises(on_write) as written:
        await _write(service)
    assert len(service.requests) == 1  # never repeated
    service.answer(httpx.Response(status))
    with pytest.raises(on_read) as asked:
        await service.client().read("/orders/{id}", dict, ids={"id": "1"})
    assert type(written.value) is on_write
    assert type(asked.value) is on_read
    assert (written.value.status, written.value.request_id) == (status, "req-9")
    assert (written.value.method, written.value.path) == ("POST", "/tax-identifiers")
    assert written.value.in_doubt is (on_write is LostAnswer)
    assert written.value.sent
    assert not asked.value.in_doubt


@pytest.mark.parametrize(("failure", "meaning"), TRANSPORT, ids=lambda x: type(x).__name__)
async def test_a_broken_line_is_offline_only_when_nothing_left(
    service: PaperService, failure: Exception, meaning: type[GatewayError]
) -> None:
    service.answer(failure)
    with pytest.raises(meaning) as written:
        await _write(service)
    assert len(service.requests) == 1
    assert written.value.sent is (meaning is LostAnswer)
    assert written.value.in_doubt is (meaning is LostAnswer)
    service.requests.clear()
    with pytest.raises(meaning) as asked:
        await _read(service)
    assert len(service.requests) == 2  # a read is tried once more
    assert not asked.value.in_doubt


@pytest.mark.parametrize(
    "body", [b"", b"{", b"<html>wifi login</html>", b"[]", b"null", b'{"no":"id"}', b"\xff\xfe"]
)
async def test_an_unreadable_success_of_a_write_is_in_doubt(
    service: PaperService, body: bytes
) -> None:
    service.answer(httpx.Response(201, content=body))
    with pytest.raises(LostAnswer) as written:
        await service.river().orders.create("checkout-1")
    assert written.value.in_doubt
    with pytest.raises(Garbled) as asked:
        await _read(service)
    assert not asked.value.in_doubt


ORDER_409: list[tuple[dict[str, Any], type[OrderRefused]]] = [
    ({"code": "failed-request"}, PaymentDeclined),
    ({"code": "insufficient_funds"}, PaymentDeclined),
    ({"code": "source_in_use", "parameter": "sourceId"}, PaymentDeclined),
    ({"code": "a-code-of-tomorrow"}, PaymentDeclined),
    ({}, PaymentDeclined),
    ({"code": "order-fraud-failure"}, FraudRefused),
    ({"code": "fraud_block"}, FraudRefused),
    ({"code": "fraud"}, FraudRefused),
    ({"code": "create-order-failed"}, DetailsMissing),
    ({"code": "additional_information_required", "parameter": "taxIdentifiers"}, DetailsMissing),
    ({"code": "invalid_parameter", "parameter": "taxIdentifiers"}, DetailsMissing),
    ({"code": "not_found", "parameter": "taxIdentifiers[0].id"}, DetailsMissing),
    ({"code": "missing_parameter", "parameter": "billTo.address.city"}, DetailsMissing),
]


@pytest.mark.parametrize(("problem", "meaning"), ORDER_409, ids=str)
async def test_a_409_on_an_order_says_what_the_buyer_may_hear(
    service: PaperService, problem: dict[str, Any], meaning: type[OrderRefused]
) -> None:
    body = {"type": "conflict", "errors": [{"message": "Payment was refused.", **problem}]}
    service.answer(httpx.Response(409, json=body))
    with pytest.raises(OrderRefused) as caught:
        await service.river().orders.create("checkout-1")
    error = caught.value
    assert type(error) is meaning
    assert error.shopper_message == "Payment was refused."
    assert error.code == problem.get("code", "")  # for staff
    if error.code:
        assert error.code not in str(error)
        assert error.code not in repr(error)


async def test_a_spent_checkout_is_told_apart(service: PaperService) -> None:
    service.answer(refused(404, "not_found", "orderId"))
    with pytest.raises(CheckoutSpent):
        await service.river().orders.create("checkout-1")


async def test_a_400_on_an_order_names_the_field_to_repair(service: PaperService) -> None:
    service.answer(refused(400, "missing_parameter", "billTo.address.country", "Input is absent."))
    with pytest.raises(Rejected) as caught:
        await service.river().orders.create("checkout-1")
    assert (caught.value.field, caught.value.message) == (
        "billTo.address.country",
        "Input is absent.",
    )


async def test_a_409_that_calls_itself_a_bad_request_is_our_input(service: PaperService) -> None:
    body = {
        "type": "bad_request",
        "errors": [{"code": "invalid_parameter", "parameter": "currency", "message": "?"}],
    }
    service.answer(httpx.Response(409, json=body))
    with pytest.raises(Rejected) as caught:
        await service.river().checkouts.create("{}", basket_version=1)
    assert caught.value.field == "currency"


async def test_a_lapsed_authorisation_speaks_in_description(service: PaperService) -> None:
    body = {
        "errors": [
            {
                "code": "payment_authorization_failed",
                "description": "The payment approval has lapsed.",
                "parameter": "orderId",
            }
        ]
    }
    service.answer(httpx.Response(409, json=body))
    with pytest.raises(Conflict) as caught:
        await service.client().write("POST", "/fulfillments", dict, body="{}")
    assert caught.value.code == "payment_authorization_failed"
    assert caught.value.message == "The payment approval has lapsed."
    assert caught.value.parameter == "orderId"


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b"{}", b'{"errors":[]}', b'{"errors":null}', b'{"errors":[3]}'],
)
def test_an_error_without_a_readable_body_is_still_an_error(body: bytes) -> None:
    assert read_problem(body).code == ""


def test_a_bare_message_is_read() -> None:
    assert read_problem(b'{"message":"No key."}').message == "No key."


def test_what_goes_into_the_log_is_a_short_word() -> None:
    problem = read_problem(b'{"errors":[{"code":"a b\\n4111","parameter":"x;drop"}]}')
    assert problem.logged_code == "a?b?4111"
    assert problem.logged_field == "x?drop"
    assert len(read_problem(b'{"code":"' + b"x" * 999 + b'"}').logged_code) == 60


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("", DEFAULT_RETRY_AFTER_S),
        ("-3", DEFAULT_RETRY_AFTER_S),
        ("nan", DEFAULT_RETRY_AFTER_S),
        ("inf", DEFAULT_RETRY_AFTER_S),
        ("1e9", DEFAULT_RETRY_AFTER_S),
        ("Wed, 21 Oct 2026 07:28:00 GMT", DEFAULT_RETRY_AFTER_S),
    ],
)
def test_retry_after_is_read_or_a_minute(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds


def test_every_error_says_its_call_in_one_line() -> None:
    error = PaymentDeclined(
        method="POST", path="/orders", status=409, request_id="r-1", shopper_message="No", code="x"
    )
    assert str(error) == "PaymentDeclined POST /orders 409 r-1"
    assert sample("Error")["errors"][0]["code"] == "missing_parameter"
