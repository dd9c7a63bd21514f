"""The loopback page: one answer a token, to this machine only, under a strict policy."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import pytest

from posapp.ui.kit.page_server import (
    ComplianceCall,
    PageConfig,
    PageServer,
    PageTemplate,
    shipped_template,
)

TEMPLATE = PageTemplate(
    html='<html lang="{{lang}}"><title>{{title}}</title><p>{{loading}}</p>'
    '<link href="{{vendor_css}}"><script type="application/json">{{config}}</script>'
    '<script nonce="{{nonce}}" src="{{vendor_script}}"></script><i>{{theme}}</i>'
    '<script nonce="{{nonce}}">{{script}}</script></html>',
    script="go('{{nonce}}')",
)
CONFIG = PageConfig(
    script_folder="http://127.0.0.1:8787/v1/",
    public_key="pk_test_sandbox",
    locale="de-DE",
    origins=("http://127.0.0.1:8787",),
    title="Zahlung <b>&",
    loading="Moment …",
    dropin={"sessionId": "</script><script>alert(1)</script>\u2028"},
    compliance=ComplianceCall("DR_UK-ENTITY", "en", "GB"),
    authenticate={"sourceClientSecret": "hush"},
)


class Answer:
    """Status, headers and body of one raw HTTP exchange."""

    def __init__(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1]) if raw else 0
        self.headers = dict(line.split(": ", 1) for line in lines[1:])
        self.body = body.decode()


async def ask(server: PageServer, path: str, *, method: str = "GET", host: str = "") -> Answer:
    port = int(server.origin.rpartition(":")[2])
    hosts = host or f"127.0.0.1:{port}"
    return await raw_ask(port, f"{method} {path} HTTP/1.1\r\nHost: {hosts}\r\n\r\n".encode())


async def raw_ask(port: int, request: bytes) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        return Answer(await reader.read())
    finally:
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def serving(template: PageTemplate = TEMPLATE) -> AsyncIterator[PageServer]:
    server = PageServer(template)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def test_a_page_is_handed_out_once() -> None:
    async with serving() as server:
        path = server.publish(CONFIG).removeprefix(server.origin)
        assert re.fullmatch(r"/[0-9a-f]{32}/", path)
        assert (await ask(server, path)).status == 200
        assert (await ask(server, path)).status == 404


async def test_a_retired_page_is_gone_and_a_guess_finds_nothing() -> None:
    async with serving() as server:
        url = server.publish(CONFIG)
        server.retire(url)
        assert (await ask(server, url.removeprefix(server.origin))).status == 404
        assert (await ask(server, "/")).status == 404
        assert (await ask(server, f"/{'0' * 32}/")).status == 404


async def test_headers_shut_everything_but_the_vendor() -> None:
    async with serving() as server:
        answer = await ask(server, server.publish(CONFIG).removeprefix(server.origin))
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in answer.headers["Content-Security-Policy"].split(";")
        )
        nonce = re.search(r'nonce="([^"]+)"', answer.body)
        assert nonce is not None
        assert policy == {
            "default-src": "'none'",
            "script-src": f"'nonce-{nonce[1]}' http://127.0.0.1:8787",
            "style-src": "http://127.0.0.1:8787 'unsafe-inline'",
            "img-src": "http://127.0.0.1:8787 https://ui1.img.digitalrivercontent.net data:",
            "frame-src": "http://127.0.0.1:8787 https:",
            "connect-src": "http://127.0.0.1:8787",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in answer.headers["Permissions-Policy"]


class _Config(HTMLParser):
    """Finds the configuration as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = ("type", "application/json") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


async def test_no_value_can_leave_its_place_in_the_page() -> None:
    async with serving() as server:
        answer = await ask(server, server.publish(CONFIG).removeprefix(server.origin))
        found = _Config()
        found.feed(answer.body)
        told = json.loads(found.text)
        assert told["dropin"] == CONFIG.dropin
        assert told["compliance"] == {"entity": "DR_UK-ENTITY", "language": "en", "country": "GB"}
        assert told["publicKey"] == "pk_test_sandbox"
        assert told["methods"] is None
        assert "<title>Zahlung &lt;b&gt;&amp;</title>" in answer.body
        assert 'href="http://127.0.0.1:8787/v1/css/DigitalRiver.css"' in answer.body
        assert "go('{{nonce}}')" in answer.body  # what is put in is not read again


def test_a_configuration_shows_no_secret_when_logged() -> None:
    assert "hush" not in repr(CONFIG)


@pytest.mark.parametrize("host", ["localhost:1", "evil.example", "127.0.0.1"])
async def test_a_page_answers_to_its_own_name_only(host: str) -> None:
    async with serving() as server:
        path = server.publish(CONFIG).removeprefix(server.origin)
        assert (await ask(server, path, host=host)).status == 421
        assert (await ask(server, path)).status == 200


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "PUT"])
async def test_a_page_can_only_be_read(method: str) -> None:
    async with serving() as server:
        path = server.publish(CONFIG).removeprefix(server.origin)
        assert (await ask(server, path, method=method)).status == 405
        assert (await ask(server, path)).status == 200


async def test_two_hosts_or_none_are_refused() -> None:
    async with serving() as server:
        port = int(server.origin.rpartition(":")[2])
        twice = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nhost: evil\r\n\r\n".encode()
        assert (await raw_ask(port, twice)).status == 421
        assert (await raw_ask(port, b"GET / HTTP/1.1\r\n\r\n")).status == 421


@pytest.mark.parametrize("request_bytes", [b"\x00\xff\r\n\r\n", b"A" * 40_000, b"GET /"])
async def test_noise_gets_nothing_and_the_server_goes_on(request_bytes: bytes) -> None:
    async with serving() as server:
        port = int(server.origin.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_bytes)
        writer.write_eof()
        try:
            got = await reader.read()
        except ConnectionResetError:
            got = b""
        writer.close()
        assert b"200 OK" not in got
        path = server.publish(CONFIG).removeprefix(server.origin)
        assert (await ask(server, path)).status == 200


async def test_the_way_back_is_always_open_and_says_nothing() -> None:
    async with serving() as server:
        path = server.return_url.removeprefix(server.origin)
        for _ in range(2):
            answer = await ask(server, path)
            assert answer.status == 200
            assert "script" not in answer.body
        assert (await ask(server, "/back")).status == 404


async def test_a_stopped_server_forgets_its_pages() -> None:
    server = PageServer(TEMPLATE)
    with pytest.raises(RuntimeError, match="not running"):
        server.publish(CONFIG)
    await server.start()
    path = server.publish(CONFIG).removeprefix(server.origin)
    await server.stop()
    await server.start()
    assert (await ask(server, path)).status == 404
    await server.stop()


async def test_a_silent_connection_does_not_hold_the_till_up() -> None:
    server = PageServer(TEMPLATE)
    await server.start()
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", int(server.origin.rpartition(":")[2])
    )
    async with asyncio.timeout(2):
        await server.stop()
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_the_shipped_page_uses_every_part() -> None:
    async with serving(shipped_template()) as server:
        answer = await ask(server, server.publish(CONFIG).removeprefix(server.origin))
        assert answer.status == 200
        assert "{{" not in answer.body
        assert 'lang="de-DE"' in answer.body
        assert "pos-pay" in answer.body
