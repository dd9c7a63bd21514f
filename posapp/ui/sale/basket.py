"""The basket, always at the right: who buys, the lines, the sum of our prices, the forward key.

Shows totals of the service as soon as it has told them, never a tax of ours.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from posapp.domain.sale import Delivery, Sale
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.panels import Rule, column, holder, row
from posapp.ui.kit.texts import Amount, IconLabel, Text
from posapp.ui.kit.theme import Type
from posapp.ui.sale.basket_table import BasketTable
from posapp.ui.sale.page import Forward
from posapp.ui.sale.words import buyer_words, tax_line, units_words

WIDTH = 448
"""Pixels at 100 % text."""
SHARE = 0.4
LOW = 440  # px at 100 % text
"""The most of the screen that the basket takes, so that the payment form keeps its size."""


class BasketPanel(QFrame):
    """Basket, totals and the primary key of the page beside it."""

    forwarded = Signal()  # the primary key
    stepped = Signal(object, int)  # BasketLine, +1 or −1
    counted = Signal(object, int)  # BasketLine, quantity
    removed = Signal(object)  # BasketLine
    delivery_chosen = Signal(object)  # Delivery for all goods
    held = Signal()  # put the sale aside
    recalled = Signal()  # show what was put aside
    dropped = Signal()  # throw the sale away
    customer_wanted = Signal()  # choose another customer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("basket_panel")
        self.setProperty("part", "bar")
        self.fit(0)
        self.sale_label = Text("", Type.TITLE, name="sale_label")
        self.buyer_label = Text("", muted=True, name="buyer_label")
        self.customer_button = Button(
            tr("Customer"), name="customer_button", kind=Kind.QUIET, key="F3", size=Size.SMALL
        )
        self.table = BasketTable(self)
        self._make_buttons()
        self.subtotal_label = Text(tr("Subtotal"), name="subtotal_label")
        self.subtotal = Amount("", Type.AMOUNT, name="subtotal")
        self.tax_note = Text("", muted=True, name="tax_note")
        self.lock_note = Text("", muted=True, wrap=True, name="lock_note")
        self.typed_note = Text("", Type.STRONG, name="typed_note")
        self._build()
        self._connect()

    def fit(self, screen_width: int) -> None:
        """Grow with the text, as far as the page beside it allows."""
        wanted = theme.metrics().px(WIDTH)
        self.setFixedWidth(min(wanted, max(round(screen_width * SHARE), WIDTH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: a low panel gives the lines the room of what its keys do as well."""
        super().resizeEvent(event)
        sizes = theme.metrics()
        is_low = self.height() < sizes.px(LOW) and sizes.density is theme.Density.MOUSE
        self.aside.setVisible(not is_low)
        self.steps.setVisible(not is_low)

    def show_sale(self, sale: Sale, *, is_open: bool, may_hold: bool) -> None:
        """Show the sale: whether its basket may change on this page, and whether it may be held."""
        self.sale_label.setText(tr("Sale {number}", number=sale.label))
        self.buyer_label.setText(buyer_words(sale))
        has_lines = bool(sale.basket.lines)
        before = {line.key for line in self.table.lines.rows}
        self.table.lines.set_rows(sale.basket.lines)
        self._follow(sale, before)
        self._show_sum(sale)
        for button in (self.less_button, self.more_button, self.remove_button):
            button.setEnabled(is_open and has_lines)
        self.hold_button.setEnabled(may_hold and has_lines)
        for button in (self.drop_button, self.recall_button, self.customer_button):
            button.setEnabled(may_hold)
            button.setVisible(may_hold)
        self.hold_button.setVisible(may_hold)
        self.tools.setVisible(is_open)
        if not is_open:
            self.table.clearSelection()
        self.table.setEnabled(is_open)
        self._show_delivery(sale, is_open=is_open)

    def show_forward(self, forward: Forward) -> None:
        """Show the primary key of the page."""
        self.forward_button.setVisible(bool(forward.words))
        self.forward_button.set_text(forward.words)
        self.forward_button.set_icon(forward.icon)
        self.forward_button.setEnabled(forward.is_ready)

    def show_lock(self, words: str) -> None:
        """Say why the basket cannot change, or nothing."""
        self.lock_note.setText(words)
        self.lock.setVisible(bool(words))

    def _make_buttons(self) -> None:
        quiet, small = Kind.QUIET, Size.SMALL
        self.less_button = Button("", name="less_button", kind=quiet, icon="remove", size=small)
        self.less_button.setAccessibleName(tr("One less"))
        self.less_button.setToolTip(tr("One less (−)"))
        self.more_button = Button("", name="more_button", kind=quiet, icon="add", size=small)
        self.more_button.setAccessibleName(tr("One more"))
        self.more_button.setToolTip(tr("One more (+)"))
        self.remove_button = Button(
            tr("Remove"), name="remove_button", kind=quiet, key="Del", bind=False, size=small
        )
        self.take_button = Button(
            tr("Take away"), name="take_button", icon="take_away", size=small, key="Alt+T"
        )
        self.ship_button = Button(
            tr("Ship"), name="ship_button", icon="ship", size=small, key="Alt+S"
        )
        for button in (self.take_button, self.ship_button):
            button.setCheckable(True)
        self.hold_button = Button(tr("Hold"), name="hold_button", icon="hold", key="F6")
        self.recall_button = Button(tr("Recall"), name="recall_button", icon="recall", key="F7")
        self.drop_button = Button("", name="drop_button", kind=quiet, icon="delete")
        self.drop_button.setAccessibleName(tr("Drop this sale"))
        self.drop_button.setToolTip(tr("Drop this sale"))
        self.forward_button = Button(
            "", name="forward_button", kind=Kind.PRIMARY, key="F12", size=Size.LARGE
        )

    def _build(self) -> None:
        self.table.set_empty_state(
            EmptyState(
                "sell",
                tr("The basket is empty"),
                tr("Scan a product, or search it by name (F2)."),
                name="basket_empty",
            )
        )
        for button in (self.drop_button, self.customer_button):
            keeps = button.sizePolicy()
            keeps.setRetainSizeWhenHidden(True)  # the head does not jump from page to page
            button.setSizePolicy(keeps)
        who = row(IconLabel("customer"), self.buyer_label, 1, self.customer_button)
        head = column(row(self.sale_label, 1, self.drop_button), who, gap=0.25)
        head.setContentsMargins(16, 10, 8, 8)
        self.steps = holder(row(self.less_button, self.more_button, self.remove_button))
        tools = row(self.steps, 1, self.typed_note)
        tools.setContentsMargins(8, 2, 16, 2)
        self.tools = holder(tools)
        self.delivery = holder(row(self.take_button, self.ship_button, 1, gap=0.5))
        lock = row(IconLabel("lock"), self.lock_note)
        lock.setStretch(1, 1)
        self.lock = holder(lock)
        self.lock.hide()
        sums = row(self.subtotal_label, 1, self.subtotal)
        sums.setAlignment(self.subtotal_label, Qt.AlignmentFlag.AlignBottom)
        aside = row(self.hold_button, self.recall_button)
        for at in (0, 1):
            aside.setStretch(at, 1)
        self.aside = holder(aside)
        foot = column(self.delivery, self.lock, sums, self.tax_note, gap=0.5)
        foot.addSpacing(theme.metrics().space(1))
        foot.addWidget(self.aside)
        foot.addWidget(self.forward_button)
        foot.setContentsMargins(16, 10, 16, 12)
        self.tax_note.setAlignment(Qt.AlignmentFlag.AlignRight)
        lines = column(head, Rule(), self.table, self.tools, Rule(), foot, gap=0)
        lines.setStretch(2, 1)
        self.setLayout(lines)

    def _connect(self) -> None:
        self.forward_button.clicked.connect(self.forwarded)
        self.table.stepped.connect(self.stepped)
        self.table.counted.connect(self.counted)
        self.table.removed.connect(self.removed)
        self.table.typed.connect(self._on_typed)
        self.less_button.clicked.connect(lambda: self._step(-1))
        self.more_button.clicked.connect(lambda: self._step(1))
        self.remove_button.clicked.connect(self._on_remove)
        self.take_button.clicked.connect(lambda: self.delivery_chosen.emit(Delivery.TAKE_AWAY))
        self.ship_button.clicked.connect(lambda: self.delivery_chosen.emit(Delivery.SHIP))
        self.hold_button.clicked.connect(self.held)
        self.recall_button.clicked.connect(self.recalled)
        self.drop_button.clicked.connect(self.dropped)
        self.customer_button.clicked.connect(self.customer_wanted)

    def _follow(self, sale: Sale, before: set[str]) -> None:
        """Keep the newest line in sight and chosen, so that + and − mean what was just scanned."""
        fresh = [line.key for line in sale.basket.lines if line.key not in before]
        if fresh:
            self.table.choose(fresh[-1])
        elif self.table.chosen() is None and sale.basket.lines:
            self.table.choose(sale.basket.lines[-1].key)

    def _show_sum(self, sale: Sale) -> None:
        quote = sale.quote
        if quote is not None and quote.basket_version == sale.basket.version:
            self.subtotal_label.setText(tr("Total"))
            self.subtotal.setText(money_words(quote.total))
            label = tax_line(quote.disclosure_country, inclusive=quote.tax_inclusive)
            self.tax_note.setText(f"{label} {money_words(quote.tax)}")
            return
        units = units_words(sale.basket.units)
        self.subtotal_label.setText(tr("Subtotal · {units}", units=units))
        self.subtotal.setText(money_words(sale.basket.subtotal))
        self.tax_note.setText(tr("tax at checkout"))

    def _show_delivery(self, sale: Sale, *, is_open: bool) -> None:
        ways = {line.delivery for line in sale.basket.lines if line.physical}
        self.delivery.setVisible(bool(ways) and is_open)
        for button, way in (
            (self.take_button, Delivery.TAKE_AWAY),
            (self.ship_button, Delivery.SHIP),
        ):
            button.setChecked(way in ways)
            button.setEnabled(is_open)

    def _step(self, by: int) -> None:
        line = self.table.chosen_line()
        if line is not None:
            self.stepped.emit(line, by)

    def _on_remove(self) -> None:
        line = self.table.chosen_line()
        if line is not None:
            self.removed.emit(line)

    def _on_typed(self, digits: str) -> None:
        self.typed_note.setText(tr("{digits} × — Enter", digits=digits) if digits else "")
