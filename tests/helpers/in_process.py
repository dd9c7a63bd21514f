"""The sandbox as a transport: the program's own HTTP client, no socket, answers lost as the world
says.
"""

from __future__ import annotations

import httpx

from posapp.sandbox.wire import Request
from posapp.sandbox.world import World


class WorldTransport(httpx.AsyncBaseTransport):
    """Hands each request to the world and its answer back, late, cut or lost as told.

    `is_down` refuses every connection, as a cut cable does.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.is_down = False
        self.calls: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one call."""
        if self.is_down:
            raise httpx.ConnectError("the cable is cut", request=request)
        self.calls.append(f"{request.method} {request.url.path}")
        answer = self.world.handle(
            Request(
                request.method,
                request.url.path,
                tuple(request.url.params.multi_items()),
                {name.lower(): value for name, value in request.headers.items()},
                await request.aread(),
            )
        )
        if answer.delivery.lost:
            raise httpx.ReadTimeout("the answer is lost", request=request)
        body = answer.body
        if answer.delivery.cut:
            body = body[: len(body) // 2]
        return httpx.Response(answer.status, headers=dict(answer.headers), content=body)
