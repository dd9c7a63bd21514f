"""The control port: commands over HTTP (docs/sandbox.md). Loopback, its own port, its own token.

Never part of the API's own paths: what a real service could not do must not be reachable there.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posapp.sandbox.commands import COMMANDS, Work
from posapp.sandbox.lifecycle import IllegalMove
from posapp.sandbox.orderslip import Refused, Slip
from posapp.sandbox.wire import Problem, encode
from posapp.sandbox.world import World

LARGEST_BODY = 64 * 1024


def app(world: World, token: str) -> Starlette:
    """The control app of one world; every call carries `Authorization: Bearer <token>`."""

    def endpoint(work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            sent = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(sent.encode(), token.encode()):
                return JSONResponse({"error": "The control token is missing or wrong."}, 401)
            return await _answer(world, work, request)

        return answer

    return Starlette(
        routes=[Route(path, endpoint(work), methods=["POST"]) for path, work in COMMANDS.items()]
    )


async def _answer(world: World, work: Work, request: Request) -> Response:
    try:
        raw = await request.body()
        body: Any = json.loads(raw) if raw.strip() and len(raw) <= LARGEST_BODY else {}
    except (ValueError, RecursionError):
        return JSONResponse({"error": "The body is not JSON."}, 400)
    if not isinstance(body, dict) or len(raw) > LARGEST_BODY:
        return JSONResponse({"error": "The body is a JSON object, 64 KiB at most."}, 400)
    try:
        return Response(encode(work(world, Slip(body))), media_type="application/json")
    except (Refused, IllegalMove) as refused:
        return JSONResponse({"error": str(refused)}, 400)
    except Problem as refused:
        return Response(encode(refused.body), refused.status, media_type="application/json")
