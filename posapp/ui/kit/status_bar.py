"""The bar at the bottom: feed age, outbox, printer, database as chips with icon, word and tone.
Shows; never asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QWidget

from posapp.ui.kit import icons, theme
from posapp.ui.kit.theme import Tone, Type


class StatusChip(QAbstractButton):
    """One fact about the till, such as "live, 2 s"; pressing it tells more."""

    def __init__(self, icon: str, text: str = "", *, name: str, tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__()
        self.setObjectName(name)
        self._icon = icon
        self._tone = tone
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.say(text, tone)

    @property
    def tone(self) -> Tone:
        """The tone it shows."""
        return self._tone

    def say(self, text: str, tone: Tone = Tone.NEUTRAL, *, icon: str = "", tip: str = "") -> None:
        """Change the fact."""
        self._tone = tone
        self._icon = icon or self._icon
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(f"{text} {tip}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt's override."""
        sizes = theme.metrics()
        width = QFontMetrics(theme.font(Type.CAPTION)).horizontalAdvance(self.text())
        return QSize(width + sizes.px(15) + 24, sizes.px(24))

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        look = theme.current()
        is_loud = self._tone in {Tone.WAIT, Tone.PROBLEM}
        ink = look.tone(self._tone).mark if self._tone is not Tone.NEUTRAL else None
        ink = ink or look.color("text_muted")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_loud or self.underMouse():
            painter.setBrush(look.tone(self._tone).soft if is_loud else look.color("hover"))
            painter.drawRoundedRect(self.rect(), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(look.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)
        side = theme.metrics().px(15)
        picture = icons.tinted(self._icon, ink.rgba(), side, self.devicePixelRatioF())
        painter.drawPixmap(8, (self.height() - side) // 2, picture)
        painter.setPen(ink)
        painter.setFont(theme.font(Type.CAPTION))
        box = self.rect().adjusted(side + 14, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())


class StatusBar(QFrame):
    """Chips from the left, and from the right."""

    chip_pressed = Signal(str)  # the chip's objectName

    def __init__(
        self,
        left: Sequence[StatusChip],
        right: Sequence[StatusChip] = (),
        *,
        parent: QWidget | None = None,
        name: str = "status_bar",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("part", "footbar")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 4, 12, 4)
        line.setSpacing(4)
        for chip in left:
            self._add(line, chip)
        line.addStretch(1)
        for chip in right:
            self._add(line, chip)

    def _add(self, line: QHBoxLayout, chip: StatusChip) -> None:
        chip.clicked.connect(lambda: self.chip_pressed.emit(chip.objectName()))
        line.addWidget(chip)
