"""Which addresses the payment page, its frames and its popup may reach. Never knows Qt.

The tiers of drop-in.md 6.3: a challenge of the buyer's bank may come from any public https host.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

VENDOR_ORIGINS: Final = (
    "https://js.digitalriverws.com",
    "https://js.digitalriver.com",
    "https://api.digitalriverws.com",
    "https://api.digitalriver.com",
)
VENDOR_IMAGES: Final = "https://ui1.img.digitalrivercontent.net"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_PRIVATE_ENDINGS: Final = (
    ".local",
    ".localhost",
    ".internal",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
)


class Asked(StrEnum):
    """What kind of thing is asked for."""

    MAIN_FRAME = "main_frame"
    SUB_FRAME = "sub_frame"
    RESOURCE = "resource"


def origin_of(url: str) -> str:
    """`scheme://host[:port]` of an http(s) address, default ports left out; '' for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    plain = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if plain else f"{parts.scheme}://{host}:{port}"


def is_loopback(url: str) -> bool:
    """Whether the address names this machine."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public_https(url: str) -> bool:
    """Whether the address is https at a public name or number: no printer, no till, no sandbox.

    A public name that resolves to a private number is not caught.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme != "https" or not host or parts.username or parts.password:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        pass
    last = host.rpartition(".")[2]
    numeric = last.isdecimal() or last.startswith("0x")  # a number spelt otherwise: 127.1
    return "." in host and not numeric and not f".{host}".endswith(_PRIVATE_ENDINGS)


def payment_origins(script_folder: str, api_url: str) -> tuple[str, ...]:
    """The origins our page trusts: the two settings', and the vendor's unless both are loopback.

    Raises ValueError for an address that is neither https nor loopback.
    """
    origins = [origin_of(script_folder), origin_of(api_url)]
    for origin in origins:
        if not origin.startswith("https://") and not is_loopback(origin):
            raise ValueError("the payment form's addresses must be https, or this machine's own")
    if not all(is_loopback(origin) for origin in origins):
        origins.extend(VENDOR_ORIGINS)
    return tuple(dict.fromkeys(origins))


@dataclass(frozen=True, slots=True)
class RequestRules:
    """The tiers for one payment: `page` is our page's origin, `allowed` what it may use."""

    page: str
    allowed: frozenset[str]

    @classmethod
    def of(cls, page_url: str, allowed_origins: Iterable[str]) -> RequestRules:
        """Rules for the page at `page_url`. Raises ValueError when that is no http(s) address."""
        page = origin_of(page_url)
        if not page:
            raise ValueError("the payment page has no http(s) address")
        return cls(page, frozenset(origin_of(origin) for origin in allowed_origins) - {""})

    def allows(self, url: str, *, initiator: str, asked: Asked) -> bool:
        """Whether a document of `initiator` ('' for the till itself) may fetch `url`."""
        if asked is Asked.RESOURCE and url.startswith(("data:", "blob:")):
            return True  # made by the document itself, reaches no network
        if asked is Asked.SUB_FRAME and url in {"about:blank", "about:srcdoc"}:
            return True
        origin = origin_of(url)
        if not origin:
            return False
        asker = origin_of(initiator)
        if asker in {"", self.page}:
            return self._our_page_may(url, origin, asked)
        if asker in self.allowed and origin in self.allowed:
            return True
        return is_public_https(url)

    def allows_main_frame(self, url: str) -> bool:
        """Whether our own view may show `url`: our page and nothing else."""
        return origin_of(url) == self.page

    def allows_popup(self, url: str) -> bool:
        """Whether a window that the buyer opened may show `url`."""
        return url == "about:blank" or origin_of(url) in self.allowed or is_public_https(url)

    def _our_page_may(self, url: str, origin: str, asked: Asked) -> bool:
        if origin == self.page or origin in self.allowed or origin == VENDOR_IMAGES:
            return True
        return asked is not Asked.RESOURCE and is_public_https(url)
