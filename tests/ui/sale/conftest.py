"""The sale screen over a real shop with the sandbox in process; only the payment form is
pretended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.sale.screen import SaleScreen
from posapp.ui.sale.sounds import Sound
from tests.drivers.sale import SaleDriver
from tests.helpers.running import real_runner
from tests.helpers.shop import Shop, open_shop
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
