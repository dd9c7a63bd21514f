"""Step 5: everything once more before the money is taken, with the texts that must stand beside
the key.
"""

from __future__ import annotations

from PySide6.QtCore import QTimerEvent, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox

from posapp.domain.legal_text import Disclosure
from posapp.domain.sale import Delivery, Sale
from posapp.domain.words import tr
from posapp.ui.kit.busy import BusyOverlay
from posapp.ui.kit.buttons import Button, Size
from posapp.ui.kit.panels import Card, column, holder, row
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Type
from posapp.ui.messages import Message
from posapp.ui.sale.legal_view import CONFIRM, LegalView
from posapp.ui.sale.page import Back, Forward, SalePage
from posapp.ui.sale.quote_view import QuoteTable, TotalsView
from posapp.ui.sale.words import address_lines, method_words


class ReviewPage(SalePage):
    """Totals, addresses, payment, texts; F12 takes the money once."""

    ticked = Signal(bool)  # the buyer agreed, or took it back
    retried = Signal()  # F5: load the texts again

    def __init__(self) -> None:
        super().__init__("review_page")
        self.bill_to = Text("", wrap=True, name="bill_to")
        self.ship_to = Text("", wrap=True, name="ship_to")
        self.ship_title = Text(tr("Goods"), Type.STRONG)
        self.method = Text("", wrap=True, name="method")
        self.method_icon = IconLabel("card", "accent_text", 22)
        self.quote_table = QuoteTable("review_lines")
        self.totals_view = TotalsView("review_totals")
        self.legal_view = LegalView("review_legal")
        self.confirm_text = Text("", wrap=True, name="confirm_text")
        self.terms_box = QCheckBox(tr("The customer agrees (Alt+G)"))
        self.terms_box.setObjectName("terms_box")
        self.terms_note = Text("", muted=True, wrap=True, name="terms_note")
        self.again_button = Button(
            tr("Load the texts again"),
            name="texts_button",
            icon="refresh",
            key="F5",
            size=Size.SMALL,
        )
        self._has_texts = False
        self._needs_tick = True
        self._is_placing = False
        self._seconds = 0
        self._timer = 0
        self._build()
        self._connect()

    @property
    def is_placing(self) -> bool:
        """Whether the order is being made at this moment."""
        return self._is_placing

    @property
    def agreed(self) -> bool:
        """Whether the buyer has agreed, here or in the form."""
        return not self._needs_tick or self.terms_box.isChecked()

    def forward(self) -> Forward:
        """Place the order, once the texts are there and the buyer has agreed."""
        ready = self._has_texts and self.agreed and not self._is_placing
        return Forward(tr("Place order"), "check", ready)

    def back(self) -> Back:
        """Back to payment, which asks first: the payment is spent."""
        return Back(tr("Back"), not self._is_placing)

    def show_sale(self, sale: Sale) -> None:
        """Show the sale as the service read it last."""
        quote = sale.quote
        self.quote_table.show_quote(quote)
        self.totals_view.show_quote(quote, shipping=sale.shipping.name if sale.shipping else "")
        if sale.customer is not None:
            party = sale.customer.party
            self.bill_to.setText(f"{address_lines(party)}\n{party.email}")
        self._show_goods(sale)
        method = sale.method or (quote.methods[0] if quote and quote.methods else None)
        self.method.setText(method_words(method) if method else tr("Nothing to pay"))

    def show_texts(self, disclosure: Disclosure | None, *, needs_tick: bool) -> None:
        """Show the texts; the tick only where the form has not taken it already."""
        self._has_texts = disclosure is not None
        self._needs_tick = needs_tick
        self.terms_box.setVisible(needs_tick and disclosure is not None)
        self.terms_note.setVisible(not needs_tick and disclosure is not None)
        self.terms_note.setText(tr("The customer ticked the terms of sale in the payment form."))
        if disclosure is not None:
            self.legal_view.show_texts(disclosure)
            confirm = disclosure.text(CONFIRM)
            self.confirm_text.setText(confirm.plain if confirm else "")
            self.again_button.hide()
        else:
            self.legal_view.show_waiting("")
            self.confirm_text.setText("")
        self.forward_changed.emit()

    def show_missing(self, message: Message, seller: str) -> None:
        """Say that the texts could not be had."""
        self.legal_view.show_missing(seller)
        self.again_button.show()
        self.say(message)

    def show_placing(self, *, is_placing: bool) -> None:
        """Show that the order is being made, with the seconds it takes."""
        self._is_placing = is_placing
        self._seconds = 0
        if is_placing:
            self.overlay.say(tr("Taking payment …"), tr("Do not switch off. This happens once."))
            self.overlay.start()
            self._timer = self._timer or self.startTimer(1000)
        else:
            self.overlay.hide()
            if self._timer:
                self.killTimer(self._timer)
                self._timer = 0
        self.forward_changed.emit()

    def reset(self) -> None:
        """Forget the tick of the sale before."""
        self.terms_box.setChecked(False)

    def timerEvent(self, event: QTimerEvent) -> None:
        """Qt's override: a second has passed."""
        if event.timerId() != self._timer:
            super().timerEvent(event)
            return
        self._seconds += 1
        self.overlay.say(
            tr("Taking payment … {n} s", n=self._seconds),
            tr("Do not switch off. This happens once."),
        )

    def _show_goods(self, sale: Sale) -> None:
        ways = {line.delivery for line in sale.basket.lines}
        if Delivery.SHIP in ways:
            party = sale.ship_to or (sale.customer.party if sale.customer else None)
            self.ship_title.setText(tr("Ship to"))
            self.ship_to.setText(address_lines(party) if party else "")
        elif Delivery.TAKE_AWAY in ways:
            self.ship_title.setText(tr("Goods"))
            self.ship_to.setText(
                tr("Taken away now.\nThey stay at the till until the green light.")
            )
        else:
            self.ship_title.setText(tr("Goods"))
            self.ship_to.setText(tr("Digital, sent by e-mail."))

    def _build(self) -> None:
        facts = Card(name="facts_card")
        parts = (
            column(Text(tr("Bill to"), Type.STRONG), self.bill_to, 1, gap=0.5),
            column(self.ship_title, self.ship_to, 1, gap=0.5),
            column(
                Text(tr("Paid with"), Type.STRONG),
                row(self.method_icon, self.method, 1),
                1,
                gap=0.5,
            ),
        )
        line = row(*parts, gap=3)
        for at in range(3):
            line.setStretch(at, 1)
        facts.body.addLayout(line)
        lines = Card(padding=0, name="review_lines_card").add(self.quote_table)
        sums = Card(name="review_totals_card").add(self.totals_view, 1)
        sums.setMinimumWidth(250)
        legal = Card(name="review_legal_card")
        legal.add(self.legal_view, self.confirm_text)
        legal.body.setStretch(0, 1)
        consent = row(self.terms_box, self.terms_note, self.again_button)
        consent.setStretch(1, 1)
        legal.body.addLayout(consent)
        foot = row(legal, sums, gap=1.5)
        foot.setStretch(0, 3)
        foot.setStretch(1, 2)
        inside = column(facts, lines, foot, gap=1.5)
        inside.setStretch(1, 3)
        inside.setStretch(2, 4)
        self.content = holder(inside)
        self.lines.addWidget(self.content, 1)
        self.overlay = BusyOverlay(self.content)
        self.again_button.hide()
        self.terms_note.hide()
        self.tick_key = QShortcut(QKeySequence("Alt+G"), self)

    def _connect(self) -> None:
        self.terms_box.toggled.connect(self._on_toggled)
        self.tick_key.activated.connect(self.terms_box.toggle)
        self.again_button.clicked.connect(self.retried)

    def _on_toggled(self, on: bool) -> None:
        self.ticked.emit(on)
        self.forward_changed.emit()
