"""The head of one order: number, light, the one sentence, who must act, who has it in hand."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from posapp.domain.ages import age, at_time
from posapp.domain.order import OWNER, Light, OrderState, Owner, release_light
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.panels import column, holder, row
from posapp.ui.kit.texts import IconLabel, Pill, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.messages import light_words, outlook_sentence
from posapp.ui.orders.claiming import Hold
from posapp.ui.orders.states import light_look, order_look
from posapp.usecases.orders import OrderSheet

_MEANT_FOR_GOODS = (
    OrderState.PENDING_PAYMENT,
    OrderState.IN_REVIEW,
    OrderState.ACCEPTED,
    OrderState.BLOCKED,
    OrderState.UNKNOWN,
)


class DetailHead(QWidget):
    """What stands above everything else of an order."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("detail_head")
        self.number = Text("", Type.HEADING, name="number")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.light = Pill(solid=True, name="light")
        self.about = Text("", muted=True, wrap=True, name="about")
        self.state = Pill(name="state")
        self.sentence = Text("", Type.STRONG, wrap=True, name="sentence")
        self.next_action = Text("", wrap=True, name="next_action")
        self.claim_icon = IconLabel("claim", "text_muted", 16)
        self.claim = Text("", wrap=True, name="claim")
        self.box = QFrame()
        self.box.setProperty("part", "banner")
        self._build()

    def show_opening(self, order_id: str) -> None:
        """Show which order is on its way, and nothing of the one before."""
        self.number.setText(order_id)
        self.about.setText(tr("Opening…"))
        for widget in (self.light, self.state, self.box, self.claim, self.claim_icon):
            widget.hide()

    def show_sheet(self, sheet: OrderSheet, now: datetime, hold: Hold) -> None:
        """Show this order, as it is at `now`."""
        order = sheet.order
        self.box.show()
        self.state.show()
        self.number.setText(order.id)
        made = age(order.created_at, now) if order.created_at else ""
        sale = tr("Sale {number}", number=order.sale_number) if order.sale_number else ""
        parts = (sale, order.buyer, str(order.total), made)
        self.about.setText(" · ".join(part for part in parts if part))
        look = order_look(order, sheet.outlook, to_hand_over=sheet.to_hand_over)
        self.state.say(look.word, look.tone, icon=look.icon)
        theme.set_tone(self.box, look.tone)
        told = outlook_sentence(sheet.outlook)
        self.sentence.setText(told.text)
        waits = tr("Waits for {owner}.", owner=told.owner)
        is_over = OWNER[sheet.outlook] is Owner.NOBODY
        self.next_action.setText(told.next_action if is_over else f"{waits} {told.next_action}")
        self.box.setAccessibleName(f"{told.text} {self.next_action.text()}")
        self._show_light(sheet, now)
        self._show_claim(sheet, now, hold)

    def _show_light(self, sheet: OrderSheet, now: datetime) -> None:
        old_s = (now - sheet.seen_at).total_seconds() if sheet.seen_at else float("inf")
        light = release_light(sheet.order, old_s)
        look = light_look(light)
        self.light.say(light_words(light), look.tone, icon=look.icon)
        self.light.setVisible(sheet.order.state in _MEANT_FOR_GOODS)
        seen = at_time(sheet.seen_at, now) if sheet.seen_at else tr("never")
        hint = tr("Last told by Digital River: {time}", time=seen)
        if light is Light.STALE:
            hint = f"{hint}. {tr('R reads it again.')}"
        self.light.setToolTip(hint)

    def _show_claim(self, sheet: OrderSheet, now: datetime, hold: Hold) -> None:
        is_held = hold is not Hold.NOBODY and sheet.claim is not None
        self.claim.setVisible(is_held)
        self.claim_icon.setVisible(is_held)
        if not is_held or sheet.claim is None:
            return
        holder_name, till, until = sheet.claim
        time = at_time(until, now)
        if hold is Hold.ME:
            self.claim.say(tr("You have it in hand until {time}", time=time))
            self.claim_icon.set_icon("claim", "accent_text")
        else:
            words = tr("{name} at {till} has it in hand until {time}. You can look, not send.")
            self.claim.say(words.format(name=holder_name, till=till, time=time), Tone.WAIT)
            self.claim_icon.set_icon("lock", "wait")

    def _build(self) -> None:
        top = row(self.number, 1, self.state, self.light, gap=1)
        inner = column(self.sentence, self.next_action, gap=0.5)
        inner.setContentsMargins(14, 10, 14, 10)
        self.box.setLayout(inner)
        claim = row(self.claim_icon, self.claim, gap=1)
        claim.setStretch(1, 1)
        lines = column(top, self.about, self.box, holder(claim), gap=1)
        claim.setContentsMargins(0, 0, 0, 0)
        self.setLayout(lines)
