"""What a person fills in: labelled fields with an error line, amounts, quantities, a scan field.
Checks the form of a value, never its sense.
"""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import NumberFormatError, format_currency, format_decimal, parse_decimal
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleValueChangeEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.money import Money, exponent
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.filter import SearchBox
from posapp.ui.kit.panels import column, row
from posapp.ui.kit.texts import Text


class Field(QWidget):
    """A label over an editor, a hint or an error under it.

    The label's `&` letter goes to the editor.
    """

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        is_required: bool = True,
        name: str = "",
    ) -> None:
        super().__init__()
        self.editor = editor
        self._hint = hint
        self._label_text = label.replace("&", "")
        if name:
            editor.setObjectName(name)
        words = label if is_required else tr("{label} (optional)", label=label)
        self.label = Text(words)
        self.label.setTextFormat(Qt.TextFormat.AutoText)
        self.label.setProperty("part", "fieldLabel")
        self.label.setBuddy(editor)
        self.note = Text(hint, wrap=True)
        self.setLayout(column(self.label, editor, self.note, 1, gap=0.5))
        self.setFocusProxy(editor)
        editor.setAccessibleName(self._label_text)
        self.set_error("")

    @property
    def error(self) -> str:
        """The sentence that says what is wrong, or nothing."""
        return self.note.text() if self.editor.property("invalid") else ""

    def set_error(self, sentence: str) -> None:
        """Say what is wrong with the value; nothing takes it back."""
        theme.set_property(self.editor, "invalid", bool(sentence))
        theme.set_property(self.note, "part", "fieldError" if sentence else "fieldHint")
        self.note.setText(sentence or self._hint)
        self.note.setVisible(bool(sentence or self._hint))
        self.editor.setAccessibleDescription(sentence or self._hint)


class MoneyEdit(QLineEdit):
    """An amount in one currency, typed as the reader writes it ("1.234,50"), read strictly."""

    amount_changed = Signal(object)  # Money, or None while what stands there is no amount

    def __init__(
        self,
        currency: str,
        locale: str = "en_US",
        parent: QWidget | None = None,
        *,
        name: str,
        smallest: Money | None = None,
        largest: Money | None = None,
    ) -> None:
        """`smallest` and `largest` are inclusive; by default nothing below zero is taken."""
        super().__init__(parent)
        self.setObjectName(name)
        self._currency = currency
        self._locale = locale
        self._smallest = smallest or Money.zero(currency)
        self._largest = largest
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme.font())
        self.textChanged.connect(lambda: self.amount_changed.emit(self.amount()))
        self.editingFinished.connect(self._tidy)

    @property
    def currency(self) -> str:
        """The currency every amount here is in."""
        return self._currency

    def amount(self) -> Money | None:
        """Return the amount, or None when what stands there is none, has too many digits or is out
        of bounds.
        """
        amount = read_amount(self.text(), self._currency, self._locale)
        if amount is None:
            return None
        too_large = self._largest is not None and self._largest < amount
        return None if amount < self._smallest or too_large else amount

    def set_amount(self, amount: Money | None) -> None:
        """Show an amount, or nothing."""
        self.setText("" if amount is None else plain_amount(amount, self._locale))

    def problem(self) -> str:
        """Return the sentence that says why there is no amount, or nothing."""
        if self.amount() is not None:
            return ""
        digits = exponent(self._currency)
        example = format_decimal(Decimal("1234.5"), locale=self._locale) if digits else "1234"
        if self._largest is not None:
            return tr(
                "Enter an amount up to {largest}, such as {example}.",
                largest=money_words(self._largest, self._locale),
                example=example,
            )
        return tr("Enter an amount in {currency}.", currency=self._currency)

    def _tidy(self) -> None:
        amount = self.amount()
        if amount is not None:
            self.set_amount(amount)


