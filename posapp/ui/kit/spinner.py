"""A turning mark: something is at work. Turns only while it is seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimerEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from posapp.domain.words import tr
from posapp.ui.kit import theme

_TURN_MS = 40
_STEP_DEGREES = 15


class Spinner(QWidget):
    """A turning arc; turns only while it is visible, so that a hidden one costs nothing."""

    def __init__(self, parent: QWidget | None = None, *, size: int = 20) -> None:
        super().__init__(parent)
        self._angle = 0
        self._size = size
        self._timer = 0
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("At work"))

    def sizeHint(self) -> QSize:
        """Qt's override: the side it was made with."""
        return QSize(self._size, self._size)

    def event(self, event: QEvent) -> bool:
        """Qt's override: turn while shown."""
        if event.type() == QEvent.Type.Show and not self._timer:
            self._timer = self.startTimer(_TURN_MS)
        elif event.type() == QEvent.Type.Hide and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        return super().event(event)

    def timerEvent(self, _event: QTimerEvent) -> None:
        """Qt's override: one step on."""
        self._angle = (self._angle + _STEP_DEGREES) % 360
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        painter = QPainter(self)
        paint_spinner(
            painter, QRectF(self.rect()), self._angle, theme.current().color("accent_text")
        )


def paint_spinner(painter: QPainter, box: QRectF, angle: int, color: QColor) -> None:
    """Paint the turning arc at `angle` degrees inside `box`."""
    width = max(2.0, box.width() / 9)
    inner = box.adjusted(width, width, -width, -width)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    faint = QColor(color)
    faint.setAlphaF(0.22)
    painter.setPen(QPen(faint, width))
    painter.drawEllipse(inner)
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawArc(inner, -angle * 16, -100 * 16)
