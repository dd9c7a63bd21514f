"""The lines of the fulfil sheet: how many leave and how many are cancelled. Never sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.fulfilment import FulfilmentItem, LineStanding
from posapp.domain.order import LineId
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.fields import QuantityEdit
from posapp.ui.kit.panels import column, holder
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Type

MOST = 9999
_SHIP, _CANCEL = 1, 2


@dataclass(slots=True)
class _Row:
    """The widgets of one line."""

    line: LineStanding
    open_text: Text
    ship: QuantityEdit
    cancel: QuantityEdit
    error: Text


class FulfilLines(QWidget):
    """One row a line. F fills the column the keyboard is in with all that is open; 0 is legal."""

    changed = Signal()  # some quantity is different now

    def __init__(self, lines: Sequence[LineStanding], *, may_cancel: bool) -> None:
        super().__init__()
        self.setObjectName("fulfil_lines")
        self._may_cancel = may_cancel
        self._rows: dict[str, _Row] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.metrics().space(2))
        self._grid.setVerticalSpacing(theme.metrics().space(1))
        self._grid.setColumnStretch(0, 1)
        for at, title in enumerate((tr("Line"), tr("Ship"), tr("Cancel"))):
            if at != _CANCEL or may_cancel:
                head = Text(title, Type.CAPTION, muted=True)
                side = Qt.AlignmentFlag.AlignHCenter if at else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(head, 0, at, side)
        for line in lines:
            self._add(line)
        self._grid.setRowStretch(len(self._rows) + 1, 1)

    # ---- what the sheet asks and tells

    def items(self) -> tuple[FulfilmentItem, ...]:
        """Return what was entered, lines without any left out."""
        made = (
            FulfilmentItem(LineId(key), row.ship.quantity(), row.cancel.quantity())
            for key, row in self._rows.items()
        )
        return tuple(item for item in made if item.quantity or item.cancel_quantity)

    def set_items(self, items: Sequence[FulfilmentItem]) -> None:
        """Put back what was entered before."""
        for item in items:
            row = self._rows.get(item.line_id)
            if row is not None:
                row.ship.set_quantity(item.quantity)
                row.cancel.set_quantity(item.cancel_quantity)

    def set_lines(self, lines: Sequence[LineStanding]) -> None:
        """Take in how the lines stand now; what was entered stays."""
        for line in lines:
            row = self._rows.get(line.line.id)
            if row is not None:
                row.line = line
                row.open_text.setText(_open_words(line))
        self._judge()

    def fill(self, *, cancelling: bool) -> None:
        """Put all that is open into one column, less what stands in the other."""
        for row in self._rows.values():
            into, other = (row.cancel, row.ship) if cancelling else (row.ship, row.cancel)
            into.set_quantity(max(row.line.open - other.quantity(), 0))

    def count_in(self, sku: str) -> bool:
        """Ship one more of this product, as a scan says; False when no line here is of it."""
        rows = [row for row in self._rows.values() if row.line.line.sku == sku]
        if not rows:
            return False
        free = (x for x in rows if x.ship.quantity() + x.cancel.quantity() < x.line.open)
        row = next(free, rows[-1])
        row.ship.set_quantity(row.ship.quantity() + 1)
        return True

    def focus_first(self, *, cancelling: bool) -> None:
        """Put the keyboard into the first line that has something open."""
        for row in self._rows.values():
            if row.line.open:
                edit = (row.cancel if cancelling else row.ship).edit
                edit.setFocus()
                edit.selectAll()
                return

    def problems(self) -> Mapping[str, str]:
        """Return what is wrong, a sentence for each line id."""
        return {key: told for key, row in self._rows.items() if (told := _problem(row))}

    def complain(self, line_id: str, sentence: str) -> None:
        """Show what the desk found wrong with a line."""
        row = self._rows.get(line_id)
        if row is not None:
            _say(row, sentence)

    # ---- Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: F fills the column the keyboard is in."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_F
            and not event.modifiers()
        ):
            self.fill(cancelling=any(row.cancel.edit is watched for row in self._rows.values()))
            return True
        return False

    # ---- inside

    def _add(self, line: LineStanding) -> None:
        name = line.line.name or line.line.sku
        open_text = Text(_open_words(line), Type.CAPTION, muted=True)
        error = Text("", Type.CAPTION, wrap=True)
        error.setProperty("part", "fieldError")
        error.hide()
        title = Text(name, Type.STRONG, wrap=True)
        words = holder(column(title, open_text, error, gap=0.25))
        at = len(self._rows) + 1
        key = str(line.line.id)
        ship = QuantityEdit(
            0, largest=MOST, name=f"ship_{key}", label=tr("Ship of {name}", name=name)
        )
        cancel = QuantityEdit(
            0, largest=MOST, name=f"cancel_{key}", label=tr("Cancel of {name}", name=name)
        )
        row = _Row(line, open_text, ship, cancel, error)
        self._rows[key] = row
        self._grid.addWidget(words, at, 0)
        for place, field in ((_SHIP, ship), (_CANCEL, cancel)):
            self._grid.addWidget(field, at, place, Qt.AlignmentFlag.AlignTop)
            field.setEnabled(bool(line.open))
            field.quantity_changed.connect(self._on_changed)
            field.edit.installEventFilter(self)
        cancel.setVisible(self._may_cancel)

    def _on_changed(self, _quantity: int) -> None:
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        for row in self._rows.values():
            row.ship.setEnabled(bool(row.line.open or row.ship.quantity()))
            row.cancel.setEnabled(bool(row.line.open or row.cancel.quantity()))
            _say(row, _problem(row))


def _problem(row: _Row) -> str:
    asked = row.ship.quantity() + row.cancel.quantity()
    if asked <= row.line.open:
        return ""
    return tr("Only {open} open, {asked} entered.", open=row.line.open, asked=asked)


def _say(row: _Row, sentence: str) -> None:
    row.error.setText(sentence)
    row.error.setVisible(bool(sentence))
    for field in (row.ship, row.cancel):
        theme.set_property(field.edit, "invalid", bool(sentence) and field.quantity() > 0)


def _open_words(line: LineStanding) -> str:
    words = tr("{open} of {ordered} open", open=line.open, ordered=line.ordered)
    sku = line.line.sku
    waits = tr("{n} being sent", n=line.waiting) if line.waiting else ""
    return " · ".join(part for part in (sku, words, waits) if part)
