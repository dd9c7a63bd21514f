"""Requests made out of the contract itself: each is answered as documented, never with 500.

Both directions: what the contract allows is judged by the answer, what it forbids is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from posapp.sandbox.server import run_in_thread
from posapp.sandbox.wire import Request, encode
from tests.contract.answers import broken, contract, request_errors
from tests.unit.sandbox.shop import Shop

SCHEMA = schemathesis.openapi.from_dict(contract())
OPERATIONS: list[Any] = [result.ok() for result in cast(Any, SCHEMA.get_all_operations())]
EXAMPLES = 12
CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance, negative_data_rejection,
]  # fmt: skip


class World:
    """A world with something of everything, so that made-up requests can hit it."""

    def __init__(self) -> None:
        shop = self.shop = Shop()
        order = shop.complete()
        shop.good("POST", "/customers", {"id": "c1"})
        body = {"orderId": order["id"], "currency": "USD", "percent": 10}
        file_id = order["invoicePDFs"][0]["id"]
        link = {"fileId": file_id, "expiresTime": "2030-01-01T00:00:00Z"}
        back = {"orderId": order["id"], "items": [{"skuId": "mug", "quantity": 1}]}
        hook = {"types": ["sku.*"], "address": "http://127.0.0.1:9/"}
        tax_id = {"type": "de", "value": "DE123456789"}
        open_order, checkout = shop.order(), shop.checkout()
        card = shop.card(checkout)
        self.known = {
            "customers": ["c1"],
            "skus": ["mug"],
            "checkouts": [checkout["id"]],
            "sources": [card["id"]],
            "orders": [order["id"], open_order["id"]],
            "charges": [order["payment"]["charges"][0]["id"]],
            "fulfillments": [shop.ship(shop.order())["id"]],
            "refunds": [shop.good("POST", "/refunds", body)["id"]],
            "returns": [shop.good("POST", "/returns", back)["id"]],
            "events": [shop.events()[0]["id"]],
            "webhooks": [shop.good("POST", "/webhooks", hook)["id"]],
            "file-links": [shop.good("POST", "/file-links", link)["id"]],
            "files": [file_id],
            "tax-identifiers": [shop.good("POST", "/tax-identifiers", tax_id)["id"]],
        }
        self.inside = {"sourceId": card["id"], "taxId": self.known["tax-identifiers"][0]}
        self.references = {
            "orderId": [order["id"], open_order["id"]],
            "checkoutId": [checkout["id"]],
            "skuId": ["mug"],
            "itemId": [line["id"] for each in (order, open_order) for line in each["items"]],
            "fileId": [file_id],
            "customerId": ["c1"],
            "paymentSessionId": [checkout["payment"]["session"]["id"]],
        }  # fmt: skip

    def aimed(self, value: Any, draw: st.DataObject) -> Any:
        """The body with its references pointed at things that exist."""
        if isinstance(value, list):
            return [self.aimed(each, draw) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            key: draw.draw(st.sampled_from(self.references[key]))
            if key in self.references and isinstance(each, str)
            else self.aimed(each, draw)
            for key, each in value.items()
        }


@pytest.fixture(scope="module")
def world() -> World:
    """One world for all operations: requests meet what earlier ones left."""
    return World()


def request_of(case: Case[Any], world: World, data: st.DataObject) -> Request:
    """A generated case as a request; half of them are aimed at what exists."""
    aim = data.draw(st.booleans(), label="aimed")
    names = case.operation.path.strip("/").split("/")
    if aim and case.path_parameters:
        known = world.known[names[0]]
        for name in case.path_parameters:
            case.path_parameters[name] = (
                world.inside[name] if name in world.inside else data.draw(st.sampled_from(known))
            )
    sent = case.as_transport_kwargs(base_url="http://sandbox")
    url = urlsplit(sent["url"])
    params = sent.get("params") or {}
    pairs = [
        (name, str(each))
        for name, value in params.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    body = sent.get("json")
    if aim and body is not None:
        body = world.aimed(body, data)
    headers = {"authorization": "Bearer sk_test_sandbox"}
    query = [*parse_qsl(url.query, keep_blank_values=True), *pairs]
    return Request(sent["method"], url.path, query, headers, b"" if body is None else encode(body))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_generated_requests_get_documented_answers(
    world: World, operation: Any, mode: GenerationMode
) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def run(case: Case[Any], data: st.DataObject) -> None:
        request = request_of(case, world, data)
        answer = world.shop.world.handle(request)
        assert answer.status < 500, (request, answer)
        if "\x00" not in request.path and "//" not in request.path:
            assert broken(request.method, request.path, answer.status, answer.body) == [], request
        if answer.status < 300 and request.body:
            taken = json.loads(request.body)
            assert request_errors(request.method, request.path, taken) == [], request

    run()
    assert world.shop.world.check() == []


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[str]:
    """The same world at an address."""
    with run_in_thread(world.shop.world) as sandbox:
        yield sandbox.url


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_served_sandbox_keeps_the_contract(
    served: str, operation: Any, mode: GenerationMode
) -> None:
    """Over HTTP, judged by the generator's own checks."""
    # "an empty array for unknown input", says the contract itself
    lenient = [negative_data_rejection] if operation.path == "/country-specs" else []
    checks = [each for each in CHECKS if each not in lenient]

    @settings(max_examples=4, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case[Any]) -> None:
        headers = {"Authorization": "Bearer sk_test_sandbox"}
        answer = case.call(base_url=served, headers=headers)
        case.validate_response(answer, checks=checks)
        assert answer.status_code < 500

    run()
