"""The sandbox's control port, for training and the demo. Never used against a real service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from posapp.gateway.errors import TrainingControlFailed
from posapp.gateway.requests import check_address

LIMIT_S = 5.0


class SandboxControl:
    """Orders outcomes, troubles and time of the sandbox; loopback only, with the token it was
    started with.
    """

    def __init__(
        self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        if not check_address(url):
            raise ValueError("the control port is on this computer or nowhere")
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, trust_env=False, timeout=LIMIT_S, transport=transport
        )

    async def send(self, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Send one command of docs/sandbox.md and return the answer.

        Raises TrainingControlFailed when nobody listens or the sandbox does not take it.
        """
        try:
            answer = await self._http.post(path, json=dict(body or {}))
        except httpx.HTTPError as error:
            raise TrainingControlFailed(
                method="POST", path=path, reason=type(error).__name__
            ) from error
        if not answer.is_success:
            raise TrainingControlFailed(
                method="POST", path=path, status=answer.status_code, reason=answer.text[:200]
            )
        told: dict[str, Any] = answer.json()
        return told

    async def next(self, outcome: str, **how: object) -> None:
        """Let the next order end so: accepted, declined, in_review, blocked … (docs/sandbox.md)."""
        await self.send("/next", {"outcome": outcome, **how})

    async def order(self, *lines: str) -> str:
        """Let somebody at home buy, such as "MUG-WHT x 3"; returns the order's id."""
        return str((await self.send("/order", {"lines": list(lines)}))["order"])

    async def aclose(self) -> None:
        """Close the connection."""
        await self._http.aclose()
