"""The sale screen over a real shop with the sandbox in process; only the payment form is
pretended.
"""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import delete

from posapp.sandbox.director import Fault, FaultKind, Next, Outcome
from posapp.sandbox.wire import Request
from posapp.store.tables import disclosures
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.garbage import GarbageOnQtThread
from posapp.ui.sale.counter import Place
from posapp.ui.sale.screen import SaleScreen
from posapp.ui.sale.sounds import Sound
from tests.drivers.sale import SaleDriver
from tests.helpers.running import real_runner
from tests.helpers.shop import VISA, Shop, open_shop
from tests.helpers.waiting import shown, until
from tests.ui.sale.pretend import PretendForms, pretend_forms


@dataclass
class Till(SaleDriver):
    """A clerk, the screen, and the shop behind it."""

    screen: SaleScreen
    shop: Shop
    forms: PretendForms
    errors: list[Exception]
    sounds: list[Sound] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _limit_s: float = 5.0

    async def to_checkout(self, *products: str, **values: str) -> None:
        """Scan, walk in, and stand at Checkout with everything priced."""
        for product in products or ("MUG-WHT",):
            await self.add(product)
        await self.forward()
        await self.expect_place(Place.CUSTOMER)
        await self.fill_walk_in(**values)
        await self.forward()
        await self.expect_place(Place.CHECKOUT)

    async def to_payment(self, *products: str) -> None:
        """Stand at Payment with the form open."""
        await self.to_checkout(*products)
        await self.forward()
        await self.expect_place(Place.PAYMENT)
        await self.form()

    async def to_review(self, *products: str, number: str = VISA) -> None:
        """Stand at Review with a card typed."""
        await self.to_payment(*products)
        await self.pay_card(number)

    async def pay_card(self, number: str = VISA) -> None:
        """Let the buyer type a card into the open form."""
        await self.form()
        await self.pay(self.shop.type_card(self.sale, number))
        await self.expect_place(Place.REVIEW)

    async def forget_texts(self) -> None:
        """Let the store hold no legal texts any more."""
        await self.shop.session.store.shared.write(
            lambda tx: tx.connection.execute(delete(disclosures))
        )

    def will(self, outcome: Outcome, **facts: Any) -> None:
        """Say what becomes of the next order."""
        self.shop.world.director.outcomes.append(Next(outcome, **facts))

    def fault(self, kind: FaultKind, **facts: Any) -> None:
        """Let calls fail."""
        self.shop.world.director.faults.append(Fault(kind, **facts))

    @property
    def orders_made(self) -> int:
        """How many orders the service has."""
        key = {"authorization": "Bearer sk_test_sandbox"}
        answer = self.shop.world.handle(Request("GET", "/orders", headers=key))
        return len(json.loads(answer.body)["data"])


OpenTill = Callable[[], AbstractAsyncContextManager[Till]]


@asynccontextmanager
async def open_till(shop: Shop, forms: PretendForms | None = None) -> AsyncIterator[Till]:
    """Open the window over this shop, as a start of the program does."""
    run, errors = real_runner(asyncio.get_running_loop())
    changes = ChangeSignals(shop.desks.changes)
    sounds: list[Sound] = []
    links: list[str] = []
    forms = forms or pretend_forms()
    screen = SaleScreen(
        run,
        shop.desks.sale,
        shop.desks.orders,
        changes,
        forms,
        play=sounds.append,
        open_link=links.append,
    )
    screen.resize(1200, 720)
    try:
        await shown(screen)
        screen.activateWindow()
        till = Till(screen, shop, forms, errors, sounds, links)
        await until(lambda: screen.in_hand.sale is not None, what="a sale in hand")
        yield till
        await until(lambda: run.is_idle, what="the runner to rest")
        assert errors == []
    finally:
        run.cancel_all()
        screen.close()
        screen.deleteLater()
        changes.deleteLater()
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
def till_at(tmp_path: Path, qapp: QApplication) -> OpenTill:
    """Open shop and till: `async with till_at() as till`."""
    theme.apply(qapp, theme.load("light"))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Till]:
        async with open_shop(tmp_path) as shop:
            shop.sign_in()
            async with open_till(shop) as till:
                yield till

    return opened
