"""Callers that send rubbish, and many at once: the documented error body, and the books agree."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from posapp.sandbox.server import Running, run_in_thread
from posapp.sandbox.wire import STATUS_TYPES, Request, encode
from posapp.sandbox.world import World
from tests.contract.answers import contract, schema
from tests.unit.sandbox.shop import Shop

Json = dict[str, Any]
KEY = {"authorization": "Bearer sk_test_sandbox"}
JSON = KEY | {"content-type": "application/json"}


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A sandbox on a free port."""
    world = World()
    with run_in_thread(world) as running:
        yield running
    assert world.check() == []
    world.close()


@pytest.fixture(scope="module")
def line(served: Running) -> Iterator[httpx.Client]:
    """A client without a key; safe to share between threads."""
    with httpx.Client(base_url=served.url, timeout=30) as client:
        yield client


def is_documented(answer: httpx.Response) -> bool:
    """Whether a refusal has the body and type that the contract gives to its status."""
    body = answer.json()
    schema("Error").validate(body)
    named = body["type"] == STATUS_TYPES[answer.status_code]
    plain = "Traceback" not in answer.text and "posapp" not in answer.text
    return named and plain and bool(answer.headers["x-dr-requestid"])


WRITES = [
    (method.upper(), path.replace("{", "").replace("}", ""))
    for path, item in contract()["paths"].items()
    for method, spec in item.items()
    if method != "parameters" and "requestBody" in spec
]
RUBBISH = [
    b"{", b"[]", b"null", b'"text"', b"\xff\xfe\x00", b"[" * 50_000, b'{"a":' * 20_000, b"1e999",
    b'{"a":"\\ud800"}', b'{"a":NaN}', b"<xml/>", b'{"\\u0000":1}', b'{"items":{}}', b'{"id":[]}',
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_rubbish_instead_of_json(line: httpx.Client, method: str, path: str) -> None:
    for body in RUBBISH:
        answer = line.request(method, path, content=body, headers=JSON)
        assert 400 <= answer.status_code < 500, (body[:30], answer.text)
        assert is_documented(answer), body[:30]


@pytest.mark.parametrize(
    "kind", ["text/html", "application/xml", "multipart/form-data; boundary=x", "application/pdf",
             "application/x-www-form-urlencoded"],
)  # fmt: skip
def test_only_json_is_read(line: httpx.Client, kind: str) -> None:
    headers = KEY | {"content-type": kind}
    answer = line.post("/customers", content=b"{}", headers=headers)
    first = answer.json()["errors"][0]
    assert (answer.status_code, first["code"], first["parameter"]) == (
        400, "invalid_format", "Content-Type",
    )  # fmt: skip
    for good in (
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/merge+json",
        "text/plain",
    ):
        headers = KEY | {"content-type": good}
        assert line.post("/customers", content=b"{}", headers=headers).is_success


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 8 * 1024 * 1024])
@pytest.mark.parametrize("chunked", [True, False])
def test_giant_bodies(line: httpx.Client, size: int, chunked: bool) -> None:
    body = b'{"email":"' + b"a" * size + b'"}'
    content: Any = iter([body[:1000], body[1000:]]) if chunked else body
    answer = line.post("/customers", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_format")
    assert is_documented(answer)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_methods_nobody_offers(line: httpx.Client, method: str) -> None:
    answer = line.request(method, "/orders", headers=KEY)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert is_documented(answer)


@pytest.mark.parametrize(
    "id_",
    ["gone", "a" * 5000, "%00", "%2F", "..%2f..%2fetc", "%FF%FE", "'; DROP TABLE \"order\"; --",
     "ordre%20été", "😀", "-1", "0", "null", "{id}", "%25", "a%0d%0aX: y"],
)  # fmt: skip
@pytest.mark.parametrize(
    "root", ["customers", "skus", "orders", "checkouts", "charges", "events", "files", "webhooks"]
)
def test_ids_that_cannot_be(line: httpx.Client, root: str, id_: str) -> None:
    answer = line.get(f"/{root}/{id_}", headers=KEY)
    assert answer.status_code == 404
    assert is_documented(answer)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x y", "Basic", "Basic =", "Basic ////", "Digest x", "Bearer sk_live_x",
     "Bearer " + "k" * 8000, "Basic OnNrX3Rlc3Rfc2FuZGJveA==", "bearer\tsk_test_sandbox"],
)  # fmt: skip
def test_keys_that_open_nothing(line: httpx.Client, header: str) -> None:
    answer = line.get("/orders", headers={"authorization": header} if header else {})
    assert answer.status_code == 401
    assert is_documented(answer)


