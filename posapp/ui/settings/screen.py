"""Settings: groups at the left, one page of them at the right. Only administrators get here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from posapp.config.settings import Settings
from posapp.domain.staff import StaffId
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.panels import column, holder, row
from posapp.ui.kit.run import Runner
from posapp.ui.kit.theme import Tone
from posapp.ui.settings.database_page import DatabasePage
from posapp.ui.settings.page import SettingsPage
from posapp.ui.settings.products_page import ProductsPage
from posapp.ui.settings.service_page import ServicePage
from posapp.ui.settings.shop_page import ShopPage
from posapp.ui.settings.staff_page import StaffPage
from posapp.ui.settings.till_page import TillPage
from posapp.usecases.products import ProductDesk
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.staff import StaffDesk


@dataclass(frozen=True, slots=True)
class _Group:
    text: str
    icon: str
    page: SettingsPage | StaffPage | ProductsPage


class SettingsScreen(QWidget):
    """Shop, till, service, database, people, products."""

    reopen_wanted = Signal()  # what was kept should be used now
    lock_wanted = Signal()  # who was signed in may be here no longer

    def __init__(
        self,
        run: Runner,
        desk: SettingsDesk,
        staff: StaffDesk,
        products: ProductDesk,
        *,
        new_id: Callable[[], str],
        dress: Callable[[Settings], None],
    ) -> None:
        super().__init__()
        self.setObjectName("settings_screen")
        self._desk = desk
        self._person: StaffId | None = None
        self._was_shown = False
        self.shop_page = ShopPage(run, desk)
        self.till_page = TillPage(run, desk, dress)
        self.service_page = ServicePage(run, desk)
        self.database_page = DatabasePage(run, desk)
        self.staff_page = StaffPage(run, staff, new_id)
        self.products_page = ProductsPage(run, products)
        self._groups = (
            _Group(tr("Shop"), "shop", self.shop_page),
            _Group(tr("This till"), "till", self.till_page),
            _Group(tr("Digital River"), "online", self.service_page),
            _Group(tr("Database"), "database", self.database_page),
            _Group(tr("People"), "person", self.staff_page),
            _Group(tr("Products"), "product", self.products_page),
        )
        self.banner = Banner(self, name="settings_banner", key="F10")
        self.pages = QStackedWidget()
        self.pages.setObjectName("settings_pages")
        self._buttons: list[Button] = []
        self._build()
        self.banner.acted.connect(self.reopen_wanted)
        self.staff_page.left.connect(self.lock_wanted)
        self._go(0)

    def go(self, name: str) -> None:
        """Show a page by its object name, such as "service_page"."""
        names = [group.page.objectName() for group in self._groups]
        self._go(names.index(name))

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: the page on show reads how things stand."""
        super().showEvent(event)
        self._forget_others()
        if not self._was_shown:  # the keyring is slow when it is asked first: not when one waits
            self._was_shown = True
            self.till_page.enter()
        self._groups[self.pages.currentIndex()].page.enter()

    def _forget_others(self) -> None:
        """What somebody else typed and did not keep is not for whoever is here now."""
        me = self._desk.present.staff
        person = me.id if me is not None else None
        if self._person not in (None, person):
            for group in self._groups:
                if isinstance(group.page, SettingsPage):
                    group.page.take_back()
        self._person = person

    def _build(self) -> None:
        names = QButtonGroup(self)
        for number, group in enumerate(self._groups):
            button = Button(
                group.text,
                name=f"group_{group.page.objectName()}",
                kind=Kind.QUIET,
                icon=group.icon,
                key=f"Alt+{number + 1}",
            )
            button.setCheckable(True)
            button.setMinimumWidth(theme.metrics().px(208))
            button.clicked.connect(partial(self._go, number))
            names.addButton(button)
            self._buttons.append(button)
            self.pages.addWidget(group.page)
            if isinstance(group.page, SettingsPage):
                group.page.kept.connect(self._on_kept)
        side = holder(column(*self._buttons, 1, gap=0.5))
        middle = row(side, self.pages, gap=2)
        middle.setStretch(1, 1)
        self.setLayout(column(self.banner, middle, gap=1.5, margins=2))

    def _go(self, number: int) -> None:
        self._buttons[number].setChecked(True)
        self.pages.setCurrentIndex(number)
        page = self._groups[number].page
        self.setFocusProxy(page)
        if self.isVisible():
            page.enter()
            page.setFocus()

    def _on_kept(self, sentence: str, needs_opening: bool) -> None:
        if needs_opening:
            self.banner.say(
                tr("{sentence} It is used when the shop is opened next.", sentence=sentence),
                tr("Opening takes a moment; the basket in hand is kept. You sign in again."),
                tone=Tone.INFO,
                action=tr("Open it now"),
            )
