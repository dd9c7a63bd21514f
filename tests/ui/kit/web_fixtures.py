"""Servers and views for tests of the payment form:
the stand-in in a thread, our page in the test's own loop.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from PySide6.QtWidgets import QWidget
from starlette.applications import Starlette

from posapp.sandbox.form import Form
from posapp.ui.kit.form_filler import FormFiller
from posapp.ui.kit.page_server import ComplianceCall, PageConfig, PageServer, shipped_template
from posapp.ui.kit.web import PaymentView
from posapp.ui.kit.web_filter import payment_origins
from tests.helpers.waiting import settled, until
from tests.unit.sandbox_form.fake_world import FakeWorld


@dataclass(frozen=True, slots=True)
class StandIn:
    """The pretend vendor as it runs: its world, what pages sent it, where it listens."""

    world: FakeWorld
    form: Form
    origin: str

    @property
    def script_folder(self) -> str:
        """What `POSAPP_JS_URL` would hold."""
        return f"{self.origin}/v1"

    @property
    def origins(self) -> tuple[str, ...]:
        """What a page may load from."""
        return payment_origins(self.script_folder, self.origin)


@asynccontextmanager
async def stand_in(world: FakeWorld | None = None) -> AsyncIterator[StandIn]:
    """Serve the payment form on a free port until the block ends.

    In the test's own loop: a second thread could collect garbage of Qt's thread, which crashes.
    """
    world = world or FakeWorld()
    form = Form(world)
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    world.base_url = origin
    app = Starlette(routes=form.routes())
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await until(lambda: server.started, what="the stand-in to listen")
        yield StandIn(world, form, origin)
    finally:
        asyncio.get_running_loop().remove_reader(listening.fileno())
        await calm()
        server.should_exit = True
        await serving
        listening.close()


@asynccontextmanager
async def shop(world: FakeWorld | None = None, *, patience_s: float = 20.0) -> AsyncIterator[Till]:
    """A stand-in and a till that uses it."""
    async with stand_in(world) as vendor, till(vendor, patience_s=patience_s) as counter:
        yield counter


async def calm() -> None:
    """Let a server finish with the connections that the engine made ahead.

    One that is being accepted while the server closes is left open by asyncio (3.11).
    """
    await settled(turns=30)


def checkout_form(return_url: str, **options: object) -> dict[str, object]:
    """The Drop-in configuration of a sale at the counter."""
    return {
        "sessionId": "sess_1",
        "options": {
            "flow": "checkout",
            "usage": "convenience",
            "showComplianceSection": True,
            "showTermsOfSaleDisclosure": True,
            "showSavePaymentAgreement": True,
            "button": {"type": "payNow"},
            "redirect": {
                "disableAutomaticRedirects": True,
                "returnUrl": return_url,
                "cancelUrl": return_url,
            },
            **options,
        },
        "paymentMethodConfiguration": {
            "creditCard": {"mask": True},
            "disabledPaymentMethods": ["googlePay", "applePay"],
        },
    }


@dataclass(slots=True)
class Till:
    """A payment view in a window, and the server of its page."""

    window: QWidget
    view: PaymentView
    server: PageServer
    vendor: StandIn

    def page(
        self, *, dropin: dict[str, object] | None = None, locale: str = "en-US", **more: object
    ) -> PageConfig:
        """A page's configuration; the checkout form unless something else is asked for."""
        config: dict[str, object] = {
            "script_folder": self.vendor.script_folder,
            "public_key": "pk_test_sandbox",
            "locale": locale,
            "origins": self.vendor.origins,
            "title": "Payment",
            "loading": "One moment …",
            "dropin": dropin,
            **more,
        }
        return PageConfig(**config)  # type: ignore[arg-type]  # a test names only known fields

    def open(self, config: PageConfig) -> None:
        """Publish the page and show it."""
        url = self.server.publish(config)
        self.view.open(url, config.origins, language=config.locale)

    def open_form(self, *, locale: str = "en-US", dark: bool = False, **options: object) -> None:
        """Show the checkout form."""
        form = checkout_form(self.server.return_url, **options)
        self.open(self.page(dropin=form, locale=locale, dark=dark))

    def texts(self, entity: str, language: str, country: str) -> PageConfig:
        """A page that only reports legal texts."""
        return self.page(compliance=ComplianceCall(entity, language, country))


@asynccontextmanager
async def till(vendor: StandIn, *, patience_s: float = 20.0) -> AsyncIterator[Till]:
    """A window with a payment view; everything is taken down in the safe order."""
    server = PageServer(shipped_template())
    await server.start()
    view = PaymentView(live=False, patience_s=patience_s)
    view.resize(600, 560)
    view.show()
    counter = Till(view, view, server, vendor)
    try:
        yield counter
    finally:
        counter.view.dispose()
        counter.view.close()
        await calm()
        await server.stop()


async def run_script(view: PaymentView, source: str, *, frame: str = "") -> object:
    """The value of a script run as the page, or as the frame with `frame` in its address."""
    page = view.page()
    assert page is not None
    done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    frames = [one for one in FormFiller(page).frames() if frame in one.url().toString()]
    assert frames, f"no frame {frame!r}"

    def answered(value: object) -> None:
        if not done.done():  # the test may have given up
            done.set_result(value)

    frames[0].runJavaScript(source, answered)
    return await done


@asynccontextmanager
async def answering(body: str | None) -> AsyncIterator[str]:
    """The origin of a web server that answers everything with `body`, or with silence for None."""
    silent: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if body is None:
            silent.append(writer)
            return
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in silent:
            writer.close()
        server.close()
        await server.wait_closed()
