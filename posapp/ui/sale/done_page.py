"""Step 6: may the goods go? The light, the order's number, one sentence, and the next sale."""

from __future__ import annotations

from PySide6.QtCore import QTimerEvent, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent

from posapp.domain.order import OWNER, Light, Order, OrderState, Outlook, Owner
from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.panels import Card, Detail, DetailRows, column, holder, row
from posapp.ui.kit.release_light import Light as Lamp
from posapp.ui.kit.release_light import ReleaseLight
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.messages import charge_words, order_words, outlook_sentence, pay_to_words
from posapp.ui.sale.ledger_panel import LedgerPanel
from posapp.ui.sale.page import Forward, SalePage
from posapp.ui.sale.words import method_words

TICK_MS = 5000
_LAMPS = {
    Light.RELEASE: Lamp.GREEN,
    Light.HOLD: Lamp.AMBER,
    Light.DO_NOT_RELEASE: Lamp.RED,
    Light.STALE: Lamp.GREY,
}


class DonePage(SalePage):
    """The release light, large; facts and proof below."""

    handed_over = Signal()  # F10: the take-away goods are with the customer
    refresh_wanted = Signal()  # F5: read the order again
    ticked = Signal()  # some seconds have passed: is the light still true?

    def __init__(self) -> None:
        super().__init__("done_page")
        self.release_light = ReleaseLight(name="release_light")
        self.order_label = Text("", Type.TITLE, wrap=True, name="order_label")
        self.sentence = Text("", Type.LEAD, wrap=True, name="sentence")
        self.duty = Text("", wrap=True, name="duty")
        self.facts = DetailRows(name="order_facts")
        self.ledger = LedgerPanel("done_ledger")
        self.hand_over_button = Button(
            tr("Handed over"), name="hand_over_button", icon="fulfil", key="F10"
        )
        self.handed_note = Text(tr("Handed over"), Type.STRONG, tone=Tone.READY)
        self._timer = 0
        self._build()
        self._connect()

    def forward(self) -> Forward:
        """The next sale."""
        return Forward(tr("Next sale"), "add")

    def show_sale(self, sale: Sale) -> None:
        """Show which order it is, before its light is known."""
        self.order_label.setText(
            tr("Order {order} · sale {number}", order=sale.order_id, number=sale.label)
        )

    def show_unknown(self) -> None:
        """The order is not in our mirror yet."""
        self.release_light.set_light(Lamp.GREY, tr("The order is being read. Keep the goods."))
        self.hand_over_button.hide()

    def show_unnumbered(self) -> None:
        """A manager saw the order at the service, we did not."""
        told = tr("A manager saw the order at Digital River. Keep the goods until it is in Orders.")
        self.release_light.set_light(Lamp.GREY, told)
        self.hand_over_button.hide()

    def show_order(
        self, light: Light, order: Order, outlook: Outlook, *, to_hand_over: bool
    ) -> None:
        """Show the light and what it rests on."""
        said = outlook_sentence(outlook)
        goods_can_go = light is Light.RELEASE
        reason = said.text
        if light is Light.STALE:
            reason = tr("The last answer about this order is too old. Keep the goods; F5 asks.")
        elif outlook is Outlook.TO_FULFIL and to_hand_over:
            reason = tr("The order is accepted. Give the customer the goods.")
        self.release_light.set_light(_LAMPS[light], reason)
        self.sentence.setText(_next_words(light, outlook))
        self.duty.setText(tr("Whose turn: {owner}", owner=said.owner))
        self.hand_over_button.setVisible(to_hand_over)
        self.hand_over_button.setEnabled(goods_can_go)
        self.facts.show_details(_facts(order))

    def show_handed_over(self, *, is_done: bool) -> None:
        """Say that the goods are with the customer."""
        self.handed_note.setVisible(is_done)
        if is_done:
            self.hand_over_button.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override: watch the light while on show."""
        super().showEvent(event)
        self._timer = self._timer or self.startTimer(TICK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's override."""
        super().hideEvent(event)
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        """Qt's override: some seconds have passed."""
        if event.timerId() == self._timer:
            self.ticked.emit()
        else:
            super().timerEvent(event)

    def _build(self) -> None:
        self.release_light.setFixedHeight(theme.metrics().px(144))
        next_line = row(IconLabel("next", "accent_text", 22), self.sentence)
        next_line.setStretch(1, 1)
        hands = row(self.hand_over_button, self.handed_note, 1)
        left = column(self.order_label, next_line, self.duty, 1, hands)
        beside = row(left, column(self.facts, 1), gap=3)
        beside.setStretch(0, 3)
        beside.setStretch(1, 2)
        facts = Card(name="done_card")
        facts.body.addLayout(beside)
        inside = column(self.release_light, facts, self.ledger, gap=1.5)
        inside.setStretch(2, 1)
        self.lines.addWidget(holder(inside), 1)
        self.hand_over_button.hide()
        self.handed_note.hide()
        self.enter_key = QShortcut(QKeySequence("Return"), self)

    def _connect(self) -> None:
        self.hand_over_button.clicked.connect(self.handed_over)
        self.ledger.verify_wanted.connect(self.refresh_wanted)
        self.enter_key.activated.connect(self.forwarded)


def _next_words(light: Light, outlook: Outlook) -> str:
    """Return the one thing to do next; never one that the light forbids."""
    said = outlook_sentence(outlook)
    if light is Light.STALE:
        return tr("Next: press F5 to read the order again. Keep the goods until then.")
    if OWNER[outlook] is Owner.NOBODY:
        return said.text
    return tr("Next: {action}", action=said.next_action)


def _facts(order: Order) -> tuple[Detail, ...]:
    facts = [
        Detail(tr("State"), order_words(order.state, order.raw_state)),
        Detail(tr("Total"), money_words(order.total), is_strong=True),
    ]
    for charge in order.charges:
        words = tr(
            "{amount} {state}", amount=money_words(charge.amount), state=charge_words(charge.state)
        )
        facts.append(Detail(tr("Payment"), words))
    for method in order.methods:
        facts.append(Detail(tr("Paid with"), method_words(method)))
        if method.reference:
            facts.append(Detail(tr("Reference"), method.reference, is_strong=True))
        if order.state is OrderState.PENDING_PAYMENT:
            facts += [Detail(pay_to_words(name), said) for name, said in method.pay_to]
    return tuple(facts)
