"""Words on a screen: labels in the type scale, icons beside them, states as pills.
Never holds data, never translates.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from posapp.ui.kit import icons, theme
from posapp.ui.kit.theme import Tone, Type


class Text(QLabel):
    """A label in the type scale."""

    def __init__(  # a label is declared in one line
        self,
        text: str = "",
        kind: Type = Type.BODY,
        *,
        parent: QWidget | None = None,
        muted: bool = False,
        tone: Tone | None = None,
        wrap: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("type", kind.value)
        self.setProperty("muted", muted)
        self.setProperty("tone", tone.value if tone else "")
        self.setWordWrap(wrap)
        if name:
            self.setObjectName(name)

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Change the words, and the tone they are said in."""
        self.setText(text)
        theme.set_tone(self, tone)


class Amount(Text):
    """An amount: right-aligned, figures of one width, never broken into two lines."""

    def __init__(
        self, text: str = "", kind: Type = Type.BODY, *, tone: Tone | None = None, name: str = ""
    ) -> None:
        super().__init__(text, kind, tone=tone, name=name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class IconLabel(QWidget):
    """An icon by its meaning, in the colour of a token, sharp at any scale."""

    def __init__(
        self, icon: str, color: str = "text_muted", size: int = 18, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._color = color
        self._at_100_percent = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, color: str | None = None) -> None:
        """Show another icon, or the same in another colour."""
        self._icon = icon
        self._color = color or self._color
        self.update()

    def sizeHint(self) -> QSize:
        """Qt's override."""
        side = theme.metrics().px(self._at_100_percent)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override: a new text scale means a new size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        side = self.sizeHint().width()
        at_x, at_y = (self.width() - side) // 2, (self.height() - side) // 2
        picture = icons.pixmap(self._icon, self._color, side, self.devicePixelRatioF())
        QPainter(self).drawPixmap(at_x, at_y, picture)


class Pill(QWidget):
    """A state: icon and word in a tone on its soft ground.

    `solid` is for the one that must be seen first.
    """

    def __init__(
        self,
        word: str = "",
        tone: Tone = Tone.NEUTRAL,
        *,
        icon: str = "",
        solid: bool = False,
        parent: QWidget | None = None,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._solid = solid
        self._word, self._tone, self._icon = word, tone, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        self.say(word, tone, icon=icon)

    @property
    def word(self) -> str:
        """The word it shows."""
        return self._word

    @property
    def tone(self) -> Tone:
        """The tone it shows."""
        return self._tone

    def say(self, word: str, tone: Tone, *, icon: str = "") -> None:
        """Show another state; without `icon` the tone's own is used."""
        self._word, self._tone, self._icon = word, tone, icon or icons.FOR_TONE[tone]
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt's override."""
        sizes = theme.metrics()
        width = QFontMetrics(theme.font(Type.BODY)).horizontalAdvance(self._word)
        return QSize(width + sizes.px(15) + 26, sizes.px(26))

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        colors = theme.current().tone(self._tone)
        ink = colors.on_solid if self._solid else colors.mark
        side = theme.metrics().px(15)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.solid if self._solid else colors.soft)
        painter.drawRoundedRect(self.rect(), self.height() / 2, self.height() / 2)
        picture = icons.tinted(self._icon, ink.rgba(), side, self.devicePixelRatioF())
        painter.drawPixmap(9, (self.height() - side) // 2, picture)
        painter.setPen(ink)
        painter.setFont(theme.font(Type.BODY))
        box = QRect(side + 15, 0, self.width() - side - 15, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._word)
