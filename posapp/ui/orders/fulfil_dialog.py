"""The sheet on which a person decides what leaves and what is cancelled. The outbox sends."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import StateForbids, TooMany
from posapp.domain.fulfilment import FulfilmentItem, FulfilmentRequest, Tracking
from posapp.domain.order import OrderState
from posapp.domain.staff import Permission, may
from posapp.domain.tracking import candidates
from posapp.domain.words import tr
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.panels import row, scrolled
from posapp.ui.kit.run import Runner
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import explain
from posapp.ui.orders.fulfil_lines import FulfilLines
from posapp.ui.orders.money_strip import MoneyStrip
from posapp.ui.orders.tracking_fields import TrackingFields
from posapp.usecases.orders import OrderDesk, OrderSheet

_LINE_ROOM = 50
_MOST_ROOM = 300


@dataclass(frozen=True, slots=True)
class Draft:
    """What was entered and not sent; kept for when the sheet is opened again."""

    items: tuple[FulfilmentItem, ...] = ()
    tracking: Tracking = field(default_factory=Tracking)


class FulfilDialog(SheetDialog):
    """Quantities, tracking, a forecast of the money. Enter sends, Esc leaves and keeps."""

    sent = Signal(object)  # the FulfilmentRequest that went to the outbox

    def __init__(
        self,
        owner: QWidget,
        run: Runner,
        desk: OrderDesk,
        sheet: OrderSheet,
        *,
        cancelling: bool = False,
        draft: Draft | None = None,
    ) -> None:
        title = tr("Cancel of order {order}") if cancelling else tr("Fulfil order {order}")
        super().__init__(
            owner,
            title.format(order=sheet.order.id),
            name="fulfil_dialog",
            width=720,
            icon="cancel" if cancelling else "fulfil",
        )
        self._run = run
        self._desk = desk
        self._sheet = sheet
        self._cancelling = cancelling
        self._lay_out()
        self._listen()
        if draft is not None:
            self.lines.set_items(draft.items)
            self.tracking.set_tracking(draft.tracking)
        self._on_changed()
        self.lines.focus_first(cancelling=cancelling)

    # ---- what the screen asks and tells

    @property
    def order_id(self) -> str:
        """The order this is about."""
        return self._sheet.order.id

    def draft(self) -> Draft:
        """Return what stands on the sheet now."""
        return Draft(self.lines.items(), self.tracking.tracking())

    def set_sheet(self, sheet: OrderSheet) -> None:
        """Take in how the order stands now; what was entered stays."""
        self._sheet = sheet
        self.lines.set_lines(sheet.lines)
        if sheet.order.state is not OrderState.ACCEPTED:
            self._say(StateForbids(sheet.order.id, sheet.order.raw_state))
        self._on_changed()

    def scan(self, code: str) -> None:
        """Take a scan: a product counts one in, a parcel's label fills the tracking fields."""
        self.banner.hush()
        if self.lines.count_in(code):
            return
        if candidates(code):
            self.tracking.take_scan(code)
            return
        self.banner.say(
            tr("“{code}” is not of this order", code=code),
            tr("Nothing was counted. Scan a product of this order or the parcel’s label."),
            tone=Tone.PROBLEM,
        )

    # ---- building

    def _lay_out(self) -> None:
        staff = self._desk.present.staff
        may_cancel = staff is not None and may(staff, Permission.CANCEL_LINES)
        order = self._sheet.order
        buyer = tr("{buyer} · {total}", buyer=order.buyer, total=order.total)
        self.fill_button = Button(
            tr("All open"), name="fill_button", kind=Kind.QUIET, icon="check", key="F",
            bind=False, size=Size.SMALL,
        )  # fmt: skip
        self.lines = FulfilLines(self._sheet.lines, may_cancel=may_cancel)
        area = scrolled(self.lines, name="lines_area")
        room = _LINE_ROOM * len(self._sheet.lines) + 34
        area.setFixedHeight(min(room, _MOST_ROOM))
        self.tracking = TrackingFields()
        self.strip = MoneyStrip()
        self.banner = Banner(name="fulfil_banner")
        self.body.addLayout(row(Text(buyer, muted=True), 1, self.fill_button))
        self.body.addWidget(area)
        self.body.addWidget(self.tracking)
        self.body.addWidget(self.strip)
        self.body.addWidget(self.banner)
        self.leave_button = self.add_cancel(tr("Leave"))
        self.send_button = Button(
            tr("Send"),
            name="send_button",
            kind=Kind.PRIMARY,
            icon="outbox",
            key="Enter",
            bind=False,
        )
        self.send_button.setDefault(True)
        self.add_button(self.send_button, on_press=self._on_send)
        for button in (self.fill_button, self.leave_button):
            button.setAutoDefault(False)

    def _listen(self) -> None:
        self.lines.changed.connect(self._on_changed)
        self.fill_button.clicked.connect(lambda: self.lines.fill(cancelling=self._cancelling))

    # ---- what people do

    def _on_changed(self) -> None:
        items = self.lines.items()
        self.send_button.set_text(_send_words(items))
        self.tracking.setVisible(any(item.quantity for item in items) or not self._cancelling)
        is_fine = not self.lines.problems()
        self.strip.show_preview(self._desk.preview(self._sheet, items) if is_fine else None)

    def _on_send(self) -> None:
        items = self.lines.items()
        if self.lines.problems() or self.tracking.problem():
            return
        if not items:
            self.banner.say(
                tr("Nothing is entered yet"),
                tr("Enter how many units leave, or press F for all that is open."),
                tone=Tone.WAIT,
                can_close=False,
            )
            self.lines.focus_first(cancelling=self._cancelling)
            return
        self.banner.hush()
        ships = any(item.quantity for item in items)
        self._run(
            self,
            self._desk.fulfil(
                self._sheet.order.id, items, self.tracking.tracking() if ships else Tracking()
            ),
            done=self._on_sent,
            failed=self._on_failed,
            busy=self.send_button,
        )

    def _on_sent(self, request: FulfilmentRequest) -> None:
        self.sent.emit(request)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, TooMany):
            self.lines.complain(
                error.line_id,
                tr("Only {open} open now, {asked} entered.", open=error.open, asked=error.asked),
            )
        self._say(error)

    def _say(self, error: Exception) -> None:
        told = explain(error)
        kept = tr("Nothing was sent; what you entered is kept.")
        body = told.body if kept in told.body else f"{told.body} {kept}".strip()
        self.banner.say(told.title, body, tone=told.tone, can_close=False)


def _send_words(items: tuple[FulfilmentItem, ...]) -> str:
    ships = sum(item.quantity for item in items)
    drops = sum(item.cancel_quantity for item in items)
    if ships and drops:
        return tr("Ship {ships}, cancel {drops}", ships=ships, drops=drops)
    if drops:
        return tr("Cancel {drops}", drops=drops)
    return tr("Ship {ships}", ships=ships) if ships else tr("Send")
