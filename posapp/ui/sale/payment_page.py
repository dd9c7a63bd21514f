"""Step 4: the place of the payment form. While a form is there only Cancel and Reload work.

No field of ours takes keys here, and no key passes through code of ours (drop-in.md 6.9).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui.kit.banner import announce
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.panels import Card, column, holder, row
from posapp.ui.kit.spinner import Spinner
from posapp.ui.kit.texts import Amount, IconLabel, Text
from posapp.ui.kit.theme import Tone, Type
from posapp.ui.kit.web import PaymentView
from posapp.ui.messages import Message
from posapp.ui.sale.page import Back, Forward, SalePage

_ICONS = {Tone.WAIT: "warning", Tone.PROBLEM: "error", Tone.READY: "success"}


class PaymentPage(SalePage):
    """Amount, what to do, the form."""

    reload_wanted = Signal()  # F5: ask the service, then open the form again
    cancel_wanted = Signal()  # Esc: give this payment up

    def __init__(self) -> None:
        super().__init__("payment_page")
        self.amount_label = Amount("", Type.TITLE, name="amount_label")
        self.status_icon = IconLabel("card", "accent_text", 22)
        self.status_label = Text("", Type.STRONG, wrap=True, name="status_label")
        self.advice_label = Text("", muted=True, wrap=True, name="advice_label")
        self.reload_button = Button(
            tr("Reload"), name="reload_button", icon="refresh", key="F5", size=Size.SMALL
        )
        self.cancel_button = Button(
            tr("Cancel"),
            name="cancel_payment_button",
            icon="cancel",
            key="Esc",
            size=Size.SMALL,
        )
        self.waiting_label = Text("", Type.LEAD, wrap=True, name="waiting_label")
        self.stack = QStackedWidget()
        self._view: PaymentView | None = None
        self._build()
        self.reload_button.clicked.connect(self.reload_wanted)
        self.cancel_button.clicked.connect(self.cancel_wanted)

    @property
    def view(self) -> PaymentView | None:
        """The payment form on show, if any."""
        return self._view

    def forward(self) -> Forward:
        """No key goes on from here: paying does."""
        return Forward()

    def back(self) -> Back:
        """The page has a Cancel of its own, which asks first."""
        return Back()

    def show_sale(self, sale: Sale) -> None:
        """Show what is to be paid."""
        quote = sale.quote
        self.amount_label.setText(money_words(quote.total) if quote is not None else "")

    def show_status(self, words: str, *, icon: str = "card") -> None:
        """Say what is going on, beside the amount."""
        self.status_icon.set_icon(icon, "accent_text")
        self.status_label.say(words)
        self.advice_label.hide()
        self.amount_label.show()
        announce(self, words)

    def say(self, message: Message, *, action: str = "") -> None:
        """Say it in the status line: a banner would push the form below its smallest size."""
        self.status_icon.set_icon(_ICONS.get(message.tone, "info"), message.tone.value)
        self.status_label.say(message.title, message.tone)
        body = f"{message.body} “{message.to_shopper}”" if message.to_shopper else message.body
        # The form keeps its smallest size: beside it one line, the whole of it where it points.
        short = body.partition(". ")[0].rstrip(".") + "."
        self.advice_label.setText(short if self._view is not None else body)
        self.advice_label.setToolTip(body)
        self.advice_label.setVisible(bool(body))
        self.amount_label.setVisible(self._view is None)
        announce(self, f"{message.title}. {body}", is_urgent=message.tone is Tone.PROBLEM)

    def hush(self) -> None:
        """Put the sentence away."""
        self.advice_label.hide()
        self.amount_label.show()

    def show_waiting(self, words: str) -> None:
        """Show a sentence in place of a form."""
        self.waiting_label.setText(words)
        self.stack.setCurrentIndex(0)

    def host(self, view: PaymentView) -> None:
        """Show this form."""
        self.drop_view()
        self._view = view
        self.stack.addWidget(view)
        self.stack.setCurrentWidget(view)
        view.set_neighbours(self.reload_button, self.cancel_button)

    def drop_view(self) -> None:
        """Take the form away with everything it knew."""
        view, self._view = self._view, None
        if view is None:
            return
        self.stack.setCurrentIndex(0)
        view.dispose()
        self.stack.removeWidget(view)
        view.deleteLater()

    def _build(self) -> None:
        head = row(
            self.status_icon,
            column(self.status_label, self.advice_label, gap=0),
            self.amount_label,
            self.reload_button,
            self.cancel_button,
            gap=1,
        )
        head.setStretch(1, 1)
        waiting = row(1, Spinner(size=28), self.waiting_label, 1, gap=2)
        self.stack.addWidget(holder(column(1, waiting, 1)))
        self.advice_label.hide()
        sheet = Card(padding=0, name="form_card").add(self.stack)
        self.lines.setSpacing(8)
        self.lines.addLayout(head)
        self.lines.addWidget(sheet, 1)
        self.reload_button.set_kind(Kind.QUIET)
