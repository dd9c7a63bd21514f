"""The real window in training: floor, sale, orders, coach; the sandbox and its control port in
process.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from posapp.app.practice import Practice
from posapp.gateway.sandbox_control import SandboxControl
from posapp.sandbox import control
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.garbage import GarbageOnQtThread
from posapp.ui.main_window import MainWindow
from posapp.ui.main_window.floor import ShopFloor
from posapp.ui.main_window.freshness import Freshness
from posapp.ui.orders.screen import OrdersScreen
from posapp.ui.sale.counter import Place
from posapp.ui.sale.screen import SaleScreen
from tests.drivers.orders import OrdersDriver
from tests.drivers.sale import SaleDriver
from tests.drivers.training import TrainingDriver
from tests.helpers.running import real_runner
from tests.helpers.shop import VISA, Shop, claim_of, open_shop
from tests.helpers.waiting import shown, until
from tests.ui.sale.pretend import PretendForms, pretend_forms

TOKEN = "let-me-in"


class CutControl(httpx.ASGITransport):
    """The control port in process; `is_down` refuses every connection."""

    is_down = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one command."""
        if self.is_down:
            raise httpx.ConnectError("nobody listens", request=request)
        return await super().handle_async_request(request)


@dataclass
class Classroom:
    """The window in training, and everybody's hands in it."""

    shop: Shop
    window: MainWindow
    floor: ShopFloor
    practice: Practice
    forms: PretendForms
    port: CutControl
    training: TrainingDriver
    errors: list[Exception]

    @property
    def till(self) -> SaleDriver:
        """The clerk at the sale."""
        screen = self.floor.screen_of("sell")
        assert isinstance(screen, SaleScreen)
        return SaleDriver(screen)

    @property
    def orders(self) -> OrdersDriver:
        """The packer at the queue."""
        screen = self.floor.screen_of("orders")
        assert isinstance(screen, OrdersScreen)
        return OrdersDriver(screen)

    async def pass_by(self, seconds: float) -> None:
        """Let time pass for the lesson, the service and what runs by itself."""
        self.shop.clock.turn(seconds)
        self.practice.trainer.tick()
        runner = self.window.run
        await until(lambda: runner.is_idle, what="the training service to be told")
        await self.shop.catch_up(1.0)

    async def pay(self, number: str = VISA, **facts: object) -> None:
        """F12 to the payment; the customer types a card."""
        till = self.till
        if till.screen.place is not Place.PAYMENT:
            await till.forward()
            await till.expect_place(Place.PAYMENT)
        await till.form()
        await till.pay(self.shop.type_card(till.sale, number, **facts))
        await till.expect_place(Place.REVIEW)

    async def transfer(self) -> None:
        """F12 to the payment; the customer chooses a bank transfer."""
        till = self.till
        await till.forward()
        await till.form()
        quote = till.sale.quote
        assert quote is not None
        made = self.shop.world.form.create_source(
            {"type": "wireTransfer", "sessionId": quote.session.id}
        )
        await till.pay(claim_of(made))
        await till.expect_place(Place.REVIEW)

    async def sign_in(self, who: str) -> None:
        """Let somebody stand at the till."""
        self.window.sign_in.signed_in.emit(self.shop.sign_in(who))
        await until(self.floor.isVisible, what="the floor")


OpenRoom = Callable[..., AbstractAsyncContextManager[Classroom]]


@asynccontextmanager
async def open_room(
    folder: Path, who: str = "mara", size: tuple[int, int] = (1280, 800)
) -> AsyncIterator[Classroom]:
    """Open the window in training with somebody signed in."""
    async with open_shop(folder) as shop:
        run, errors = real_runner(asyncio.get_running_loop())
        changes = ChangeSignals(shop.desks.changes)
        forms = pretend_forms()
        port = CutControl(app=control.app(shop.world, TOKEN))
        practice = Practice(
            shop.session,
            SandboxControl("http://127.0.0.1:1", TOKEN, port),
            run,
            changes,
            shop.clock.monotonic,
        )

        def sell() -> SaleScreen:
            screen = SaleScreen(run, shop.desks.sale, shop.desks.orders, changes, forms,
                                play=lambda _sound: None)  # fmt: skip
            screen.form_open_changed.connect(practice.trainer.set_form_open)
            if window.floor is not None:
                screen.form_open_changed.connect(window.floor.set_form_open)
            practice.watch(screen)
            return screen

        def orders() -> OrdersScreen:
            return OrdersScreen(run, shop.desks.orders, changes, shop.clock)

        def made() -> ShopFloor:
            floor = ShopFloor(
                run, shop.desks, changes, lambda: Freshness(shop.clock.now()), shop.clock.now,
                {"sell": sell, "orders": orders}, database="this computer",
            )  # fmt: skip
            practice.join(floor)
            return floor

        window = MainWindow(run)
        window.set_mode("training")
        window.open_shop(shop.desks, (), made, hint="")
        window.resize(*size)
        try:
            await shown(window)
            window.activateWindow()
            await until(window.isActiveWindow, what="the window to have the keyboard")
            window.sign_in.signed_in.emit(shop.sign_in(who))
            floor = window.floor
            assert floor is not None
            driver = TrainingDriver(floor, practice.bar)
            room = Classroom(shop, window, floor, practice, forms, port, driver, errors)
            if who != "finn":
                await until(lambda: room.till.screen.in_hand.sale is not None, what="a sale")
            yield room
            await until(lambda: run.is_idle, what="the runner to rest")
            assert errors == []
        finally:
            run.cancel_all()
            window.close()
            window.deleteLater()
            changes.deleteLater()
            await practice.close()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def garbage_on_qt_thread(qapp: QApplication) -> Iterator[None]:
    """The shop's database threads must not be the ones that destroy a closed window's timers."""
    guard = GarbageOnQtThread()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    guard.stop()
    guard.deleteLater()


@pytest.fixture
def room_of(tmp_path: Path, qapp: QApplication) -> OpenRoom:
    """Open the room: `async with room_of("cleo") as room`."""
    theme.apply(qapp, theme.load("light"))

    def opened(who: str = "mara") -> AbstractAsyncContextManager[Classroom]:
        return open_room(tmp_path, who)

    return opened
