"""The lines of an order, each with its bar and its sum. Shows; never changes a quantity."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from posapp.domain.fulfilment import LineStanding
from posapp.domain.words import tr
from posapp.ui.kit.panels import Card, clear, column, holder, row
from posapp.ui.kit.texts import Amount, Text
from posapp.ui.kit.theme import Type
from posapp.ui.orders.line_bar import LineBar, standing_words


class LinesPanel(Card):
    """What was bought and how much of it has left."""

    def __init__(self) -> None:
        super().__init__(tr("Lines"), name="lines_panel")
        self._shown: tuple[LineStanding, ...] = ()

    @property
    def lines(self) -> tuple[LineStanding, ...]:
        """What it shows."""
        return self._shown

    def show_lines(self, lines: Sequence[LineStanding]) -> None:
        """Show these lines; nothing moves when they are the ones already shown."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        clear(self.body)
        for line in lines:
            name = Text(line.line.name or line.line.sku, Type.STRONG, wrap=True)
            amount = Amount(str(line.line.gross))
            head = row(name, amount, gap=1)
            head.setStretch(0, 1)
            head.setAlignment(amount, Qt.AlignmentFlag.AlignTop)
            told = Text(standing_words(line), Type.CAPTION, muted=True, wrap=True)
            sku = Text(line.line.sku, Type.CAPTION, muted=True)
            foot = row(told, sku, gap=1)
            foot.setStretch(0, 1)
            inner = column(head, LineBar(line), foot, gap=0.5)
            inner.setContentsMargins(0, 0, 0, 8)
            made = holder(inner)
            made.setAccessibleName(f"{name.text()}: {told.text()}")
            self.add(made)
