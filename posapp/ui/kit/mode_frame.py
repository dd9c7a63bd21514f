"""The frame that says which world this is: training striped amber, test violet, live none;
always with the word. Wraps every window.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import icons, theme
from posapp.ui.kit.theme import Type

_EDGE = 6
_BAND = 26
_STRIPE = 14


class Mode(StrEnum):
    """Which world the window works in."""

    TRAINING = "training"
    TEST = "test"
    LIVE = "live"


def word_of(mode: Mode) -> str:
    """Return the mode's word in the reader's language;
    for live too, where it is shown small elsewhere.
    """
    match mode:
        case Mode.TRAINING:
            return tr("Training: nothing here is real")
        case Mode.TEST:
            return tr("Test: no money moves")
        case Mode.LIVE:
            return tr("Live")


class ModeFrame(QWidget):
    """A frame around a window's content; in live mode it takes no room at all."""

    def __init__(self, content: QWidget, mode: Mode, *, name: str = "mode_frame") -> None:
        super().__init__()
        self.setObjectName(name)
        self._mode = mode
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(content)
        self.set_mode(mode)

    @property
    def mode(self) -> Mode:
        """The mode it shows."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Show another mode."""
        self._mode = mode
        edge = 0 if mode is Mode.LIVE else _EDGE
        top = 0 if mode is Mode.LIVE else theme.metrics().px(_BAND)
        self._column.setContentsMargins(edge, top, edge, edge)
        self.setAccessibleName(word_of(mode))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        if self._mode is Mode.LIVE:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.current().color(self._mode.value))
        if self._mode is Mode.TRAINING:
            self._paint_stripes(painter)
        self._paint_word(painter)

    def _paint_stripes(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme.current().color("training_stripe"), _STRIPE))
        step = _STRIPE * 3
        for left in range(-self.height(), self.width() + self.height(), step):
            painter.drawLine(left, self.height() + 20, left + self.height() + 40, -20)

    def _paint_word(self, painter: QPainter) -> None:
        words = word_of(self._mode)
        ink: QColor = theme.current().color(f"{self._mode}_on")
        painter.setFont(theme.font(Type.STRONG))
        side = theme.metrics().px(16)
        width = painter.fontMetrics().horizontalAdvance(words) + side + 44
        band = QRect((self.width() - width) // 2, 0, width, theme.metrics().px(_BAND))
        painter.fillRect(band, theme.current().color(self._mode.value))
        picture = icons.tinted(self._mode.value, ink.rgba(), side, self.devicePixelRatioF())
        painter.drawPixmap(band.left() + 16, band.center().y() - side // 2 + 1, picture)
        painter.setPen(ink)
        painter.drawText(band.adjusted(side + 24, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
