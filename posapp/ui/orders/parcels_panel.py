"""What has left, and what is on its way to the service: parcels and decisions with their fate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.ages import at_time
from posapp.domain.fulfilment import Fulfilment, FulfilmentItem, FulfilmentRequest, Tracking
from posapp.domain.intent import Intent, IntentState
from posapp.domain.order import Order
from posapp.domain.stopped import stopped
from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.compare import CompareTable
from posapp.ui.kit.panels import Card, clear, column, holder, row
from posapp.ui.kit.texts import Pill, Text
from posapp.ui.kit.theme import Type
from posapp.ui.messages import stopped_heads, stopped_rows
from posapp.ui.orders.states import Look, intent_look
from posapp.usecases.orders import OrderSheet


def items_words(order: Order, items: Iterable[FulfilmentItem]) -> str:
    """Return what leaves and what is dropped: "2 × Widget · cancel 1 × Cable"."""
    told = []
    for item in items:
        line = order.line(item.line_id)
        name = (line.name or line.sku) if line is not None else item.line_id
        if item.quantity:
            told.append(tr("{n} × {name}", n=item.quantity, name=name))
        if item.cancel_quantity:
            told.append(tr("cancel {n} × {name}", n=item.cancel_quantity, name=name))
    return " · ".join(told)


def fate_words(intent: Intent, now: datetime) -> str:
    """Return what became of a decision, in a few words."""
    when = at_time(intent.settled_at, now) if intent.settled_at else ""
    match intent.state:
        case IntentState.WRITTEN:
            return tr("waiting to be sent")
        case IntentState.SENDING:
            return tr("sending")
        case IntentState.UNKNOWN:
            return tr("no answer: being checked")
        case IntentState.DONE:
            return tr("sent {when}", when=when).strip()
        case IntentState.REFUSED if stopped(intent) is not None:
            return tr("not sent {when}: the order stands differently now", when=when)
        case IntentState.REFUSED:
            return tr("refused: {reason}", reason=intent.reason or tr("no reason given"))
        case IntentState.NOT_DONE:
            return tr("not sent: {reason}", reason=intent.reason or tr("the service never got it"))


class ParcelsPanel(Card):
    """Decisions that are not confirmed first, then what the service knows of."""

    def __init__(self) -> None:
        super().__init__(tr("Shipments"), name="parcels_panel")
        self._shown: object = None
        self.hide()

    def show_sheet(self, sheet: OrderSheet, now: datetime) -> None:
        """Show this order's parcels; nothing moves when they are the ones already shown."""
        shown = (sheet.order.id, sheet.outbox, sheet.fulfilments)
        self.setVisible(bool(sheet.outbox or sheet.fulfilments))
        if shown == self._shown:
            return
        self._shown = shown
        clear(self.body)
        known = {fulfilment.request for fulfilment in sheet.fulfilments if fulfilment.request}
        for request, intent in reversed(sheet.outbox):
            if request.request not in known or intent.state is not IntentState.DONE:
                self.add(self._decision(sheet.order, request, intent, now))
        sent = {request.request: intent for request, intent in sheet.outbox}
        for fulfilment in reversed(sheet.fulfilments):
            self.add(self._parcel(sheet.order, fulfilment, sent.get(fulfilment.request), now))

    def _decision(
        self, order: Order, request: FulfilmentRequest, intent: Intent, now: datetime
    ) -> QWidget:
        words = fate_words(intent, now)
        when = at_time(request.decided_at, now) if request.decided_at else ""
        who = tr("decided by {name} {when}", name=request.decided_by, when=when).strip()
        look = intent_look(intent.state)
        told = stopped(intent)
        if told is not None:
            look = Look(tr("Stopped"), look.icon, look.tone)
        made = self._entry(items_words(order, request.items), look, words, who, request.tracking)
        made.setObjectName(f"outbox_{request.request}")
        if told is None:
            return made
        table = CompareTable(name=f"stopped_{request.request}")
        table.show_rows(stopped_heads(), stopped_rows(order, request, told))
        return holder(column(made, table, gap=1))

    def _parcel(
        self, order: Order, fulfilment: Fulfilment, sent: Intent | None, now: datetime
    ) -> QWidget:
        when = at_time(fulfilment.created_at, now) if fulfilment.created_at else ""
        settled = at_time(sent.settled_at, now) if sent and sent.settled_at else when
        words = tr("sent {when}", when=settled).strip()
        look = intent_look(IntentState.DONE)
        items = items_words(order, fulfilment.items)
        made = self._entry(items, look, words, "", fulfilment.tracking)
        made.setObjectName(f"parcel_{fulfilment.id}")
        return made

    def _entry(self, items: str, look: Look, words: str, who: str, tracking: Tracking) -> QWidget:
        pill = Pill(look.word, look.tone, icon=look.icon)
        head = row(Text(items, Type.STRONG, wrap=True), pill, gap=1)
        head.setStretch(0, 1)
        head.setAlignment(pill, Qt.AlignmentFlag.AlignTop)
        told = " · ".join(part for part in (words, who) if part)
        lines = column(head, Text(told, muted=True, wrap=True), gap=0.25)
        if tracking.number or tracking.url:
            lines.addLayout(self._tracking(tracking))
        made = holder(lines)
        made.setAccessibleName(f"{items}: {told}")
        return made

    def _tracking(self, tracking: Tracking) -> QHBoxLayout:
        words = " ".join(part for part in (tracking.company, tracking.number) if part)
        line = row(Text(words), 1, gap=1)
        if tracking.url.startswith("https://"):
            follow = Button(
                tr("Follow"), name="follow_button", kind=Kind.QUIET, icon="link", size=Size.SMALL
            )
            follow.setToolTip(tracking.url)
            follow.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(tracking.url)))
            line.addWidget(follow)
        return line
