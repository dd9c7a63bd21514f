"""An address as its country writes it:
which fields, in which order, under which names, is handed in. Never knows a country itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QLineEdit, QWidget

from posapp.ui.kit import theme
from posapp.ui.kit.fields import Field


@dataclass(frozen=True, slots=True)
class AddressField:
    """One field: `choices` are (value, words), `span` is in sixths of the row."""

    id: str
    label: str
    is_required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    span: int = 6
    hint: str = ""
    is_upper: bool = False
    is_secret: bool = False


class AddressForm(QWidget):
    """Fields on a grid of six parts. A new declaration keeps what was typed in fields that stay."""

    changed = Signal()  # somebody changed a value
    choice_changed = Signal(str, str)  # a field with choices: its id and the value chosen
    submitted = Signal()  # Enter in the last field

    def __init__(self, fields: Sequence[AddressField] = (), *, name: str = "address_form") -> None:
        super().__init__()
        self.setObjectName(name)
        self._fields: dict[str, Field] = {}
        self._declared: tuple[AddressField, ...] = ()
        self._kept: dict[str, str] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.metrics().space(1.5))
        self._grid.setVerticalSpacing(theme.metrics().space(1.25))
        for part in range(6):
            self._grid.setColumnStretch(part, 1)
        self.set_fields(fields)

    @property
    def declared(self) -> tuple[AddressField, ...]:
        """The fields it shows."""
        return self._declared

    def field(self, field_id: str) -> Field:
        """Return one field, by the id it was declared with."""
        return self._fields[field_id]

    def set_fields(self, fields: Sequence[AddressField]) -> None:
        """Show these fields in this order; values of fields that stay, stay.

        Focus stays where it was.
        """
        if tuple(fields) == self._declared:
            return
        self._kept |= self.values()
        focused = next((at for at, f in self._fields.items() if f.editor.hasFocus()), "")
        if focused:
            self._fields[focused].editor.clearFocus()  # else it goes on, and the page scrolls after
        for field in self._fields.values():
            self._grid.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._declared = tuple(fields)
        self._fields = {declared.id: self._made(declared) for declared in fields}
        self._place()
        if focused in self._fields:
            self._grid.activate()  # a field that takes the keyboard is scrolled to where it stands
            self._fields[focused].editor.setFocus()

    def values(self) -> dict[str, str]:
        """Return the trimmed values by field id; choices give their value, not their words."""
        return {at: _value(field.editor) for at, field in self._fields.items()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Fill fields by id; fields not named keep what they hold."""
        self._kept |= values
        for at, value in values.items():
            if at in self._fields:
                _set_value(self._fields[at].editor, value)

    def set_errors(self, errors: Mapping[str, str]) -> None:
        """Show these sentences at their fields and none at the others;
        the first wrong field takes the keyboard.
        """
        for at, field in self._fields.items():
            field.set_error(errors.get(at, ""))
        first = next((at for at in self._fields if at in errors), "")
        if first:
            self._fields[first].editor.setFocus()

    def missing(self) -> tuple[str, ...]:
        """Return the ids of required fields that are empty, top first."""
        values = self.values()
        return tuple(f.id for f in self._declared if f.is_required and not values[f.id])

    def _made(self, declared: AddressField) -> Field:
        editor = self._combo(declared) if declared.choices else self._line(declared)
        return Field(
            declared.label,
            editor,
            hint=declared.hint,
            is_required=declared.is_required,
            name=f"{self.objectName()}_{declared.id}",
        )

    def _line(self, declared: AddressField) -> QLineEdit:
        line = QLineEdit(self._kept.get(declared.id, ""))
        if declared.is_upper:
            line.textEdited.connect(lambda text: _set_upper(line, text))
        if declared.is_secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textEdited.connect(self._on_changed)
        line.returnPressed.connect(self._on_return)
        return line

    def _combo(self, declared: AddressField) -> QComboBox:
        combo = _Choices()
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # as wide as its place: the longest of 250 names would push its neighbour out of the form
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        for value, words in declared.choices:
            combo.addItem(words, value)
        if (line := combo.lineEdit()) is not None:
            line.textEdited.connect(self._on_changed)
            line.editingFinished.connect(lambda: _settle(combo))
        _set_value(combo, self._kept.get(declared.id, ""))
        combo.activated.connect(lambda _at: self.choice_changed.emit(declared.id, _value(combo)))
        combo.activated.connect(self._on_changed)
        return combo

    def _place(self) -> None:
        """Put them on the grid; the Tab key follows the order they were made in.

        Qt's own way to say that order makes a ring of two editable combo boxes in a row.
        """
        at_row, at_part = 0, 0
        for declared in self._declared:
            span = min(max(declared.span, 1), 6)
            if at_part + span > 6:
                at_row, at_part = at_row + 1, 0
            self._grid.addWidget(self._fields[declared.id], at_row, at_part, 1, span)
            at_part += span

    def _on_changed(self) -> None:
        for field in self._fields.values():
            if field.error and field.editor.hasFocus():
                field.set_error("")
        self.changed.emit()

    def _on_return(self) -> None:
        """Enter goes on to the next field, and from the last one out of the form."""
        editors = [field.editor for field in self._fields.values()]
        at = next((n for n, editor in enumerate(editors) if editor.hasFocus()), len(editors) - 1)
        if at + 1 < len(editors):
            editors[at + 1].setFocus()
        else:
            self.submitted.emit()


class _Choices(QComboBox):
    """A choice by its first letters rather than by scrolling through 250 countries.

    What is typed is completed in place: a list that springs up would take the keyboard away.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        if (completer := self.completer()) is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's override: what is typed replaces what stands there, however one came here."""
        super().focusInEvent(event)
        line = self.lineEdit()
        if line is not None and event.reason() is not Qt.FocusReason.PopupFocusReason:
            line.selectAll()


def _value(editor: QWidget) -> str:
    if isinstance(editor, QComboBox):
        at = editor.findText(editor.currentText())
        return str(editor.itemData(at)) if at >= 0 else ""
    return editor.text().strip() if isinstance(editor, QLineEdit) else ""


def _settle(combo: QComboBox) -> None:
    """Who types the first letters and goes on means the first choice that begins with them."""
    text = combo.currentText().strip()
    at = combo.findText(text)
    if at < 0 and text:
        at = combo.findText(text, Qt.MatchFlag.MatchStartsWith)
    if at >= 0 and (at != combo.currentIndex() or combo.itemText(at) != combo.currentText()):
        combo.setCurrentIndex(at)
        combo.activated.emit(at)


def _set_value(editor: QWidget, value: str) -> None:
    line = editor.lineEdit() if isinstance(editor, QComboBox) else editor
    if isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
        if editor.currentIndex() < 0:
            editor.setEditText("")
        if (line := editor.lineEdit()) is not None:
            line.setCursorPosition(0)  # words longer than the field show how they begin
    elif isinstance(editor, QLineEdit):
        editor.setText(value)
    if isinstance(line, QLineEdit) and editor.hasFocus():
        line.selectAll()  # somebody is there already and about to type


def _set_upper(line: QLineEdit, text: str) -> None:
    at = line.cursorPosition()
    line.setText(text.upper())
    line.setCursorPosition(at)
