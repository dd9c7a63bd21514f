"""How something was and how it is, side by side: labels at the left, figures under their heads.
Decides nothing; says a change by an icon and weight, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.ui.kit import theme
from posapp.ui.kit.panels import Rule, clear
from posapp.ui.kit.texts import Amount, IconLabel, Text
from posapp.ui.kit.theme import Tone, Type


@dataclass(frozen=True, slots=True)
class Compared:
    """One row; the last cell is how it is now, and stands out when `is_changed`."""

    label: str
    cells: tuple[str, ...]
    is_changed: bool = False


class CompareTable(QWidget):
    """Rows under their heads."""

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.rows: tuple[Compared, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.metrics().space(2))
        self._grid.setVerticalSpacing(theme.metrics().space(0.5))
        self._grid.setColumnStretch(0, 1)

    def show_rows(self, heads: Sequence[str], rows: Sequence[Compared]) -> None:
        """Show these rows and no others; `heads` name the columns after the label."""
        self.rows = tuple(rows)
        clear(self._grid)
        for at, head in enumerate(heads, start=1):
            caption = Text(head, Type.CAPTION, muted=True)
            self._grid.addWidget(caption, 0, at, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(Rule(), 1, 0, 1, len(heads) + 2)
        for at, row in enumerate(rows, start=2):
            self._show_row(at, row, heads)

    def _show_row(self, at: int, row: Compared, heads: Sequence[str]) -> None:
        top = Qt.AlignmentFlag.AlignTop
        label = Text(row.label, wrap=True)
        told = ", ".join(f"{h} {c}" for h, c in zip(heads, row.cells, strict=True) if c)
        label.setAccessibleName(f"{row.label}: {told}")
        self._grid.addWidget(label, at, 0, top)
        for column, cell in enumerate(row.cells, start=1):
            is_now = row.is_changed and column == len(row.cells)
            value = Amount(
                cell, Type.STRONG if is_now else Type.BODY, tone=Tone.PROBLEM if is_now else None
            )
            self._grid.addWidget(value, at, column, top)
        if row.is_changed:
            mark = IconLabel("warning", "problem", 16)
            self._grid.addWidget(mark, at, len(heads) + 1, top)
