"""Buttons that show their icon, word and key: primary, secondary, quiet, danger.
Painted from tokens; never decide anything.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimerEvent
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcutEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from posapp.ui.kit import icons, theme
from posapp.ui.kit.spinner import paint_spinner
from posapp.ui.kit.theme import Type

_RING = 3  # room around the face for the focus ring


class Kind(StrEnum):
    """How loud a button is; a screen has at most one primary."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"


class Size(StrEnum):
    """How tall a button is, beside the density."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


# token names: face, hovered face, pressed face, ink, edge ("" for none)
_LOOKS: dict[Kind, tuple[str, str, str, str, str]] = {
    Kind.PRIMARY: ("accent", "accent_hover", "accent_pressed", "on_accent", ""),
    Kind.SECONDARY: ("surface", "hover", "pressed", "text", "line_strong"),
    Kind.QUIET: ("", "hover", "pressed", "accent_text", ""),
    Kind.DANGER: ("danger", "danger_hover", "danger_pressed", "on_danger", ""),
}


class Button(QPushButton):
    """A push button with an icon, a word and the key that presses it, such as "Customer  F12".

    `key` is both shown and bound; with `bind=False` it is shown only (an action binds it
    elsewhere).
    """

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        name: str,
        kind: Kind = Kind.SECONDARY,
        icon: str = "",
        key: str = "",
        bind: bool = True,
        size: Size = Size.NORMAL,
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self._kind = kind
        self._icon = icon
        self._key = key
        self._size = size
        self._is_busy = False
        self._angle = 0
        self._timer = 0
        if text:
            self.setAccessibleName(text)
        self._bound = QKeySequence(key) if key and bind else QKeySequence()
        if key and bind:
            self.setShortcut(self._bound)
        if key:
            self.setAccessibleDescription(key)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def kind(self) -> Kind:
        """How loud it is."""
        return self._kind

    @property
    def key(self) -> str:
        """The key shown on it."""
        return self._key

    def set_kind(self, kind: Kind) -> None:
        """Make it louder or quieter."""
        self._kind = kind
        self.update()

    def set_icon(self, icon: str) -> None:
        """Show another icon, by its meaning."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_text(self, text: str) -> None:
        """Change the word, for the eye and for the screen reader; the key stays bound.

        Qt gives up a button's shortcut with each new text.
        """
        if text == self.text():
            return
        self.setText(text)
        if not self._bound.isEmpty():
            self.setShortcut(self._bound)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_busy(self, busy: bool) -> None:
        """Turn a mark in place of the icon; the runner calls this."""
        self._is_busy = busy
        if busy and not self._timer:
            self._timer = self.startTimer(40)
        elif not busy and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        self.update()

    def event(self, event: QEvent) -> bool:
        """Qt's override: its key presses it at once; Qt's own way waits 100 ms for show."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def timerEvent(self, event: QTimerEvent) -> None:
        """Qt's override: turn the mark."""
        if event.timerId() != self._timer:
            super().timerEvent(event)
            return
        self._angle = (self._angle + 15) % 360
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override: a new text scale means a new size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Qt's override: icon, word and key with their gaps."""
        least = self.minimumSizeHint()
        key = self._key_width() + 12 if self._key else 0
        return QSize(least.width() + key, least.height())

    def minimumSizeHint(self) -> QSize:
        """Qt's override: a word is never cut; its key may go where the room is short."""
        word = QFontMetrics(self._font()).horizontalAdvance(self.text())
        width = word + 2 * self._pad() + 2 * _RING
        if self._icon:
            width += self._icon_side() + (8 if self.text() else 0)
        height = self._face_height() + 2 * _RING
        return QSize(max(width, height), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(_RING, _RING, -_RING, -_RING)
        if self.hasFocus():
            self._paint_ring(painter, face)
        ink = self._paint_face(painter, face)
        self._paint_content(painter, face.toRect(), ink)

    def _paint_ring(self, painter: QPainter, face: QRectF) -> None:
        painter.setPen(QPen(theme.current().color("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = theme.metrics().radius + 2
        painter.drawRoundedRect(face.adjusted(-2, -2, 2, 2), radius, radius)

    def _paint_face(self, painter: QPainter, face: QRectF) -> QColor:
        look = theme.current()
        rest, hovered, pressed, ink, edge = _LOOKS[self._kind]
        token = pressed if self.isDown() else hovered if self.underMouse() else rest
        if self.isChecked():
            token, ink, edge = "accent_soft", "accent_text", "accent"
        if not self.isEnabled() and not self._is_busy:
            token, ink = ("sunken" if rest else ""), "text_faint"
            edge = "line" if rest else ""
        painter.setPen(QPen(look.color(edge), 1.5) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(look.color(token) if token else Qt.BrushStyle.NoBrush)
        if token or edge:
            radius = theme.metrics().radius
            inset = 0.75 if edge else 0
            painter.drawRoundedRect(face.adjusted(inset, inset, -inset, -inset), radius, radius)
        return look.color(ink)

    def _paint_content(self, painter: QPainter, face: QRect, ink: QColor) -> None:
        painter.setFont(self._font())
        word = painter.fontMetrics().horizontalAdvance(self.text())
        if self._is_busy and not self._icon:
            mark = QRectF(0, 0, self._icon_side(), self._icon_side())
            mark.moveCenter(QRectF(face).center())
            paint_spinner(painter, mark, self._angle, ink)
            return
        side = self._icon_side() if self._icon else 0
        gap = 8 if side and self.text() else 0
        inner = face.adjusted(self._pad(), 0, -self._pad(), 0)
        shows_key = self._shows_key()
        key_room = self._key_width() + 12 if shows_key else 0
        free = inner.width() - key_room - side - gap - word
        left = inner.left() + (max(0, free // 2) if not shows_key else 0)
        top = face.center().y() - side // 2 + 1
        if self._is_busy:
            paint_spinner(painter, QRectF(left, top, side, side), self._angle, ink)
        elif self._icon:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(QPoint(left, top), icons.tinted(self._icon, ink.rgba(), side, ratio))
        painter.setPen(ink)
        text_box = QRect(left + side + gap, face.top(), word + 2, face.height())
        painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter, self.text())
        if shows_key:
            height = theme.metrics().px(20)
            box = QRect(inner.right() - self._key_width() + 1, 0, self._key_width(), height)
            box.moveCenter(QPoint(box.center().x(), face.center().y()))
            paint_key(painter, box, self._key, ink)

    def _shows_key(self) -> bool:
        return bool(self._key) and self.width() >= self.sizeHint().width()

    def _font(self) -> QFont:
        return theme.font(Type.TITLE if self._size is Size.LARGE else Type.STRONG)

    def _pad(self) -> int:
        if not self.text():
            return 8
        return {Size.SMALL: 10, Size.NORMAL: 14, Size.LARGE: 20}[self._size]

    def _icon_side(self) -> int:
        return theme.metrics().px(22 if self._size is Size.LARGE else 18)

    def _face_height(self) -> int:
        sizes = theme.metrics()
        if self._size is Size.SMALL:
            return max(sizes.px(28), 44 if sizes.density is theme.Density.TOUCH else 0)
        return sizes.control_height + (sizes.px(12) if self._size is Size.LARGE else 0)

    def _key_width(self) -> int:
        return key_width(self._key)


def key_width(key: str) -> int:
    """Return how wide the little key cap for this key is."""
    word = QFontMetrics(theme.font(Type.CAPTION)).horizontalAdvance(key)
    return max(theme.metrics().px(20), word + theme.metrics().px(12))


def paint_key(painter: QPainter, box: QRect, key: str, ink: QColor) -> None:
    """Paint a little key cap in this ink."""
    edge = QColor(ink)
    edge.setAlphaF(0.55)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(ink)
    painter.setFont(theme.font(Type.CAPTION))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
