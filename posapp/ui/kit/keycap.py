"""A little key cap, such as F12, shown where a key does something. Binds nothing."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.kit import theme
from posapp.ui.kit.buttons import key_width, paint_key


class KeyCap(QWidget):
    """The picture of a key."""

    def __init__(
        self, key: str, parent: QWidget | None = None, *, color: str = "text_muted"
    ) -> None:
        super().__init__(parent)
        self.key = key
        self._color = color
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Qt's override."""
        return QSize(key_width(self.key), theme.metrics().px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        box = QRect(0, 0, self.width(), self.height())
        paint_key(QPainter(self), box, self.key, theme.current().color(self._color))
