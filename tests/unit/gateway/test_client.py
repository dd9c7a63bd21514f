"""The client: what travels with each call, what is repeated, what is written into the log."""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from datetime import UTC, datetime

import httpx
import pytest

from posapp.gateway.budget import Budget, Priority
from posapp.gateway.client import Client
from posapp.gateway.errors import Garbled, LostAnswer, RateLimited
from posapp.gateway.requests import UnsafeAddress, check_address, filled_path
from tests.helpers.clock import FakeClock
from tests.unit.gateway.service import PaperService, page, refused, sample


async def test_every_call_carries_key_version_and_trace(service: PaperService) -> None:
    service.answer(sample("Order"))
    river = service.river()
    await river.orders.get("1")
    await river.orders.get("1")
    first, second = (request.headers for request in service.requests)
    assert first["authorization"] == "Bearer sk_test_sandbox"
    assert first["digitalriver-version"] == "2021-12-13"
    assert first["content-type"] == "application/json"
    assert first["upstream-application-id"].startswith("posapp/")
    assert uuid.UUID(first["upstream-session-id"]).version == 4
    assert first["upstream-session-id"] == second["upstream-session-id"]
    assert first["upstream-id"] != second["upstream-id"]


async def test_a_read_is_tried_once_more_and_then_told(service: PaperService) -> None:
    service.answer(httpx.ReadTimeout("slow"), httpx.Response(200, json=sample("Order")))
    order = await service.river().orders.get("700100200301")
    assert order.id == "700100200301"
    assert len(service.requests) == 2
    assert 0.2 <= service.clock.slept[0] <= 0.5


async def test_a_write_is_never_repeated(service: PaperService) -> None:
    service.answer(httpx.ReadTimeout("slow"), httpx.Response(201, json=sample("Order")))
    with pytest.raises(LostAnswer):
        await service.river().orders.create("checkout-1")
    assert service.lines == ["POST /orders"]


async def test_a_read_waits_out_a_short_quiet(service: PaperService) -> None:
    too_many = httpx.Response(429, headers={"Retry-After": "3"})
    service.answer(too_many, httpx.Response(200, json=sample("Order")))
    await service.river().orders.get("1")
    assert service.clock.monotonic() >= 3
    assert len(service.requests) == 2


async def test_a_clerk_is_told_when_the_quiet_is_long(service: PaperService) -> None:
    service.answer(httpx.Response(429, headers={"Retry-After": "120"}), sample_order())
    river = service.river()
    with pytest.raises(RateLimited) as first:
        await river.orders.get("1")
    with pytest.raises(RateLimited) as second:
        await river.orders.create("checkout-1")
    assert first.value.retry_after_s == 120
    assert first.value.sent
    assert second.value.path == "/orders"
    assert second.value.retry_after_s == pytest.approx(120, abs=1)
    assert not second.value.sent  # held back here: one more call would only be refused
    assert len(service.requests) == 1
    service.clock.turn(120)
    assert (await river.orders.get("1")).id


def sample_order() -> httpx.Response:
    """Return an order."""
    return httpx.Response(200, json=sample("Order"))


async def test_the_feed_waits_longer_than_a_clerk(service: PaperService) -> None:
    service.answer(
        httpx.Response(429, headers={"Retry-After": "120"}),
        httpx.Response(200, json=page(sample("Event"))),
    )
    got = await service.river().events.page()
    assert len(got.events) == 1
    assert service.clock.monotonic() >= 120


async def test_one_429_quiets_every_client_of_the_key(service: PaperService) -> None:
    budget = Budget(service.clock)
    service.answer(httpx.Response(429, headers={"Retry-After": "60"}))
    with pytest.raises(RateLimited):
        await service.river(budget=budget).orders.get("1")
    with pytest.raises(RateLimited) as held:
        await service.river(budget=budget).orders.create("checkout-1")
    assert not held.value.sent
    assert len(service.requests) == 1


async def test_a_body_that_drips_for_ever_has_an_end() -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.get_running_loop().create_future()
        return httpx.Response(200)

    client = Client(
        base_url="https://service.test",
        secret_key="sk_test_x",
        clock=FakeClock(running=True),
        rng=random.Random(1),
        transport=httpx.MockTransport(never),
    )
    with pytest.raises(LostAnswer) as caught:
        await client.write("POST", "/orders", dict, body="{}", limit_s=0.02)
    assert caught.value.in_doubt
    await client.aclose()


async def test_orders_get_a_minute_and_others_twenty_seconds(service: PaperService) -> None:
    service.answer(httpx.Response(201, json=sample("Order")))
    river = service.river()
    await river.orders.create("checkout-1", limit_s=3)
    assert service.last.extensions["timeout"]["read"] == 60
    await river.orders.get("1")
    assert service.last.extensions["timeout"] == {
        "connect": 5.0,
        "read": 20.0,
        "write": 20.0,
        "pool": 10.0,
    }


