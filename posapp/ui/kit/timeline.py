"""What happened, newest first: when, what, who, with an icon and a tone. Shows entries;
never fetches them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.kit import icons, theme
from posapp.ui.kit.panels import clear, column, row
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone, Type


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, in words a person reads; `when` is already in the reader's form."""

    when: str
    title: str
    detail: str = ""
    icon: str = ""
    tone: Tone = Tone.NEUTRAL


class Timeline(QWidget):
    """Entries under each other on a line."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "timeline") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._entries: tuple[Entry, ...] = ()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it shows."""
        return self._entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these entries; nothing moves when they are the ones already shown."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        clear(self._lines)
        for at, entry in enumerate(entries):
            self._lines.addWidget(_Line(entry, is_last=at == len(entries) - 1))
        self._lines.addStretch(1)


class _Line(QWidget):
    """One entry beside its mark; the line runs on to the next mark."""

    def __init__(self, entry: Entry, *, is_last: bool) -> None:
        super().__init__()
        self._entry = entry
        self._is_last = is_last
        when = Text(entry.when, Type.CAPTION, muted=True)
        when.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        title = Text(entry.title, Type.STRONG, wrap=True)
        words = column(title, gap=0.25)
        if entry.detail:
            words.addWidget(Text(entry.detail, muted=True, wrap=True))
        line = row(words, when, gap=1)
        line.setStretch(0, 1)
        line.setContentsMargins(self._side() + 12, 3, 0, 14)
        self.setLayout(line)
        self.setAccessibleName(f"{entry.when}: {entry.title}. {entry.detail}".strip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override: the mark and the line."""
        side = self._side()
        colors = theme.current().tone(self._entry.tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._is_last:
            painter.setPen(QPen(theme.current().color("line"), 2))
            painter.drawLine(side // 2, side + 3, side // 2, self.height() - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.soft)
        painter.drawEllipse(0, 0, side, side)
        name = self._entry.icon or icons.FOR_TONE[self._entry.tone]
        inner = side - theme.metrics().px(10)
        picture = icons.tinted(name, colors.mark.rgba(), inner, self.devicePixelRatioF())
        at = (side - inner) // 2
        painter.drawPixmap(at, at, picture)

    def _side(self) -> int:
        return theme.metrics().px(26)
