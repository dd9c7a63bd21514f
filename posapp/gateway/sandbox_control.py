"""The sandbox's control port, for training and the demo. Never used against a real service."""

from __future__ import annotations

import httpx

from posapp.gateway.requests import check_address


class SandboxControl:
    """Asks the sandbox for the next outcome; loopback only, with the token it was started with."""

    def __init__(self, url: str, token: str) -> None:
        if not check_address(url):
            raise ValueError("the control port is on this computer or nowhere")
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, trust_env=False)

    async def next(self, outcome: str, **how: object) -> None:
        """Let the next order end so: accepted, declined, in_review, blocked … (docs/sandbox.md).

        Raises httpx.HTTPError when the sandbox does not take it.
        """
        answer = await self._http.post("/next", json={"outcome": outcome, **how})
        answer.raise_for_status()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._http.aclose()