async def test_the_log_holds_the_template_and_nothing_private(
    service: PaperService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="posapp")
    service.answer(
        httpx.Response(200, json=page(), headers={"x-dr-requestid": "req-7"}),
    )
    river = service.river()
    await river.customers.find(email="anna@example.com")
    service.answer(refused(409, "failed-request", "", "Anna's card was refused."))
    with pytest.raises(Exception, match="PaymentDeclined"):
        await river.orders.create("checkout-secret")
    said = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("posapp"))
    assert "GET /customers 200" in said
    assert "req-7" in said
    assert "POST /orders 409" in said
    assert "failed-request" in said  # staff need it, and the log is theirs
    for private in ("anna@", "Anna", "sk_test", "checkout-secret", "127.0.0.1"):
        assert private not in said


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("https://api.digitalriver.com", False),
        ("https://127.0.0.1:8443", True),
        ("http://127.0.0.1:8787", True),
        ("http://127.8.9.1/base", True),
        ("http://[::1]:8787", True),
        ("http://localhost:8787", True),
    ],
)
def test_an_address_is_https_or_this_computer(address: str, loopback: bool) -> None:
    assert check_address(address) is loopback


@pytest.mark.parametrize(
    "address",
    [
        "http://api.digitalriver.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://10.0.0.5:8787",
        "ftp://127.0.0.1",
        "https://user:pass@api.digitalriver.com",
        "api.digitalriver.com",
        "https://",
        "",
    ],
)
def test_a_key_never_leaves_in_clear_text(address: str) -> None:
    with pytest.raises(UnsafeAddress):
        Client(base_url=address, secret_key="sk_x", clock=FakeClock(), rng=random.Random(1))


@pytest.mark.parametrize("key", ["", "   ", "sk_\n_x", "sk_ü"])
def test_what_is_no_key_is_refused_before_a_call(key: str, service: PaperService) -> None:
    with pytest.raises(ValueError, match="secret key"):
        service.client(key=key)


@pytest.mark.parametrize(
    ("address", "key", "calls_per_s"),
    [
        ("https://api.example.com", "sk_test_1", 25),
        ("https://api.example.com", "sk_live", 250),
        ("http://127.0.0.1:8787", "sk_test_1", 250),
    ],
)
def test_a_till_knows_the_limit_of_its_key(address: str, key: str, calls_per_s: int) -> None:
    client = Client(base_url=address, secret_key=key, clock=FakeClock(), rng=random.Random(1))
    assert client.budget.calls_per_s == calls_per_s


def test_ids_are_quoted_into_the_path() -> None:
    path = filled_path("/customers/{id}/sources/{sourceId}", {"id": "a/../b", "sourceId": "x?y"})
    assert path == "/customers/a%2F..%2Fb/sources/x%3Fy"
    with pytest.raises(ValueError, match="empty id"):
        filled_path("/orders/{id}", {"id": ""})


async def test_a_list_is_read_to_its_end(service: PaperService) -> None:
    service.answer(
        page({"id": "s3", "name": "C"}, {"id": "s2", "name": "B"}, more=True),
        page({"id": "s1", "name": "A"}),
    )
    found = await service.river().skus.list()
    assert [sku.id for sku in found] == ["s3", "s2", "s1"]
    assert service.lines == ["GET /skus?limit=100", "GET /skus?limit=100&startingAfter=s2"]


@pytest.mark.parametrize(
    "answer",
    [
        page({"id": "s1", "name": "A"}, more=True),  # the same page for ever
        page(more=True),
        {"hasMore": False},
        {"hasMore": False, "data": None},
        {"data": ["not an object"]},
        page({"name": "no id"}),
    ],
)
async def test_a_list_that_cannot_be_trusted_is_no_proof(
    service: PaperService, answer: dict[str, object]
) -> None:
    service.answer(answer)
    with pytest.raises(Garbled):
        await service.river().skus.list(priority=Priority.SALE)


async def test_reach_tells_the_services_time(service: PaperService) -> None:
    date = {"date": "Mon, 02 Mar 2026 09:00:07 GMT"}
    service.answer(httpx.Response(200, json=page(), headers=date))
    reach = await service.river().reach()
    assert reach.service_time == datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC)
    service.answer(httpx.Response(200, json=page(), headers={"date": "noon"}))
    assert (await service.river().reach()).service_time is None


async def test_the_river_closes_its_connections(service: PaperService) -> None:
    service.answer(page())
    async with service.river() as river:
        await river.reach()
    with pytest.raises(RuntimeError):
        await river.reach()
