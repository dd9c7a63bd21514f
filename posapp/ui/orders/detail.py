"""One order: what it waits for, what may be done, lines, money, parcels, history."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from posapp.domain.clock import Clock
from posapp.domain.fulfilment import FulfilmentRequest
from posapp.domain.order import STALE_AFTER_S
from posapp.domain.staff import Permission
from posapp.domain.stopped import stopped
from posapp.domain.words import tr
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.actions import Action
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.panels import Rule, column, holder, row, scrolled
from posapp.ui.kit.pause import Pause
from posapp.ui.kit.run import PROGRESS_AFTER_S, Runner
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import explain
from posapp.ui.orders.claiming import Hold
from posapp.ui.orders.deciding import Deciding
from posapp.ui.orders.detail_head import DetailHead
from posapp.ui.orders.gather import OrderNews
from posapp.ui.orders.history_panel import HistoryPanel, NotesPanel
from posapp.ui.orders.lines_panel import LinesPanel
from posapp.ui.orders.money_panel import MoneyPanel
from posapp.ui.orders.parcels_panel import ParcelsPanel, items_words
from posapp.ui.orders.parties_panel import PartiesPanel
from posapp.usecases.orders import OrderDesk, OrderSheet, UnknownOrder

log = logging.getLogger(__name__)

STAY_MS = 400
"""How long somebody stays on an order before the service is asked about it."""


class OrderDetail(QWidget):
    """The sheet of one order."""

    closed = Signal()  # the person wants back to the queue

    def __init__(self, run: Runner, desk: OrderDesk, changes: ChangeSignals, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("order_detail")
        self._run = run
        self._desk = desk
        self._clock = clock
        self._order_id = ""
        self._sheet: OrderSheet | None = None
        self._decided = ""  # the request whose sending the banner speaks of
        self._told_of = ""  # the stopped intent the person was told of
        self.deciding = Deciding(run, desk, clock, self)
        self._news = OrderNews(changes, self)
        self._late = Pause(self, round(PROGRESS_AFTER_S * 1000))
        self._stay = Pause(self, STAY_MS)
        self._build()
        self._connect()
        self._show_nothing()

    # ---- what the screen asks and tells

    @property
    def order_id(self) -> str:
        """The order that is shown or on its way."""
        return self._order_id

    @property
    def sheet(self) -> OrderSheet | None:
        """What is shown."""
        return self._sheet

    def show_order(self, order_id: str) -> None:
        """Show this order; nothing for an empty id."""
        if order_id == self._order_id:
            return
        self._order_id = order_id
        self._sheet = None
        self._decided = self._told_of = ""
        self._stay.stop()
        self.banner.hush()
        if not order_id:
            self._show_nothing()
            return
        self._late.begin()
        self._read(busy=self.page)

    def show_back(self, is_alone: bool) -> None:
        """Show the way back to the queue, when the queue does not stand beside."""
        self.back_button.setVisible(is_alone)

    def tick(self) -> None:
        """A second has passed: light, claim and ages may be different; what is open stays held."""
        if self._sheet is not None and self.isVisible():
            now = self._clock.now()
            self.head.show_sheet(self._sheet, now, self.deciding.hold(self._sheet))
            self.deciding.claiming.keep(self._sheet, now)

    def verbs(self) -> tuple[Action, ...]:
        """Return what can be done with the order, for the screen's keys, F1 and the palette."""
        group = tr("Order")
        pressed = (
            ("orders.fulfil", self.fulfil_button, "F", "fulfil"),
            ("orders.cancel", self.cancel_button, "C", "cancel"),
            ("orders.hand_over", self.hand_over_button, "H", "take_away"),
            ("orders.note", self.note_button, "N", "note"),
            ("orders.refresh", self.refresh_button, "R", "refresh"),
            ("orders.claim", self.claim_button, "Space", "claim"),
        )
        return tuple(
            Action(
                name,
                button.text() or button.toolTip(),
                button.click,
                key,
                icon,
                group,
                _pressable(button),
            )
            for name, button, key, icon in pressed
        )

    # ---- building

    def _build(self) -> None:
        self.head = DetailHead()
        self.banner = Banner(name="detail_banner")
        self._build_buttons()
        self.lines = LinesPanel()
        self.money = MoneyPanel()
        self.parcels = ParcelsPanel()
        self.parties = PartiesPanel()
        self.history = HistoryPanel()
        self.notes = NotesPanel()
        panels = column(
            self.lines, self.parcels, self.notes, self.money, self.parties, self.history, 1, gap=1.5
        )
        panels.setContentsMargins(0, 0, 6, 0)
        self.panels = holder(panels)
        self.area = scrolled(self.panels, name="detail_scroll")
        first = row(self.fulfil_button, self.cancel_button, self.hand_over_button, 1, gap=0.5)
        second = row(self.claim_button, self.note_button, self.refresh_button, 1, gap=0.5)
        top = QFrame()
        top.setProperty("card", True)
        parts = (self.back_button, self.head, self.banner, Rule(), first, second)
        lines = column(*parts, gap=1, margins=2)
        lines.setAlignment(self.back_button, Qt.AlignmentFlag.AlignLeft)
        top.setLayout(lines)
        self.page = holder(column(top, self.area, gap=1.5), name="detail_page")
        self.empty = EmptyState("orders", tr("No order chosen"), tr("J and K move, Enter opens."))
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.page)

    def _build_buttons(self) -> None:
        def button(
            text: str, name: str, icon: str, key: str, kind: Kind = Kind.SECONDARY
        ) -> Button:
            size = Size.SMALL if kind is Kind.QUIET else Size.NORMAL
            return Button(text, name=name, kind=kind, icon=icon, key=key, bind=False, size=size)

        self.back_button = button(tr("Queue"), "back_button", "back", "Esc", Kind.QUIET)
        self.back_button.hide()
        self.fulfil_button = button(tr("Fulfil"), "fulfil_button", "fulfil", "F", Kind.PRIMARY)
        self.cancel_button = button(tr("Cancel"), "cancel_button", "cancel", "C")
        self.hand_over_button = button(tr("Hand over"), "hand_over_button", "take_away", "H")
        self.claim_button = button(tr("Claim"), "claim_button", "claim", "Space", Kind.QUIET)
        self.note_button = button(tr("Note"), "note_button", "note", "N", Kind.QUIET)
        self.refresh_button = button("", "refresh_button", "refresh", "R", Kind.QUIET)
        self.refresh_button.setToolTip(tr("Read this order again"))
        self.refresh_button.setAccessibleName(tr("Read this order again"))

    def _connect(self) -> None:
        self.fulfil_button.clicked.connect(lambda: self._on_fulfil(cancelling=False))
        self.cancel_button.clicked.connect(lambda: self._on_fulfil(cancelling=True))
        self.hand_over_button.clicked.connect(self._on_hand_over)
        self.claim_button.clicked.connect(self._on_claim)
        self.note_button.clicked.connect(self._on_note)
        self.back_button.clicked.connect(self.closed)
        self.refresh_button.clicked.connect(self.refresh)
        self.banner.acted.connect(self.refresh)
        self.deciding.failed.connect(self._on_failed)
        self.deciding.decided.connect(self._on_decided)
        self._late.over.connect(self._on_late)
        self._stay.over.connect(self._on_stayed)
        self._news.told.connect(self._on_orders_changed)

    # ---- reading

    def refresh(self) -> None:
        """Read the order from the service now."""
        if self._order_id:
            self.banner.hush()
            self._run(
                self,
                self._desk.refresh(self._order_id),
                done=self._on_sheet,
                failed=self._on_failed,
                busy=self.refresh_button,
            )

    def _read(self, busy: QWidget | None = None) -> None:
        self._stack.setCurrentWidget(self.page)
        self._run(
            self,
            self._desk.open(self._order_id),
            done=self._on_sheet,
            failed=self._on_failed,
            busy=busy,
        )

    def _on_sheet(self, sheet: OrderSheet) -> None:
        if sheet.order.id != self._order_id:
            return  # an answer about an order the person has left
        is_first = self._sheet is None
        self._sheet = sheet
        if is_first:
            self._late.stop()
            self.panels.show()
            self.area.verticalScrollBar().setValue(0)
        self._paint(sheet)
        self._tell_fate(sheet)
        self.deciding.take_in(sheet)
        if is_first and self._is_old(sheet) and any(line.open for line in sheet.lines):
            self._stay.begin()

    def _on_stayed(self) -> None:
        """Goods wait and the last answer is old: read again, or the light stays grey for good.

        Not at once, for somebody may be on the way down the list; and silently, for nobody asked:
        without a line the light says by itself that it is too old to tell.
        """
        sheet = self._sheet
        if sheet is None or not self._is_old(sheet) or not self.isVisible():
            return
        self._run(
            self,
            self._desk.refresh(self._order_id),
            done=self._on_sheet,
            failed=lambda error: log.info("the order was not read again: %r", error),
        )

    def _tell_fate(self, sheet: OrderSheet) -> None:
        """The last decision has ended: say when it was stopped, and no longer that it is sent."""
        if not sheet.outbox:
            return
        request, intent = sheet.outbox[-1]
        if stopped(intent) is not None and any(line.open for line in sheet.lines):
            if self._told_of != intent.id:
                self._told_of = str(intent.id)
                self.banner.say(
                    tr("Not sent: the order stands differently now"),
                    tr("Compare what was seen with how it stands under Shipments, then decide."),
                    tone=Tone.PROBLEM,
                )
        elif request.request == self._decided and not intent.open:
            self.banner.hush()
            self._decided = ""

    def _is_old(self, sheet: OrderSheet) -> bool:
        if sheet.seen_at is None:
            return True
        return (self._clock.now() - sheet.seen_at).total_seconds() > STALE_AFTER_S

    def _paint(self, sheet: OrderSheet) -> None:
        now = self._clock.now()
        self.head.show_sheet(sheet, now, self.deciding.hold(sheet))
        self.lines.show_lines(sheet.lines)
        self.parcels.show_sheet(sheet, now)
        self.notes.show_notes(sheet.notes, now)
        self.money.show_order(sheet.order, now)
        self.parties.show_order(sheet.order)
        self.history.show_entries(sheet.timeline, now)
        self._paint_buttons(sheet)

    def _paint_buttons(self, sheet: OrderSheet) -> None:
        not_fulfil = self.deciding.why_not(sheet, Permission.FULFIL)
        not_cancel = self.deciding.why_not(sheet, Permission.CANCEL_LINES)
        for button, why in (
            (self.fulfil_button, not_fulfil),
            (self.cancel_button, not_cancel),
            (self.hand_over_button, not_fulfil),
        ):
            button.setEnabled(not why)
            button.setToolTip(why)
        self.hand_over_button.setVisible(sheet.to_hand_over)
        self.hand_over_button.set_kind(Kind.PRIMARY)
        self.fulfil_button.set_kind(Kind.SECONDARY if sheet.to_hand_over else Kind.PRIMARY)
        hold = self.deciding.hold(sheet)
        words = {
            Hold.NOBODY: tr("Claim"),
            Hold.ME: tr("Lay down"),
            Hold.OTHER: tr("Take over"),
        }
        self.claim_button.set_text(words[hold])
        can_claim = self.deciding.may(Permission.FULFIL)
        if hold is Hold.OTHER:
            can_claim = self.deciding.claiming.may_take_over
        self.claim_button.setEnabled(can_claim)
        self.note_button.setEnabled(self.deciding.may(Permission.NOTE))

    def _on_late(self) -> None:
        """The order takes its time: what is shown must not be the one before."""
        if self._sheet is None and self._order_id:
            self.head.show_opening(self._order_id)
            self.panels.hide()

    def _show_nothing(self) -> None:
        self._stack.setCurrentWidget(self.empty)

    # ---- what people do

    def _on_fulfil(self, *, cancelling: bool) -> None:
        if self._sheet is not None:
            button = self.cancel_button if cancelling else self.fulfil_button
            self.deciding.fulfil(self._sheet, cancelling=cancelling, busy=button)

    def _on_hand_over(self) -> None:
        if self._sheet is not None:
            self.deciding.hand_over(self._sheet, self.hand_over_button)

    def _on_claim(self) -> None:
        if self._sheet is not None:
            self.deciding.claim(self._sheet, self.claim_button)

    def _on_note(self) -> None:
        if self._sheet is not None:
            self.deciding.note(self._sheet)

    # ---- news

    def _on_orders_changed(self, ids: frozenset[str]) -> None:
        if self._order_id in ids:
            self._read()

    def _on_decided(self, request: FulfilmentRequest) -> None:
        if self._sheet is not None and request.order_id == self._order_id:
            self._decided = request.request
            what = items_words(self._sheet.order, request.items)
            self.banner.say(
                tr("Decided: {what}", what=what), tr("It is sent by itself."), tone=Tone.READY
            )

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, UnknownOrder):
            self.banner.say(
                tr("Order {order} is not stored in this shop", order=self._order_id),
                tr("It may be new. Reading it from Digital River can find it."),
                tone=Tone.WAIT,
                action=tr("Read it"),
            )
            return
        told = explain(error)
        again = tr("Read again") if told.can_retry else ""
        self.banner.say(told.title, told.body, tone=told.tone, action=again)


def _pressable(button: Button) -> Callable[[], bool]:
    return lambda: button.isVisible() and button.isEnabled()
