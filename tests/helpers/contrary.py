"""A service that keeps the contract and nothing else: other ids, extra fields, float noise,
unknown events, slow answers, quantities as texts, another card form.

It stands before a sandbox and changes what passes: `python -m tests.helpers.contrary URL`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from dataclasses import dataclass, field
from socket import socket
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SLOW_S = 0.12
"""How long every answer of the API takes here."""
RENAMED = {"card-number": "pan", "card-expiry": "valid-thru", "card-cvv": "secret-digits"}
"""The fields of the card form, by the sandbox's names; a person would find them by looking."""
PREFIX = "zz-"
READY = "contrary ready "

_IDS = frozenset({"id", "orderId", "checkoutId", "chargeId", "itemId", "fulfillmentId"})
_NOT_OURS = ("src_", "card_")
_FORM = ("/v1", "/form", "/payments")
_ALIAS = re.compile(rf"{PREFIX}(?=[0-9A-Za-z])")


@dataclass
class Contrary:
    """The changes, and what was seen: `sparkles` counts unknown events handed out."""

    upstream: httpx.AsyncClient
    sparkles: int = 0
    aliased: set[str] = field(default_factory=set)

    async def answer(self, request: Request) -> Response:
        """Pass a request on and change what comes back."""
        is_form = request.url.path.startswith(_FORM)
        if not is_form:
            await _think()
        told = await self.upstream.request(
            request.method,
            self._real(request.url.path + (f"?{request.url.query}" if request.url.query else "")),
            content=self._real((await request.body()).decode()).encode(),
            headers=[
                (k, v) for k, v in request.headers.items() if k not in ("host", "content-length")
            ],
        )
        kept = {
            name: value
            for name, value in told.headers.items()
            if name
            not in ("content-length", "transfer-encoding", "content-encoding", "date", "server")
        }
        body = told.content
        if is_form:
            body = self._other_form(request.url.path, body)
        elif "json" in told.headers.get("content-type", "") and body:
            body = self._other_words(request.url.path, body)
        return Response(body, told.status_code, kept)

    def _real(self, text: str) -> str:
        return _ALIAS.sub("", text)

    def _other_words(self, path: str, body: bytes) -> bytes:
        held = json.loads(body)
        if path == "/events" and isinstance(held, dict) and isinstance(held.get("data"), list):
            held["data"].insert(len(held["data"]) // 2, self._unknown_event(held["data"]))
        return json.dumps(self._changed(held, "")).encode()

    def _unknown_event(self, others: list[dict[str, Any]]) -> dict[str, Any]:
        self.sparkles += 1
        at = others[0]["createdTime"] if others else "2026-01-01T00:00:00Z"
        thing = {"id": "sparkle-1", "object": "glitter", "amount": 1.0}
        return {
            "id": "evt-sparkle",
            "type": "order.sparkled",
            "createdTime": at,
            "liveMode": False,
            "data": {"object": thing},
            "webhooks": [],
        }

    def _changed(self, value: Any, key: str, inside: str = "") -> Any:
        if isinstance(value, dict):
            if key in ("metadata", "session", "sellingEntity", "product", "skuDetails"):
                return value
            made = {name: self._changed(held, name, key) for name, held in value.items()}
            made["vendorExtension"] = {"note": "ignore me", "list": [1, None, {"deep": True}]}
            return made
        if isinstance(value, list):
            return [self._changed(held, key, inside) for held in value]
        if isinstance(value, str):
            return (
                self._alias(value) if key in _IDS and inside not in ("sources", "source") else value
            )
        if isinstance(value, float) and not isinstance(value, bool) and value != int(value):
            return value + 4e-10
        if key == "quantity" and isinstance(value, int):
            return str(value)
        return value

    def _alias(self, value: str) -> str:
        if not value or value.startswith(PREFIX) or value.startswith(_NOT_OURS):
            return value
        self.aliased.add(value)
        return PREFIX + value

    def _other_form(self, path: str, body: bytes) -> bytes:
        if not path.startswith("/v1/form/card") and "frame.css" not in path:
            return body
        text = body.decode()
        for theirs, ours in RENAMED.items():
            text = text.replace(theirs, ours)
        return text.encode()


async def _think() -> None:
    """Take one's time: slowness is what this service is like, nobody waits for it to be over."""
    loop = asyncio.get_running_loop()
    thought: asyncio.Future[None] = loop.create_future()
    loop.call_later(SLOW_S, thought.set_result, None)
    await thought


def application(sandbox: str) -> Starlette:
    """Return the service that stands before this sandbox."""
    contrary = Contrary(httpx.AsyncClient(base_url=sandbox, timeout=60, trust_env=False))
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Starlette(routes=[Route("/{path:path}", contrary.answer, methods=methods)])


class _Server(uvicorn.Server):
    """Says where it listens as soon as it does."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Uvicorn's override."""
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        sys.stdout.write(f"{READY}http://127.0.0.1:{port}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _Server(
        uvicorn.Config(application(sys.argv[1]), port=0, log_level="error", lifespan="off")
    ).run()
