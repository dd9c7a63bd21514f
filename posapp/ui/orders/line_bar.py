"""How the units of one line stand, as a bar: ordered = fulfilled + cancelled + sending + open."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.fulfilment import LineStanding
from posapp.domain.words import tr
from posapp.ui.kit import theme

_PARTS = (  # part, colour token
    ("fulfilled", "ready_solid"),
    ("waiting", "info_solid"),
    ("cancelled", "neutral_solid"),
)


def standing_words(line: LineStanding) -> str:
    """Return the sum in words, leaving out what is none: "3 ordered = 1 fulfilled + 2 open"."""
    parts = [
        tr("{n} fulfilled", n=line.fulfilled) if line.fulfilled else "",
        tr("{n} sending", n=line.waiting) if line.waiting else "",
        tr("{n} cancelled", n=line.cancelled) if line.cancelled else "",
        tr("{n} open", n=line.open) if line.open else "",
    ]
    told = " + ".join(part for part in parts if part)
    return tr("{n} ordered = {parts}", n=line.ordered, parts=told or tr("0 open"))


class LineBar(QWidget):
    """The bar: a stretch for each part, in the order in which units go; open stays empty."""

    def __init__(self, line: LineStanding) -> None:
        super().__init__()
        self._line = line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(standing_words(line))
        self.setToolTip(standing_words(line))

    def sizeHint(self) -> QSize:
        """Qt's override."""
        return QSize(120, theme.metrics().px(10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), look.color("sunken"))
        left = 0.0
        for part, token in _PARTS:
            units: int = getattr(self._line, part)
            width = self.width() * units / max(self._line.ordered, 1)
            if units:
                painter.fillRect(QRectF(left, 0, width, self.height()), look.color(token))
                left += width
                if left < self.width():
                    painter.fillRect(QRectF(left - 1, 0, 2, self.height()), look.color("surface"))
        painter.setClipping(False)
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, edge.height() / 2, edge.height() / 2)
