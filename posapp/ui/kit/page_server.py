"""Serves the payment page to our own web view, on this machine only. Never sees card data.

One answer a token; loopback http gives the page a real origin (drop-in.md 6.1, 6.2).
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from posapp.config import resources
from posapp.ui.kit.web_filter import VENDOR_IMAGES, origin_of

_log = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
_LARGEST_REQUEST: Final = 16 * 1024
_REQUEST_LIMIT_S: Final = 5.0
_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
_DENIED: Final = (
    "accelerometer autoplay bluetooth camera clipboard-read clipboard-write display-capture "
    "encrypted-media fullscreen geolocation gyroscope hid idle-detection magnetometer microphone "
    "midi payment picture-in-picture screen-wake-lock serial usb xr-spatial-tracking"
).split()
_PLAIN_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED),
}


@dataclass(frozen=True, slots=True)
class ComplianceCall:
    """For which entity, language (`de`) and country (`DE`) the legal texts are wanted."""

    entity: str
    language: str
    country: str


@dataclass(frozen=True, slots=True)
class PageConfig:
    """What one page does. It carries the public key; the secret key has no place here.

    `origins`: what the page may load from (`web_filter.payment_origins`). `title` and `loading` are
    texts a person reads. The rest are arguments of the vendor's calls (drop-in.md 1), None for "not
    on this page": `dropin` of `createDropin`, `compliance` of `Compliance.getDetails` (reported as
    `disclosure`), `authenticate` of `authenticateSource`, `methods` of
    `retrieveAvailablePaymentMethods`, `instructions` of the delayed payment element.
    """

    script_folder: str
    public_key: str
    locale: str
    origins: tuple[str, ...]
    title: str
    loading: str
    dropin: Mapping[str, object] | None = None
    compliance: ComplianceCall | None = None
    authenticate: Mapping[str, object] | None = field(default=None, repr=False)
    methods: Mapping[str, object] | None = None
    instructions: Mapping[str, object] | None = field(default=None, repr=False)
    dark: bool = False


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """The page's HTML and script, as shipped in `resources/web`."""

    html: str
    script: str


def shipped_template() -> PageTemplate:
    """The template that came with the program. Raises `resources.ResourceMissing`."""
    return PageTemplate(resources.text("web", "payment.html"), resources.text("web", "payment.js"))


class PageServer:
    """A few pages on an ephemeral port of 127.0.0.1; each is handed out once."""

    def __init__(
        self, template: PageTemplate, *, token: Callable[[], str] = lambda: secrets.token_hex(16)
    ) -> None:
        """`token` makes the secret part of an address: 128 bits, one for each page."""
        self._template = template
        self._token = token
        self._pages: dict[str, PageConfig] = {}
        self._server: asyncio.Server | None = None
        self._port = 0
        self._return_token = token()
        self._answering: set[asyncio.Task[None]] = set()

    @property
    def origin(self) -> str:
        """The pages' origin. Raises RuntimeError before `start()`."""
        if not self._port:
            raise RuntimeError("the page server is not running")
        return f"http://{HOST}:{self._port}"

    @property
    def return_url(self) -> str:
        """Where a payment provider sends the buyer back to; says nothing about the outcome."""
        return f"{self.origin}/{self._return_token}/back"

    async def start(self) -> None:
        """Listen on a free port of this machine. Raises OSError when there is none."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._on_connected, HOST, 0, limit=_LARGEST_REQUEST
            )
            self._port = self._server.sockets[0].getsockname()[1]

    def publish(self, config: PageConfig) -> str:
        """Return the address of a page with this configuration; it answers once."""
        token = self._token()
        self._pages[token] = config
        return f"{self.origin}/{token}/"

    def retire(self, url: str) -> None:
        """Forget a page that will not be asked for any more."""
        self._pages.pop(url.removeprefix(f"{self.origin}/").strip("/"), None)

    async def stop(self) -> None:
        """Stop listening and forget every page."""
        self._pages.clear()
        server, self._server, self._port = self._server, None, 0
        if server is None:
            return
        server.close()
        for task in self._answering:  # an engine opens connections ahead and says nothing on them
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        await server.wait_closed()

    def _on_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._answer(reader, writer))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_LIMIT_S):
                head = await reader.readuntil(b"\r\n\r\n")
            writer.write(self._reply(head))
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            _log.info("page server: a request that was none")
        except ConnectionError:
            _log.info("page server: the reader went away")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):  # gone already is closed too
                await writer.wait_closed()

    def _reply(self, head: bytes) -> bytes:
        lines = head.decode("latin-1").split("\r\n")
        method, _, rest = lines[0].partition(" ")
        path = rest.rpartition(" ")[0]
        fields = dict(line.lower().partition(":")[::2] for line in lines[1:] if ":" in line)
        hosts = [line for line in lines[1:] if line.lower().startswith("host:")]
        if len(hosts) != 1 or fields["host"].strip() != f"{HOST}:{self._port}":
            return _response("421 Misdirected Request")
        if method != "GET":
            return _response("405 Method Not Allowed", {"Allow": "GET"})
        if hmac.compare_digest(path.encode("latin-1"), f"/{self._return_token}/back".encode()):
            return self._page_back()
        config = self._pages.pop(path.strip("/"), None) if path.endswith("/") else None
        return self._page(config) if config else _response("404 Not Found")

    def _page(self, config: PageConfig) -> bytes:
        nonce = secrets.token_urlsafe(16)
        folder = config.script_folder.rstrip("/")
        parts = {
            "lang": _attribute(config.locale),
            "theme": "dark" if config.dark else "light",
            "title": _attribute(config.title),
            "loading": _attribute(config.loading),
            "nonce": nonce,
            "vendor_css": _attribute(f"{folder}/css/DigitalRiver.css"),
            "vendor_script": _attribute(f"{folder}/DigitalRiver.js"),
            "config": _json(_page_facts(config)),
            "script": self._template.script,
        }
        body = _PLACEHOLDER.sub(lambda found: parts[found[1]], self._template.html)
        policy = _policy(nonce, config.origins)
        return _response("200 OK", {"Content-Security-Policy": policy}, body)

    def _page_back(self) -> bytes:
        policy = "default-src 'none'; frame-ancestors 'none'"
        return _response(
            "200 OK", {"Content-Security-Policy": policy}, "<!doctype html><title>✓</title>"
        )


def _page_facts(config: PageConfig) -> dict[str, object]:
    call = config.compliance
    return {
        "publicKey": config.public_key,
        "locale": config.locale,
        "dropin": config.dropin,
        "compliance": call
        and {"entity": call.entity, "language": call.language, "country": call.country},
        "authenticate": config.authenticate,
        "methods": config.methods,
        "instructions": config.instructions,
    }


def _policy(nonce: str, origins: tuple[str, ...]) -> str:
    """The page's Content-Security-Policy (drop-in.md 6.2)."""
    vendor = " ".join(origin for origin in (origin_of(one) for one in origins) if origin)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' {vendor}",
            f"style-src {vendor} 'unsafe-inline'",
            f"img-src {vendor} {VENDOR_IMAGES} data:",
            f"frame-src {vendor} https:",
            f"connect-src {vendor}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _json(facts: Mapping[str, object]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _attribute(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;").replace("'", "&#39;")


def _response(status: str, extra: Mapping[str, str] | None = None, body: str = "") -> bytes:
    content = body.encode()
    headers = {
        **_PLAIN_HEADERS,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(content)),
        **(extra or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content
