"""The screens of an open shop, made when they are first gone to, and what they share.

That is the page server, the scan filter and the web engine, warmed when nobody waits for it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posapp.app.practice import Practice
from posapp.domain.changes import Change, FeedChanged, StoreReturned
from posapp.domain.shop import Mode
from posapp.domain.words import tr
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.page_server import PageServer, shipped_template
from posapp.ui.kit.run import Runner
from posapp.ui.kit.scanner import ScanFilter
from posapp.ui.kit.web import PaymentView
from posapp.ui.main_window.floor import ShopFloor
from posapp.ui.orders.screen import OrdersScreen
from posapp.ui.review.screen import ReviewScreen
from posapp.ui.sale.forms import FormPages
from posapp.ui.sale.screen import SaleScreen
from posapp.ui.settings.screen import SettingsScreen
from posapp.usecases.products import ProductDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from posapp.app.opening import OpenShop
    from posapp.config.settings import Settings
    from posapp.domain.customer import Customer
    from posapp.ui.main_window import MainWindow

WARM_AFTER_MS = 1500


class Screens:
    """Makes the shop floor and its screens."""

    def __init__(
        self,
        shop: OpenShop,
        window: MainWindow,
        *,
        reopen: Callable[[], None],
        dress: Callable[[Settings], None],
    ) -> None:
        self._shop = shop
        self._window = window
        self._reopen = reopen
        self._dress = dress
        self._run: Runner = window.run
        self._changes = ChangeSignals(shop.session.desks.changes, window)
        self._pages = PageServer(shipped_template())
        self._scans = ScanFilter(time.monotonic)
        self._come_back: Callable[[], None] | None = None
        self._floor: ShopFloor | None = None
        room, session = shop.room, shop.session
        self.practice = (
            Practice.of(session, room, self._run, self._changes, time.monotonic) if room else None
        )

    async def start(self) -> None:
        """Listen for the payment page, and for the scanner."""
        await self._pages.start()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._scans.install(app)
        self._scans.scanned.connect(self._on_scanned)

    def floor(self) -> ShopFloor:
        """Make the shop floor."""
        shared = not self._shop.session.store.is_one
        self._floor = ShopFloor(
            self._run,
            self._shop.session.desks,
            self._changes,
            self._shop.freshness,
            self._shop.now,
            {
                "sell": self._sell,
                "orders": self._orders,
                "review": self._review,
                "settings": self._settings,
            },
            database=tr("shared store") if shared else tr("this computer"),
        )
        self._floor.order_wanted.connect(self._on_order_wanted)
        self._floor.product_wanted.connect(self._on_product_wanted)
        self._floor.customer_wanted.connect(self._on_customer_wanted)
        if self.practice is not None:
            self.practice.join(self._floor)
        return self._floor

    def warm(self) -> None:
        """Start the web engine in the background, once the window has nothing better to do."""
        QTimer.singleShot(WARM_AFTER_MS, self._window, _warm)

    async def close(self) -> None:
        """Stop serving the payment page, and listening to the scanner."""
        self._scans.remove()
        self._changes.deleteLater()
        await self._pages.stop()
        if self.practice is not None:
            await self.practice.close()

    def _sell(self) -> SaleScreen:
        desks = self._shop.session.desks
        service = self._shop.session.service
        live = service.mode is Mode.LIVE
        forms = FormPages(
            server=self._pages,
            script_folder=service.js_url,
            api_url=service.api_url,
            public_key=service.public_key,
            make_view=lambda parent: PaymentView(parent, live=live),
        )
        screen = SaleScreen(self._run, desks.sale, desks.orders, self._changes, forms)
        screen.form_open_changed.connect(self._on_form_open)
        if self.practice is not None:
            self.practice.watch(screen)
        screen.place_changed.connect(lambda _place: self._shop.session.engine.look_now())
        return screen

    def _orders(self) -> OrdersScreen:
        desks = self._shop.session.desks
        screen = OrdersScreen(self._run, desks.orders, self._changes, self._shop.surroundings.clock)
        engine = self._shop.session.engine
        screen.set_feed(engine.health)

        def tell(change: Change) -> None:
            if isinstance(change, FeedChanged):
                screen.set_feed(engine.health)
            elif isinstance(change, StoreReturned):
                screen.queue.refresh()

        self._changes.changed.connect(tell)
        return screen

    def _review(self) -> ReviewScreen:
        desks = self._shop.session.desks
        screen = ReviewScreen(
            self._run, desks.review, desks.orders, self._changes, self._shop.surroundings.clock
        )
        screen.order_opened.connect(self._on_order_wanted)
        return screen

    def _settings(self) -> SettingsScreen:
        shop = self._shop
        screen = SettingsScreen(
            self._run,
            shop.settings_desk,
            shop.session.desks.staff,
            ProductDesk(
                shop.session.store,
                shop.session.desks.present,
                shop.surroundings.clock,
                shop.session.desks.shop.currency,
            ),
            new_id=shop.surroundings.new_id,
            dress=self._dress,
        )
        screen.reopen_wanted.connect(self._reopen)
        screen.lock_wanted.connect(self._window.lock)
        return screen

    def _on_product_wanted(self, sku: str) -> None:
        self._sale_on_show().scan(sku)

    def _on_customer_wanted(self, customer: Customer) -> None:
        self._sale_on_show().take_customer(customer)

    def _sale_on_show(self) -> SaleScreen:
        assert self._floor is not None
        self._floor.go("sell")
        screen = self._floor.screen_of("sell")
        assert isinstance(screen, SaleScreen)
        return screen

    def _on_order_wanted(self, order_id: str) -> None:
        if self._floor is None:
            return
        screen: QWidget = self._floor.screen_of("orders")
        self._floor.go("orders")
        if isinstance(screen, OrdersScreen):
            screen.open_order(order_id)

    def _on_scanned(self, code: str) -> None:
        """A scan goes to the screen on show: a product to the sale, a receipt to the orders."""
        if self._floor is None:
            return
        if self.practice is not None:
            self.practice.trainer.on_scan(code)
        screen = self._floor.pages.currentWidget()
        if isinstance(screen, SaleScreen | OrdersScreen):
            screen.scan(code)

    def _on_form_open(self, is_open: bool) -> None:
        """While a payment form exists no key of ours is looked at (drop-in 6.9)."""
        if is_open and self._come_back is None:
            self._come_back = self._scans.stand_aside()
        elif not is_open and self._come_back is not None:
            self._come_back()
            self._come_back = None
        if self._floor is not None:
            self._floor.set_form_open(is_open)
        if self.practice is not None:  # after the scan filter, which keeps plain keys to itself
            self.practice.trainer.set_form_open(is_open)


def _warm() -> None:
    from posapp.ui.kit.web_warm import warm_engine

    warm_engine()
