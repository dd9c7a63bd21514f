"""The screens of an open shop, made when they are first gone to, and what they share: the page
server, the web engine.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from posapp.domain.words import tr
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.page_server import PageServer
from posapp.ui.kit.run import Runner
from posapp.ui.main_window.floor import ShopFloor

if TYPE_CHECKING:
    from posapp.app.opening import OpenShop
    from posapp.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Screens:
    """Makes the shop floor and its screens."""

    def __init__(self, shop: OpenShop, window: MainWindow, run: Runner) -> None:
        self._shop = shop
        self._window = window
        self._run = run
        self.changes = ChangeSignals(shop.session.desks.changes, window)
        self.pages = PageServer()

    async def start(self) -> None:
        """Listen for the payment page."""
        await self.pages.start()

    def floor(self) -> ShopFloor:
        """Make the shop floor."""
        desks = self._shop.session.desks
        database = (
            tr("shared store") if not self._shop.session.store.is_one else tr("this computer")
        )
        return ShopFloor(
            self._run,
            desks,
            self.changes,
            self._shop.freshness,
            self._shop.now,
            {"sell": self._sell, "orders": self._orders, "review": self._review},
            database=database,
        )

    def warm(self) -> None:
        """Start the web engine in the background, once the window has nothing better to do."""
        QTimer.singleShot(1500, self._warm)

    async def close(self) -> None:
        """Stop serving the payment page."""
        await self.pages.stop()

    def _warm(self) -> None:
        from posapp.ui.kit.web_warm import warm_engine

        warm_engine()

    def _sell(self) -> QWidget:
        raise LookupError

    def _orders(self) -> QWidget:
        raise LookupError

    def _review(self) -> QWidget:
        raise LookupError
