"""The order queue: views with counts, search, a table that follows the news. Changes claims only.

Rows are read page by page and never grow with the shop's history. News replaces rows where they
stand, so that selection and scroll survive; the row a person stands on stays until the person moves
on, even when it has left the view.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from posapp.domain.clock import Clock
from posapp.domain.queue import OrderRow, View, stands_in
from posapp.domain.words import tr
from posapp.sync.engine import Health
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.filter import SearchBox
from posapp.ui.kit.paging import PAGE, PageAsk
from posapp.ui.kit.panels import Card, column, row
from posapp.ui.kit.pause import Pause
from posapp.ui.kit.run import Runner
from posapp.ui.kit.status_bar import StatusChip
from posapp.ui.kit.table_view import TableView
from posapp.ui.messages import explain
from posapp.ui.orders.feed_age import feed_age
from posapp.ui.orders.gather import OrderNews
from posapp.ui.orders.queue_model import QueueModel
from posapp.ui.orders.queue_table import CUSTOMER, GIVEN_UP_FIRST
from posapp.ui.orders.view_tabs import ViewTabs, empty_words, view_word
from posapp.usecases.order_window import OrderWindow
from posapp.usecases.orders import OrderDesk

_CHOICE_PAUSE_MS = 120
_CUSTOMER_MIN = 110
_SHARES = (58, 42)  # of table and order


class QueueScreen(QWidget):
    """Orders by what they wait for."""

    order_opened = Signal(str)  # the order id: Enter or a double click
    order_chosen = Signal(str)  # the order id the selection rests on, "" for none

    def __init__(self, run: Runner, desk: OrderDesk, changes: ChangeSignals, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("queue_screen")
        self._run = run
        self._desk = desk
        self._clock = clock
        self._health: Health | None = None
        self._chosen = ""
        self._opened_elsewhere = ""  # the order beside the table that is not in it
        self._left: set[str] = set()
        self._widths: dict[int, int] = {}
        self._is_new_question = True
        self._has_started = False
        self._is_shared_out = False
        self._window = OrderWindow(desk, View.READY)
        self._news = OrderNews(changes, self)
        self._pause = Pause(self, _CHOICE_PAUSE_MS)
        self._build()
        self._connect()

    # ---- what the window asks and tells

    @property
    def view(self) -> View:
        """The view that is chosen."""
        return self.tabs.view()

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done here, for the screen's keys, F1 and the palette."""
        group = tr("Queue")
        views = [
            Action(
                f"orders.view.{view.name.lower()}",
                tr("Show {view}", view=view_word(view)),
                partial(self.show_view, view),
                key=str(number),
                group=group,
            )
            for number, view in enumerate(View, start=1)
        ]
        return (
            *views,
            Action("orders.search", tr("Search"), self.search_box.focus, "/", "search", group),
            Action("orders.find", tr("Search"), self.search_box.focus, "Ctrl+F", "search", group),
            Action("orders.reload", tr("Refresh the queue"), self.refresh, "F5", "refresh", group),
        )

    def start(self) -> None:
        """Read the first page and the counts; showing the screen does it too."""
        if not self._has_started:
            self._has_started = True
            self._ask_anew()

    def show_view(self, view: View) -> None:
        """Choose a view."""
        self.tabs.choose(view)

    @property
    def is_choosing(self) -> bool:
        """Whether somebody may still be on the way down the list."""
        return self._pause.is_under_way

    def choose(self, order_id: str) -> None:
        """Put the selection on an order that is opened elsewhere; on none if it is not listed."""
        self._opened_elsewhere = "" if self.table.choose(order_id) else order_id
        if self._opened_elsewhere:
            self.table.setCurrentIndex(QModelIndex())
        self._pause.stop()

    def search(self, words: str) -> None:
        """Look for these words in the chosen view."""
        self.search_box.set_text(words)

    def set_feed(self, health: Health) -> None:
        """Show how old the picture is."""
        self._health = health
        self._paint_feed()

    def tick(self) -> None:
        """A second has passed: ages and the feed's words grow older."""
        self._paint_feed()
        height = self.table.viewport().height()
        top, bottom = self.table.rowAt(0), self.table.rowAt(height - 1)
        self.model.grow_older(top, bottom if bottom >= 0 else self.model.rowCount() - 1)

    def stand_beside(self, widget: QWidget) -> None:
        """Put one order's sheet at the right of the table."""
        self.body.addWidget(widget)
        for at, share in enumerate(_SHARES):
            self.body.setStretchFactor(at, share)

    def show_table(self, is_shown: bool) -> None:
        """Show the table, or leave its place to the order beside it."""
        self.sheet.setVisible(is_shown)

    def refresh(self) -> None:
        """Read page and counts anew."""
        self._is_new_question = False
        self.model.reload(self._load)
        self._count()

    # ---- building

    def _build(self) -> None:
        self.tabs = ViewTabs()
        self.search_box = SearchBox(tr("Order, sale, customer, e-mail"), name="search_box", key="/")
        self.search_box.setMaximumWidth(460)
        self.refresh_button = Button(
            tr("Refresh"),
            name="refresh_button",
            kind=Kind.QUIET,
            icon="refresh",
            key="F5",
            bind=False,
        )
        self.feed_chip = StatusChip("feed", name="feed_chip")
        self.banner = Banner(name="queue_banner")
        self.model = QueueModel(self._run, self._load, self._clock.now, self._belongs)
        self.table = TableView(self.model, name="table", label=tr("Orders"))
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = EmptyState("feed", tr("Reading the orders…"), name="queue_empty")
        self.table.set_empty_state(self.empty)
        self.sheet = Card(padding=0, name="queue_card").add(self.table)
        self.sheet.setContentsMargins(1, 1, 1, 1)
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.setObjectName("body")
        self.body.setChildrenCollapsible(False)
        self.body.setHandleWidth(12)
        self.body.addWidget(self.sheet)
        tools = row(self.search_box, 1, self.feed_chip, self.refresh_button, gap=1)
        tools.setStretch(0, 3)
        lines = column(self.tabs, tools, self.banner, self.body, gap=1)
        lines.setContentsMargins(16, 8, 16, 16)
        lines.setStretch(3, 1)
        self.setLayout(lines)
        self._paint_feed()

    def _connect(self) -> None:
        self.tabs.view_chosen.connect(self._on_view_chosen)
        self.search_box.searched.connect(self._on_searched)
        self.search_box.moved_down.connect(self._on_into_table)
        self.search_box.submitted.connect(self._on_into_table)
        self.refresh_button.clicked.connect(self.refresh)
        self.banner.acted.connect(self.refresh)
        self.model.loaded.connect(self._on_loaded)
        self.model.failed.connect(self._on_failed)
        self.table.row_opened.connect(self._on_row_opened)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.viewport().installEventFilter(self)
        self._pause.over.connect(self._on_choice_rests)
        self._news.told.connect(self._on_orders_changed)

    # ---- Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: the first look reads the queue."""
        super().showEvent(event)
        self.start()
        if not self.search_box.edit.hasFocus():
            self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: the first size shares the room out; later a person may."""
        super().resizeEvent(event)
        if not self._is_shared_out:
            self._is_shared_out = True
            room = event.size().width()
            self.body.setSizes([room * share // 100 for share in _SHARES])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: a narrower table does without its least columns."""
        if watched is self.table.viewport() and event.type() == QEvent.Type.Resize:
            self._fit_columns()
        return False

    def _fit_columns(self) -> None:
        head = self.table.horizontalHeader()
        columns = range(len(self.model.columns))
        widths = {
            at: theme.metrics().px(_CUSTOMER_MIN)
            if at == CUSTOMER
            else self.table.columnWidth(at)
            if not head.isSectionHidden(at)
            else self._widths.get(at, 0)
            for at in columns
        }
        self._widths = widths
        room = self.table.viewport().width() - sum(widths.values())
        for at in GIVEN_UP_FIRST:
            is_given_up = room < 0
            room += widths[at] if is_given_up else 0
            if head.isSectionHidden(at) != is_given_up:
                self.table.setColumnHidden(at, is_given_up)

    # ---- reading

    def _load(self, ask: PageAsk[OrderRow]) -> Coroutine[Any, Any, Sequence[OrderRow]]:
        return self._window.read(ask.limit, after=ask.after, before=ask.before)

    def _belongs(self, order: OrderRow) -> bool:
        is_known = self.model.position(order.order_id) is not None
        if self._window.search and not is_known:
            return False  # what a search finds is the store's to say
        return stands_in(order, self._window.view) or order.order_id == self._chosen

    def _ask_anew(self) -> None:
        self._window = OrderWindow(self._desk, self.view, self.search_box.text())
        self._is_new_question = True
        self.model.reload(self._load)
        self._count()

    def _count(self) -> None:
        self._run(self, self._desk.counts(), done=self._on_counted, failed=self._on_failed)

    def _on_counted(self, counts: Mapping[View, int]) -> None:
        self.tabs.set_counts(counts)

    def _on_loaded(self) -> None:
        self.banner.hush()
        self._say_empty()
        if self._is_new_question:
            self._is_new_question = False
            self.table.scrollToTop()
            if self._opened_elsewhere:
                self.choose(self._opened_elsewhere)  # the page comes late: it takes nothing over
            elif self.table.chosen() is None:
                self.table.choose_first()

    def _on_failed(self, error: Exception) -> None:
        told = explain(error)
        again = tr("Try again") if told.can_retry else ""
        self.banner.say(told.title, told.body, tone=told.tone, action=again)
        if not self.model.rowCount():
            self.empty.say("error", tr("The orders could not be read"), told.title)

    def _say_empty(self) -> None:
        if self._window.search:
            self.empty.say(
                "search",
                tr("No order here matches “{words}”", words=self._window.search),
                tr("Words are sought at the start of number, sale, name, e-mail. 6 looks in all."),
            )
        else:
            self.empty.say(*empty_words(self._window.view))

    # ---- what people do

    def _on_view_chosen(self, _view: View) -> None:
        self._chosen = self._opened_elsewhere = ""
        self._ask_anew()
        self.table.setFocus()

    def _on_searched(self, _words: str) -> None:
        self._opened_elsewhere = ""
        self._ask_anew()

    def _on_into_table(self, _words: str = "") -> None:
        self.table.setFocus()
        if self.table.chosen() is None:
            self.table.choose_first()

    def _on_row_opened(self, order: OrderRow) -> None:
        self._pause.stop()
        self.order_opened.emit(order.order_id)

    def _on_row_chosen(self, order: OrderRow | None) -> None:
        self._left.add(self._chosen)
        self._chosen = order.order_id if order else ""
        self._pause.begin()

    def _on_choice_rests(self) -> None:
        """The person has moved on: rows that stayed only because they stood on them may go."""
        known = [at for key in self._left if (at := self.model.position(key)) is not None]
        rows = [self.model.row(at) for at in known]
        self._left.clear()
        self.model.remove([x.order_id for x in rows if not self._belongs(x)])
        self.order_chosen.emit(self._chosen)

    # ---- news

    def _on_orders_changed(self, ids: frozenset[str]) -> None:
        if not self._has_started:
            return
        self._count()
        if len(ids) > PAGE and self.model.is_at_top:
            self.model.reload()
            return
        self._run(self, self._desk.rows(sorted(ids)), done=self._on_rows, failed=self._on_failed)

    def _on_rows(self, rows: tuple[OrderRow, ...]) -> None:
        self.model.upsert(rows)

    def _paint_feed(self) -> None:
        told = feed_age(self._health, self._clock.now())
        if (self.feed_chip.text(), self.feed_chip.tone) != (told.text, told.tone):
            self.feed_chip.say(told.text, told.tone, icon=told.icon)
