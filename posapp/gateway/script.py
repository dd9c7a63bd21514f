"""Whether the payment form's script is where the till looks for it. Sends no key, runs nothing."""

from __future__ import annotations

import httpx

from posapp.gateway.errors import GatewayError, LostAnswer, NotFound, Offline
from posapp.gateway.requests import check_address

SCRIPT = "DigitalRiver.js"
_LIMIT_S = 10.0


async def look_for_script(folder: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
    """Return once the script's address answers well (drop-in 1).

    Raises UnsafeAddress, Offline, NotFound, LostAnswer.
    """
    check_address(folder)
    path = f"/{SCRIPT}"
    async with httpx.AsyncClient(
        transport=transport, timeout=_LIMIT_S, follow_redirects=True
    ) as client:
        try:
            answer = await client.get(f"{folder.rstrip('/')}{path}")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise Offline(method="GET", path=path, reason=type(error).__name__) from error
        except httpx.HTTPError as error:
            raise LostAnswer(method="GET", path=path, reason=type(error).__name__) from error
    if not answer.is_success:
        raise _refused(answer.status_code, path)


def _refused(status: int, path: str) -> GatewayError:
    if status >= 500:
        return LostAnswer(method="GET", path=path, status=status)
    return NotFound(method="GET", path=path, status=status)
