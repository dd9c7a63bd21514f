"""The sandbox's HTTP front: carries bytes between a socket and the world. Decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette

from posapp.sandbox import form
from posapp.sandbox.routes import is_api
from posapp.sandbox.wire import Request, Response, problem
from posapp.sandbox.world import World

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 1024 * 1024


def app(world: World, sleep: Sleep = asyncio.sleep) -> App:
    """The whole front of one world: the API and the payment form."""
    pages = Starlette(routes=form.routes(world.form))

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if not path.startswith(("/v1/", "/payments/")) or is_api(path):
            await _api(world, sleep, scope, receive, send)
        else:
            await pages(scope, receive, send)

    return front


async def _api(world: World, sleep: Sleep, scope: Scope, receive: Receive, send: Send) -> None:
    body = await _body(receive)
    if body is None:
        answer = world.refuse(problem(400, "invalid_format", "Too long.", "body"))
    else:
        answer = world.handle(_request(scope, body))
    await _deliver(answer, sleep, send)


async def _body(receive: Receive) -> bytes | None:
    """The request's body, None when it is larger than any call of this API."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= LARGEST_BODY else None
    pieces, size = [body], len(body)
    while message.get("more_body") and message["type"] == "http.request":
        message = await receive()
        size += len(message.get("body", b""))
        if size <= LARGEST_BODY:
            pieces.append(message.get("body", b""))
    return b"".join(pieces) if size <= LARGEST_BODY else None


def _request(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = _query(scope["query_string"])
    return Request(scope["method"], scope["path"], query, headers, body)


@lru_cache(maxsize=256)  # who polls asks the same again
def _query(raw: bytes) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(raw.decode("latin-1"), keep_blank_values=True))


async def _deliver(answer: Response, sleep: Sleep, send: Send) -> None:
    delivery = answer.delivery
    if delivery.delay_s:
        await sleep(delivery.delay_s)
    if delivery.lost:
        _hang_up(send)
        return
    await send(
        {"type": "http.response.start", "status": answer.status, "headers": _headers(answer)}
    )
    body = answer.body[: len(answer.body) // 2] if delivery.cut else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": delivery.cut})
    if delivery.cut:
        _hang_up(send)


def _headers(answer: Response) -> list[tuple[bytes, bytes]]:
    pairs = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()
    ]
    if answer.status != 204:
        pairs.append((b"content-length", str(len(answer.body)).encode()))
    return pairs


def _hang_up(send: Send) -> None:
    """Ends the connection as a broken line would; ASGI itself has no word for that."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.close()
