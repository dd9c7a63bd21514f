"""Which addresses the program may talk to. Never opens a connection."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


class UnsafeUrl(ValueError):
    """An address that would send keys or payment pages in clear text, or that is none at all."""


def is_loopback(host: str) -> bool:
    """Say whether the host is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_https_outside_loopback(url: str) -> str:
    """Return the address without a trailing slash. Raises UnsafeUrl (design 3, 12)."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnsafeUrl(f"not an address: {error}") from error
    if not host or parts.username is not None or parts.fragment:
        raise UnsafeUrl("not an address of a service, such as https://api.example.com")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return url.rstrip("/")
    raise UnsafeUrl("only https is allowed outside this computer")
