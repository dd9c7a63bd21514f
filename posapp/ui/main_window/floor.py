"""The shop floor: rail, top bar, the screens, and the bar that says how fresh the picture is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.changes import (
    Change,
    FeedChanged,
    OrdersChanged,
    OutboxChanged,
    SalesChanged,
    StoreReturned,
)
from posapp.domain.staff import Permission, Staff, may
from posapp.domain.words import tr
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import MESSAGE, SheetDialog
from posapp.ui.kit.palette import Source
from posapp.ui.kit.rail import Rail, RailItem
from posapp.ui.kit.run import Runner
from posapp.ui.kit.status_bar import StatusBar, StatusChip
from posapp.ui.kit.texts import Text
from posapp.ui.main_window.finder import (
    Finder,
    customers_source,
    orders_source,
    products_source,
    verbs_of,
)
from posapp.ui.main_window.freshness import Freshness, say_freshness

if TYPE_CHECKING:
    from posapp.usecases.desks import Desks

log = logging.getLogger(__name__)

ScreenMaker = Callable[[], QWidget]

_PLACES: tuple[tuple[RailItem, Permission], ...] = (
    (RailItem("sell", "Sell", "sell", "Ctrl+1"), Permission.SELL),
    (RailItem("orders", "Orders", "orders", "Ctrl+2"), Permission.SEE_ORDERS),
    (RailItem("review", "Review", "review", "Ctrl+3"), Permission.SEE_REVIEW),
    (RailItem("settings", "Settings", "settings", "Ctrl+4"), Permission.SETTINGS),
)
_PAYING = "sell"  # where payment forms are


class ShopFloor(QWidget):
    """Where people work once they are signed in. Screens are made when they are first gone to."""

    lock_wanted = Signal()
    order_wanted = Signal(str)  # an order was chosen in the palette
    product_wanted = Signal(str)  # a product was, by its number
    customer_wanted = Signal(object)  # a customer was

    def __init__(
        self,
        run: Runner,
        desks: Desks,
        changes: ChangeSignals,
        freshness: Callable[[], Freshness],
        now: Callable[[], datetime],
        screens: dict[str, ScreenMaker],
        *,
        database: str,
    ) -> None:
        super().__init__()
        self.setObjectName("floor")
        self.setProperty("ground", "window")
        self._run = run
        self._desks = desks
        self._freshness = freshness
        self._now = now
        self._makers = screens
        self._made: dict[str, QWidget] = {}
        self._tools: list[QWidget] = []
        self._places: list[RailItem] = []
        self._is_form_open = False
        self._build(database)
        changes.changed.connect(self._on_changed)
        self.rail.place_chosen.connect(self.go)
        self.lock_button.clicked.connect(self.lock_wanted)
        self.finder = Finder(self, run, self.verbs, self._sources)
        self.keys_chip.clicked.connect(self.finder.open_keys)
        self.find_chip.clicked.connect(self.finder.open_palette)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tell_freshness)
        self._clock.start(1000)

    @property
    def shop_name(self) -> str:
        """The shop's name."""
        return self._desks.shop.name

    def welcome(self, staff: Staff) -> None:
        """Show the places this person may go to, and go to the first, or stay where they may be."""
        places = [
            RailItem(item.id, tr(item.text), item.icon, item.key)
            for item, permission in _PLACES
            if may(staff, permission) and item.id in self._makers
        ]
        here = self.rail.current()
        self._places = places
        self.rail.set_items(places)
        self.person.say(f"{staff.name} · {tr(staff.role.value)}")
        names = [item.id for item in places]
        self.go(here if here in names else names[0])
        self._count()

    def go(self, place: str) -> None:
        """Show a screen, making it when it is first gone to; nobody leaves a payment form so."""
        if self._is_form_open and place != _PAYING:
            return
        shown = self.screen_of(place)
        self.pages.setCurrentWidget(shown)
        self.rail.set_current(place)
        (shown.focusWidget() or shown).setFocus()  # where the person left off

    def screen_of(self, place: str) -> QWidget:
        """Return a screen, made if need be."""
        if place not in self._made:
            self._made[place] = self._makers[place]()
            self.pages.addWidget(self._made[place])
        return self._made[place]

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done now: on the screen on show, with the tools, and where to go."""
        group = tr("Window")
        places = tuple(
            Action(
                f"go.{item.id}",
                tr("Go to {place}", place=item.text),
                partial(self.go, item.id),
                item.key,
                item.icon,
                group,
            )
            for item in self._places
        )
        lock = Action("window.lock", tr("Lock"), self.lock_wanted.emit, "Ctrl+L", "lock", group)
        found = Action(
            "window.find", tr("Go to anything"), self.finder.open_palette, "Ctrl+K", "search", group
        )
        keys = Action("window.keys", tr("All keys"), self.finder.open_keys, "F1", "keyboard", group)
        mine = verbs_of(self.pages.currentWidget())
        tools = chain(*(verbs_of(tool) for tool in self._tools))
        return (*mine, *tools, *places, lock, found, keys)

    def set_form_open(self, is_open: bool) -> None:
        """While a payment form exists nothing here takes a key or lies over it (drop-in.md 6.9)."""
        if is_open:
            if self.rail.current() != _PAYING:  # the clerk looked elsewhere while it was coming
                self.go(_PAYING)
            for sheet in self.window().findChildren(SheetDialog):
                if sheet.objectName() != MESSAGE:  # takes no text, and was not read yet
                    sheet.reject()
        self._is_form_open = is_open
        self.finder.set_open(not is_open)
        for ours in (self.rail, self.lock_button, self.find_chip, self.keys_chip):
            ours.setEnabled(not is_open)

    def take_tool(self, tool: QWidget) -> None:
        """Put a tool into the top bar, between the shop's name and the person."""
        self._tools.append(tool)
        self._top.insertWidget(1, tool, 1)

    def make_room(self, is_wide: bool) -> None:
        """Let the tool in the top bar have the shop name's room as well."""
        self.shop.setVisible(not is_wide)

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _build(self, database: str) -> None:
        sizes = theme.metrics()
        self.rail = Rail(())
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.shop = Text(f"{self._desks.shop.name} · {self._desks.shop.till}", theme.Type.STRONG)
        self.person = Text("", theme.Type.BODY)
        self.lock_button = Button(
            tr("Lock"), name="lock_button", kind=Kind.QUIET, icon="lock", key="Ctrl+L"
        )
        top = QFrame()
        top.setProperty("part", "topbar")
        bar = QHBoxLayout(top)
        bar.setContentsMargins(sizes.space(2), sizes.space(0.5), sizes.space(1), sizes.space(0.5))
        bar.addWidget(self.shop)
        bar.addStretch()
        bar.addWidget(self.person)
        bar.addWidget(self.lock_button)
        self._top = bar
        self.feed_chip = StatusChip("feed", name="feed_chip")
        self.outbox_chip = StatusChip("outbox", name="outbox_chip")
        self.database_chip = StatusChip("database", database, name="database_chip")
        self.keys_chip = StatusChip("keyboard", tr("Keys  F1"), name="keys_chip")
        self.find_chip = StatusChip("search", tr("Find  Ctrl+K"), name="find_chip")
        self.status = StatusBar(
            (self.feed_chip, self.outbox_chip), (self.find_chip, self.keys_chip, self.database_chip)
        )

        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(top)
        middle.addWidget(self.pages, 1)
        middle.addWidget(self.status)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.rail)
        outer.addLayout(middle, 1)
        self._tell_freshness()

    def _sources(self) -> tuple[Source, ...]:
        """Only what the person may see is looked for."""
        staff = self._desks.present.staff
        found: list[Source] = []
        if staff is not None and may(staff, Permission.SEE_ORDERS):
            found.append(orders_source(self._desks.orders, self.order_wanted.emit))
        if staff is not None and may(staff, Permission.SELL):
            found.append(customers_source(self._desks.sale, self.customer_wanted.emit))
            found.append(products_source(self._desks.sale, self.product_wanted.emit))
        return tuple(found)

    def _on_changed(self, change: Change) -> None:
        match change:
            case FeedChanged():
                self._tell_freshness()
            case OrdersChanged() | OutboxChanged() | SalesChanged() | StoreReturned():
                self._count()
            case _:
                pass

    def _tell_freshness(self) -> None:
        say_freshness(self.feed_chip, self._freshness(), self._now())

    def _count(self) -> None:
        if self._desks.present.staff is None:
            return
        self._run(
            self,
            self._desks.orders.waiting_counts(),
            done=self._on_counted,
            failed=self._on_not_counted,
        )

    def _on_counted(self, counted: tuple[int, int, int]) -> None:
        ready, review, unsent = counted
        self.rail.set_count("orders", ready)
        self.rail.set_count("review", review, theme.Tone.WAIT)
        words = tr("{count} to send", count=unsent) if unsent else tr("all sent")
        tone = theme.Tone.WAIT if unsent else theme.Tone.NEUTRAL
        self.outbox_chip.say(words, tone)

    def _on_not_counted(self, error: Exception) -> None:
        """Said at the foot and in the log: a sale goes on without these numbers."""
        log.info("what waits cannot be counted: %r", error)
        self.outbox_chip.say(tr("not counted: no database"), theme.Tone.WAIT)
