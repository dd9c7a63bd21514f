"""Step 3: what the service makes of the basket. Lines, taxes, seller and texts, as returned."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from posapp.domain.legal_text import Disclosure
from posapp.domain.sale import Delivery, Quote, Sale, ShippingOption
from posapp.domain.words import tr
from posapp.ui.kit.busy import BusyOverlay
from posapp.ui.kit.buttons import Button, Size
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.panels import Card, clear, column, holder, row
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.ui.sale.legal_view import LegalView
from posapp.ui.sale.page import Back, Forward, SalePage
from posapp.ui.sale.quote_view import QuoteTable, TotalsView


class CheckoutPage(SalePage):
    """Lines above; seller, texts and totals below."""

    shipping_chosen = Signal(object)  # ShippingOption
    delivery_chosen = Signal(object)  # Delivery: ends a mix of take-away and shipping
    retried = Signal()  # F5: price again, or load the texts again

    def __init__(self) -> None:
        super().__init__("checkout_page")
        self.quote_table = QuoteTable("checkout_lines")
        self.totals_view = TotalsView("checkout_totals")
        self.legal_view = LegalView("checkout_legal")
        self.ways_label = Text(tr("Ship by"), muted=True)
        self.ways_note = Text("", tone=Tone.WAIT, wrap=True, name="ways_note")
        self._ways: QHBoxLayout = row(gap=0.5)
        self._way_buttons: list[Button] = []
        self.again_button = Button(
            tr("Try again"), name="again_button", icon="refresh", key="F5", size=Size.SMALL
        )
        self.take_all_button = Button(
            tr("Everything is taken away"), name="take_all_button", icon="take_away", key="Alt+A"
        )
        self.ship_all_button = Button(
            tr("Everything is shipped"), name="ship_all_button", icon="ship", key="Alt+V"
        )
        self._is_busy = False
        self._has_texts = False
        self._is_priced = False
        self._has_trouble = False
        self._build()
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether the service is asked at this moment."""
        return self._is_busy

    def forward(self) -> Forward:
        """To payment, once everything is priced and the texts are there."""
        if self._is_priced:
            return Forward(tr("Payment"), "pay", self._has_texts and not self._is_busy)
        return Forward(tr("Price it"), "refresh", not self._is_busy)

    def back(self) -> Back:
        """To the cart."""
        return Back(tr("Cart"))

    def show_sale(self, sale: Sale) -> None:
        """Show the sale's quote if it belongs to this basket."""
        quote = sale.quote
        fresh = quote is not None and quote.basket_version == sale.basket.version
        self._is_priced = fresh
        self.show_quote(quote if fresh else None, sale.shipping)
        self.forward_changed.emit()

    def show_quote(self, quote: Quote | None, shipping: ShippingOption | None) -> None:
        """Show what the service said, or an empty sheet."""
        self.quote_table.show_quote(quote)
        self.totals_view.show_quote(quote, shipping=shipping.name if shipping else "")
        self.foot.setVisible(quote is not None)
        if quote is None:
            self.legal_view.show_nothing()
            self.show_shipping((), None)

    def show_shipping(
        self, options: Sequence[ShippingOption], chosen: ShippingOption | None
    ) -> None:
        """Offer these ways to ship; the chosen one is marked."""
        clear(self._ways)
        self._way_buttons = []
        for at, option in enumerate(options, start=1):
            button = Button(
                f"{option.name} {money_words(option.price)}",
                name=f"shipping_{option.id}",
                icon="ship",
                key=f"Alt+{at}",
                size=Size.SMALL,
            )
            button.setCheckable(True)
            button.setChecked(chosen is not None and option.id == chosen.id)
            button.clicked.connect(lambda _on=False, way=option: self.shipping_chosen.emit(way))
            self._ways.addWidget(button)
            self._way_buttons.append(button)
        self._ways.addStretch(1)
        self._lay_ways()
        self.ways.setVisible(bool(options))
        self.ways_note.hide()

    def show_uncharged(self, way: ShippingOption) -> None:
        """Say that the service asks nothing for the way chosen, before the customer pays less."""
        self.ways_note.setText(
            tr(
                "{way} is not charged: Digital River takes these goods for digital. Their tax code "
                "or part number decides it; an administrator can put it right in Settings.",
                way=way.name,
            )
        )
        self.ways_note.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: ways to ship stand under each other where the page is narrow."""
        super().resizeEvent(event)
        self._lay_ways()

    def _lay_ways(self) -> None:
        room = self.width() - self.ways_label.sizeHint().width()
        wanted = sum(button.minimumSizeHint().width() + 8 for button in self._way_buttons)
        down, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._ways.setDirection(beside if wanted < room else down)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done, or that nothing is."""
        self._is_busy = bool(sentence)
        if sentence:
            self.again.hide()
            self.mix.hide()
            self.overlay.say(sentence, tr("Esc goes back to the cart."))
            self.overlay.start()
        else:
            self.overlay.hide()
        self.forward_changed.emit()

    def show_texts(self, disclosure: Disclosure | None, seller: str = "") -> None:
        """Show the legal texts, or that they are still on their way."""
        self._has_texts = disclosure is not None
        if disclosure is not None:
            self.legal_view.show_texts(disclosure)
        else:
            self.legal_view.show_waiting(seller)
        self.forward_changed.emit()

    def show_trouble(self, message: Message, *, is_mixed: bool = False) -> None:
        """Say what went wrong, with the keys that help."""
        self.show_busy("")
        self.say(message)
        self.again.setVisible(message.can_retry)
        self.mix.setVisible(is_mixed)

    def show_no_trouble(self) -> None:
        """Everything is well."""
        self.hush()
        self.again.hide()
        self.mix.hide()

    def _build(self) -> None:
        self.quote_table.set_empty_state(
            EmptyState(
                "checkout",
                tr("Not priced yet"),
                tr("Digital River works out taxes, shipping and the total."),
                name="quote_empty",
            )
        )
        self.again = holder(row(self.again_button, 1))
        self.mix = holder(row(self.take_all_button, self.ship_all_button, 1))
        ways = row(self.ways_label, self._ways, gap=1)
        ways.setStretch(1, 1)
        self.ways = holder(column(ways, self.ways_note, gap=0.5))
        lines = Card(padding=0, name="lines_card").add(self.quote_table)
        legal = Card(name="legal_card").add(self.legal_view)
        sums = Card(name="totals_card").add(self.totals_view, 1)
        sums.setMinimumWidth(250)
        foot = row(legal, sums, gap=1.5)
        foot.setStretch(0, 3)
        foot.setStretch(1, 2)
        self.foot = holder(foot)
        inside = column(lines, self.ways, self.foot, gap=1.5)
        inside.setStretch(0, 5)
        inside.setStretch(2, 4)
        self.content: QWidget = holder(inside)
        self.lines.addWidget(self.again)
        self.lines.addWidget(self.mix)
        self.lines.addWidget(self.content, 1)
        self.overlay = BusyOverlay(self.content)
        for part in (self.again, self.mix, self.ways):
            part.hide()
        self.enter_key = QShortcut(QKeySequence("Return"), self)

    def _connect(self) -> None:
        self.again_button.clicked.connect(self.retried)
        self.take_all_button.clicked.connect(lambda: self.delivery_chosen.emit(Delivery.TAKE_AWAY))
        self.ship_all_button.clicked.connect(lambda: self.delivery_chosen.emit(Delivery.SHIP))
        self.enter_key.activated.connect(self._on_enter)

    def _on_enter(self) -> None:
        """Enter goes on, but never out of a refusal that a person must think about."""
        if self._is_priced and self.forward().is_ready:
            self.forwarded.emit()
