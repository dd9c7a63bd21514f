"""Carries webhook posts to their subscribers on this machine, with a token where one is asked for.

Blocking; never calls any other machine (contract section 14).
"""

from __future__ import annotations

import http.client
import logging
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec

from posapp.sandbox.webhooks import LOOPBACK, Delivery
from posapp.sandbox.wire import Json, decode

log = logging.getLogger(__name__)

LIMIT_S = 3.0  # contract section 14
LARGEST_ANSWER = 64 * 1024


class Unreachable(Exception):
    """A subscriber, or the place that gives its tokens, did not do its part."""


def carry(delivery: Delivery) -> bool:
    """One webhook post: any 2xx within three seconds is good, a redirect is not."""
    try:
        headers = dict(delivery.headers)
        if delivery.oauth is not None:
            headers["Authorization"] = f"Bearer {_token(delivery.oauth)}"
        status, _body = _post(delivery.address, delivery.body, headers)
    except Unreachable as failed:
        log.info("webhook %s was not reached: %s", delivery.webhook, failed)
        return False
    return 200 <= status < 300


def _token(oauth: Json) -> str:
    """An access token of the subscriber's own place; raises Unreachable."""
    form = {
        "grant_type": oauth.get("grantType", "client_credentials"),
        "client_id": oauth["clientID"],
        "client_secret": oauth["clientSecret"],
    }
    for ours, theirs in (("username", "userName"), ("password", "password")):
        if theirs in oauth:
            form[ours] = oauth[theirs]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    status, body = _post(oauth["tokenEndPoint"], urlencode(form).encode(), headers)
    try:
        answer = decode(body)
    except (msgspec.DecodeError, RecursionError):
        answer = None
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if status != 200 or not isinstance(token, str):
        raise Unreachable(f"no token from its token end point (status {status})")
    return token


def _post(address: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    try:
        parts = urlsplit(address)
        if parts.hostname not in LOOPBACK:
            raise Unreachable(f"{parts.hostname} lies outside this machine and is not called")
        connection = _connection(parts)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(LARGEST_ANSWER)
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as failed:
        raise Unreachable(str(failed)) from None


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=LIMIT_S)