class QuantityEdit(QWidget):
    """A whole number with − and + beside it. A scan never lands here:

    the scan filter takes it away.
    """

    quantity_changed = Signal(int)

    def __init__(
        self,
        value: int = 1,
        *,
        smallest: int = 0,
        largest: int = 9999,
        name: str,
        label: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._value = value
        self._smallest, self._largest = smallest, largest
        self.edit = QLineEdit(str(value))
        self.edit.setObjectName(f"{name}_edit")
        self.edit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.edit.setAccessibleName(label or tr("Quantity"))
        self.edit.setFixedWidth(theme.metrics().px(64))
        self.less_button = Button("", name=f"{name}_less", kind=Kind.QUIET, icon="remove")
        self.more_button = Button("", name=f"{name}_more", kind=Kind.QUIET, icon="add")
        self.less_button.setAccessibleName(tr("One less"))
        self.more_button.setAccessibleName(tr("One more"))
        for button in (self.less_button, self.more_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys do the same
            button.setAutoRepeat(True)
        self.setLayout(row(self.less_button, self.edit, self.more_button, gap=0.25))
        self.setFocusProxy(self.edit)
        self._bound()
        self.less_button.clicked.connect(lambda: self._step(-1))
        self.more_button.clicked.connect(lambda: self._step(1))
        self.edit.textEdited.connect(self._on_edited)
        self.edit.installEventFilter(self)

    def quantity(self) -> int:
        """Return the number."""
        return self._value

    def set_quantity(self, value: int) -> None:
        """Show a number, brought within the bounds."""
        bounded = min(max(value, self._smallest), self._largest)
        self.edit.setText(str(bounded))
        self._take(bounded)

    def set_bounds(self, smallest: int, largest: int) -> None:
        """Allow these numbers; one outside them is brought in."""
        self._smallest, self._largest = smallest, largest
        self._bound()
        self.set_quantity(self._value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: the arrow keys step."""
        if event.type() == QEvent.Type.FocusOut:
            self._tidy()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._tidy()
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _tidy(self) -> None:
        """An empty or refused entry gives way to the number that counts."""
        if self.edit.text() != str(self._value):
            self.edit.setText(str(self._value))

    def _bound(self) -> None:
        self.edit.setValidator(QIntValidator(0, self._largest, self.edit))
        self._light_buttons()

    def _light_buttons(self) -> None:
        self.less_button.setEnabled(self._value > self._smallest)
        self.more_button.setEnabled(self._value < self._largest)

    def _step(self, by: int) -> None:
        self.set_quantity(self._value + by)

    def _on_edited(self, text: str) -> None:
        if text and self._smallest <= int(text) <= self._largest:
            self._take(int(text))

    def _take(self, value: int) -> None:
        self._light_buttons()
        if value == self._value:
            return
        self._value = value
        self._light_buttons()
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self.edit, value))
        self.quantity_changed.emit(value)


class ScanEdit(SearchBox):
    """The field for scanning and searching:

    `submitted` carries what was scanned or typed with Enter.
    """

    def __init__(
        self, placeholder: str, parent: QWidget | None = None, *, name: str, key: str = "F2"
    ) -> None:
        super().__init__(placeholder, parent, name=name, icon="scan", key=key)
        self.edit.setProperty("takesScans", True)


def read_amount(text: str, currency: str, locale: str = "en_US") -> Money | None:
    """Return the amount as this reader writes it, None for what is none or has too many digits."""
    typed = text.strip().replace("\u2212", "-")
    if any(character.isalpha() for character in typed):
        return None  # Decimal would read 1e3 and NaN
    try:
        read = parse_decimal(typed, locale=locale, strict=True)
    except NumberFormatError:
        return None
    if not read.is_finite() or read != round(read, exponent(currency)):
        return None
    return Money.of(read, currency)


def money_words(amount: Money, locale: str = "en_US") -> str:
    """Return an amount as this reader writes it, with the currency's sign and a true minus."""
    words = format_currency(amount.amount, amount.currency, locale=locale)
    return words.replace("-", "\u2212")


def plain_amount(amount: Money, locale: str = "en_US") -> str:
    """Return an amount's figures as this reader writes them, without the currency."""
    digits = exponent(amount.currency)
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(amount.amount, format=pattern, locale=locale)
