"""The basket's lines as a table one can work with keys: + and −, digits and Enter, Del."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.sale import BasketLine, Delivery
from posapp.domain.words import tr
from posapp.ui.kit.fields import money_words
from posapp.ui.kit.table import Align, CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.sale.words import delivery_words

MOST_DIGITS = 3
_ICONS = {Delivery.TAKE_AWAY: "take_away", Delivery.SHIP: "ship", Delivery.DIGITAL: "digital"}


def basket_columns() -> tuple[Column[BasketLine], ...]:
    """Return the columns: quantity and price, product, amount."""
    return (
        Column(
            tr("Qty"),
            lambda line: f"{line.quantity} × {money_words(line.unit_price)}",
            align=Align.END,
            kind=CellKind.MUTED,
            width=11,
        ),
        Column(
            tr("Product"),
            lambda line: line.name,
            icon=lambda line: _ICONS[line.delivery],
            kind=CellKind.STRONG,
            tip=lambda line: f"{line.name} · {line.sku} · {delivery_words(line.delivery)}",
            width=0,
        ),
        Column(
            tr("Amount"),
            lambda line: money_words(line.amount),
            align=Align.END,
            kind=CellKind.MONEY,
            width=9,
        ),
    )


class BasketTable(TableView):
    """Lines of the basket. Typed digits gather until Enter; more of them than a quantity has are
    a scan gone astray and are thrown away.
    """

    stepped = Signal(object, int)  # BasketLine, +1 or −1: one more or one less of it
    counted = Signal(object, int)  # BasketLine, quantity: this many of it
    removed = Signal(object)  # BasketLine: take it out
    typed = Signal(str)  # the digits typed so far

    def __init__(self, parent: QWidget | None = None) -> None:
        self.lines: RowsModel[BasketLine] = RowsModel(basket_columns(), lambda line: line.key)
        self._digits = ""
        self._is_astray = False
        super().__init__(self.lines, parent, name="basket_table", label=tr("Basket"))
        self.row_chosen.connect(self._on_row_chosen)

    def chosen_line(self) -> BasketLine | None:
        """Return the line the keys act on: the chosen one, else the last."""
        line = self.chosen()
        if isinstance(line, BasketLine):
            return line
        return self.lines.rows[-1] if self.lines.rows else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: quantity keys; the rest is the table's."""
        line = self.chosen_line()
        text = event.text()
        if line is None:
            super().keyPressEvent(event)
        elif text in ("+", "-"):
            self.stepped.emit(line, 1 if text == "+" else -1)
        elif text.isdecimal() and text.isascii():
            self._gather(text)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit(line)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._count(line)
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape) and self._digits:
            self._forget()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt's override: half-typed digits are forgotten."""
        super().focusOutEvent(event)
        self._forget()

    def _gather(self, digit: str) -> None:
        self._digits += digit
        if len(self._digits) > MOST_DIGITS:
            self._digits = ""
            self._is_astray = True
        self.typed.emit(self._digits)

    def _count(self, line: BasketLine) -> None:
        digits, astray = self._digits, self._is_astray
        self._forget()
        if digits and not astray:
            self.counted.emit(line, int(digits))

    def _forget(self) -> None:
        self._is_astray = False
        if self._digits:
            self._digits = ""
            self.typed.emit("")

    def _on_row_chosen(self, _line: object) -> None:
        self._forget()