def test_queries_that_make_no_sense(line: httpx.Client) -> None:
    for query in (
        "limit=0", "limit=101", "limit=ten", "limit=", "limit=%D9%A1", "startingAfter=gone", "a=b",
        "createdTime[gt]=%00", "createdTime[gt]=0000-00-00", "totalAmount=NaN", "%FF=%FE", "state=",
        "totalAmount[gte]=1e99", "createdTime[gt]=9999-12-31T23:59:59%2B99:99", "limit=1&limit[]=2",
        "ids[0]=1", "state=accepted%00", "[gt]=1", "=", "expand=perhaps",
    ):  # fmt: skip
        answer = line.get(f"/orders?{query}", headers=KEY)
        assert answer.status_code in (200, 400), (query, answer.text)
        assert answer.status_code == 200 or is_documented(answer), query


def raw(served: Running, data: bytes) -> bytes:
    """What the port answers to bytes that no HTTP client would send."""
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(65536):
            found += piece
        return found


@pytest.mark.parametrize(
    "data",
    [b"", b"\x16\x03\x01", b"GET\r\n\r\n", b"GET /orders HTTP/9.9\r\n\r\n", b"A" * 100_000,
     b"POST /customers HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{",
     b"POST /customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
)  # fmt: skip
def test_bytes_that_are_no_http(served: Running, data: bytes) -> None:
    assert b"Traceback" not in raw(served, data)
    assert httpx.get(f"{served.url}/orders", headers=KEY).status_code == 200


# -- many at once -------------------------------------------------------------------------------


def at_once(count: int, work: Callable[[int], int]) -> Counter[int]:
    """The statuses of many calls made at the same time."""
    with ThreadPoolExecutor(16) as pool:
        return Counter(pool.map(work, range(count)))


def post(line: httpx.Client, path: str, body: Any) -> int:
    """The status of one POST."""
    return line.post(path, content=encode(body), headers=JSON).status_code


def test_one_checkout_becomes_one_order(served: Running, line: httpx.Client) -> None:
    shop = Shop()
    shop.world = served.world
    checkout = shop.funded()
    body = {"checkoutId": checkout["id"]}
    assert at_once(32, lambda _: post(line, "/orders", body)) == {201: 1, 404: 31}
    assert len(shop.good("GET", "/orders", checkoutId=checkout["id"])["data"]) == 1


def test_no_unit_ships_twice(served: Running, line: httpx.Client) -> None:
    shop = Shop()
    shop.world = served.world
    order = shop.order({"skuId": "mug", "quantity": 10, "price": 3})
    unit = {"itemId": order["items"][0]["id"], "quantity": 1}
    body = {"orderId": order["id"], "items": [unit]}
    assert at_once(40, lambda _: post(line, "/fulfillments", body))[201] == 10
    shop.turn(10)
    shown = shop.read(order)
    assert (shown["state"], shown["capturedAmount"]) == ("complete", order["totalAmount"])
    refund = {"orderId": order["id"], "currency": "USD", "percent": 100}
    assert at_once(20, lambda _: post(line, "/refunds", refund)) == {201: 1, 400: 19}


def test_an_id_is_taken_by_one(line: httpx.Client) -> None:
    body = {"id": "everybody-wants-me"}
    assert at_once(32, lambda _: post(line, "/customers", body)) == {201: 1, 409: 31}


def test_threads_share_a_world_without_a_socket() -> None:
    world = World()

    def work(number: int) -> int:
        body = json.dumps({"id": f"c{number % 20}"}).encode()
        made = world.handle(Request("POST", "/customers", (), KEY, body)).status
        world.turn(0.01)
        world.handle(Request("GET", "/events", (), KEY))
        return made

    assert at_once(200, work) == {201: 20, 409: 180}
    assert world.check() == []
    world.close()
