"""Review: what wants a manager, the longest waiting first, one concern beside the list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from posapp.domain.ages import age
from posapp.domain.changes import Change, OrdersChanged, OutboxChanged, SalesChanged, StoreReturned
from posapp.domain.clock import Clock
from posapp.domain.intent import Intent, IntentState
from posapp.domain.review import ReviewItem
from posapp.domain.words import tr
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action, ActionSet
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.panels import Card, column, row
from posapp.ui.kit.run import Runner
from posapp.ui.kit.table import RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.messages import explain
from posapp.ui.review.deciding import Deciding, looked_words
from posapp.ui.review.detail import ReviewDetail
from posapp.ui.review.review_table import CUSTOMER, GIVEN_UP_FIRST, key_of, review_columns
from posapp.usecases.orders import OrderDesk, OrderSheet
from posapp.usecases.review import ReviewDesk

TICK_MS = 1000
TOGETHER_MS = 150
_CUSTOMER_MIN = 110
_SHARES = (53, 47)


class ReviewScreen(QWidget):
    """The manager's list."""

    order_opened = Signal(str)  # the order id

    def __init__(
        self,
        run: Runner,
        desk: ReviewDesk,
        orders_desk: OrderDesk,
        changes: ChangeSignals,
        clock: Clock,
    ) -> None:
        super().__init__()
        self.setObjectName("review_screen")
        self._run = run
        self._desk = desk
        self._orders_desk = orders_desk
        self._clock = clock
        self._has_started = False
        self._has_failed = False
        self._is_shared_out = False
        self._ages: tuple[str, ...] = ()
        self._widths: dict[int, int] = {}
        self.deciding = Deciding(run, desk, orders_desk, self)
        self._build()
        self._connect(changes)

    # ---- what the window asks and tells

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done here, for the palette and F1."""
        return tuple(self.keys)

    def start(self) -> None:
        """Read the list; showing the screen does it too."""
        if not self._has_started:
            self._has_started = True
            self.refresh()

    def refresh(self) -> None:
        """Read the list anew; the chosen concern stays chosen while it is there."""
        self._run(self, self._desk.items(), done=self._on_items, failed=self._on_failed)

    # ---- building

    def _build(self) -> None:
        self.title = Text(tr("Needs a manager"), Type.HEADING)
        self.count = Text("", muted=True, name="count")
        self.refresh_button = Button(
            tr("Refresh"),
            name="refresh_button",
            kind=Kind.QUIET,
            icon="refresh",
            key="F5",
            bind=False,
        )
        self.banner = Banner(name="list_banner")
        self.model = RowsModel(review_columns(self._clock.now), key_of)
        self.table = TableView(self.model, name="table", label=tr("Concerns"))
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = EmptyState("review", tr("Reading the list…"), name="review_empty")
        self.table.set_empty_state(self.empty)
        card = Card(padding=0, name="review_card").add(self.table)
        card.setContentsMargins(1, 1, 1, 1)
        self.detail = ReviewDetail(self.deciding, self._clock)
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.setObjectName("body")
        self.body.setChildrenCollapsible(False)
        self.body.setHandleWidth(12)
        for at, (widget, share) in enumerate(zip((card, self.detail), _SHARES, strict=True)):
            self.body.addWidget(widget)
            self.body.setStretchFactor(at, share)
        lines = column(
            row(self.title, self.count, 1, self.refresh_button, gap=1.5),
            self.banner,
            self.body,
            gap=1,
        )
        lines.setContentsMargins(16, 8, 16, 16)
        lines.setStretch(2, 1)
        self.setLayout(lines)
        self.setFocusProxy(self.table)

    def _connect(self, changes: ChangeSignals) -> None:
        reload = Action("review.refresh", tr("Refresh"), self.refresh, "F5", "refresh", tr("List"))
        self.keys = ActionSet(self, [*self.detail.verbs(), reload])
        self.table.installEventFilter(self.keys)
        self.table.viewport().installEventFilter(self)
        self.refresh_button.clicked.connect(self.refresh)
        self.banner.acted.connect(self.refresh)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.row_opened.connect(self._on_opened)
        self.detail.open_wanted.connect(self.order_opened)
        self.deciding.failed.connect(self._on_step_failed)
        self.deciding.looked.connect(self._on_looked)
        self.deciding.ended.connect(self._on_ended)
        changes.changed.connect(self._on_changed)
        self._together = QTimer(self)
        self._together.setSingleShot(True)
        self._together.setInterval(TOGETHER_MS)
        self._together.timeout.connect(self.refresh)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    # ---- Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: the first look reads the list."""
        super().showEvent(event)
        self.start()
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
        for at in range(len(self.model.columns)):
            if not self.table.isColumnHidden(at):
                self._widths[at] = (
                    theme.metrics().px(_CUSTOMER_MIN)
                    if at == CUSTOMER
                    else self.table.columnWidth(at)
                )
        room = self.table.viewport().width() - sum(self._widths.values())
        for at in GIVEN_UP_FIRST:
            is_given_up = room < 0
            room += self._widths[at] if is_given_up else 0
            if self.table.isColumnHidden(at) != is_given_up:
                self.table.setColumnHidden(at, is_given_up)

    # ---- reading

    def _on_items(self, items: tuple[ReviewItem, ...]) -> None:
        if self._has_failed:
            self._has_failed = False
            self.banner.hush()
        before = self.table.chosen()
        self.model.set_rows(items)
        self._follow(before, items)
        self.count.setText(tr("{n} to look at", n=len(items)) if items else "")
        self.empty.say(
            "success",
            tr("Nothing needs you"),
            tr("What is held, blocked, unpaid or in doubt comes in here by itself."),
        )
        self.detail.setVisible(bool(items))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _follow(self, before: ReviewItem | None, items: tuple[ReviewItem, ...]) -> None:
        """Stay with the order looked at, though what is wrong with it is another thing now.

        Else the next key would act on a neighbour nobody chose.
        """
        if before is None or not before.order_id:
            return
        now = [item for item in items if item.order_id == before.order_id]
        if now and all(key_of(item) != key_of(before) for item in now):
            self.table.choose(key_of(now[0]))

    def _show(self, item: ReviewItem | None) -> None:
        self.detail.show_item(item)
        if item is not None and item.order_id:
            self._run(
                self,
                self._orders_desk.open(item.order_id),
                done=self._on_sheet,
                failed=self._on_no_sheet,
            )

    def _on_sheet(self, sheet: OrderSheet) -> None:
        item = self.detail.item
        if item is not None and item.order_id == sheet.order.id:
            self.detail.show_sheet(sheet)

    def _on_no_sheet(self, error: Exception) -> None:
        if isinstance(error, LookupError):
            return  # the order is not stored here yet: the concern stands without its facts
        self._on_step_failed(error)

    def _on_failed(self, error: Exception) -> None:
        self._has_failed = True
        told = explain(error)
        again = tr("Try again") if told.can_retry else ""
        self.banner.say(told.title, told.body, tone=told.tone, action=again)
        if not self.model.rowCount():
            self.empty.say("error", tr("The list could not be read"), told.title)

    # ---- what people do

    def _on_chosen(self, item: ReviewItem | None) -> None:
        if item is None or self.detail.item is None or key_of(item) != key_of(self.detail.item):
            self._show(item)

    def _on_opened(self, item: ReviewItem) -> None:
        if item.order_id:
            self.order_opened.emit(item.order_id)

    def _on_step_failed(self, error: Exception) -> None:
        told = explain(error)
        self.detail.banner.say(told.title, told.body, tone=told.tone)

    def _on_looked(self, intent: Intent | None) -> None:
        title, body = looked_words(intent)
        is_known = intent is None or intent.state is not IntentState.UNKNOWN
        self.detail.banner.say(title, body, tone=Tone.READY if is_known else Tone.WAIT)
        self.refresh()

    def _on_ended(self, sentence: str) -> None:
        self.banner.say(sentence, tr("It is written down with your name."), tone=Tone.READY)
        self.refresh()

    # ---- news

    def _on_changed(self, change: Change) -> None:
        is_ours = isinstance(change, OrdersChanged | OutboxChanged | SalesChanged | StoreReturned)
        if is_ours and self._has_started and not self._together.isActive():
            self._together.start()

    def _on_tick(self) -> None:
        if not self.isVisible():
            return
        ages = tuple(age(item.since, self._clock.now()) for item in self.model.rows)
        if ages != self._ages:
            self._ages = ages
            self.model.retitle()
        self.detail.tick()
