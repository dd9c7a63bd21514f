"""The rail at the left: where one can go, by icon, word and key. Shows only what it is given;
never decides who may see what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QShortcutEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.kit import icons, theme
from posapp.ui.kit.theme import Tone, Type


@dataclass(frozen=True, slots=True)
class RailItem:
    """One place to go: `id` is what the screen is known by, `key` presses it from anywhere."""

    id: str
    text: str
    icon: str
    key: str = ""


class Rail(QWidget):
    """The list of places; the current one is marked, and a place may carry a count."""

    place_chosen = Signal(str)  # the item's id

    def __init__(
        self,
        items: Sequence[RailItem],
        parent: QWidget | None = None,
        *,
        foot: Sequence[RailItem] = (),
        name: str = "rail",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._foot = tuple(foot)
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_items(items)

    def set_items(self, items: Sequence[RailItem]) -> None:
        """Show these places, as when somebody else signs in."""
        current = self.current()
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons.clear()
        for place in items:
            self._add(place, is_place=True)
        self._column.addStretch(1)
        for place in self._foot:
            self._add(place, is_place=False)
        if current:
            self.set_current(current)

    def button(self, place: str) -> RailButton:
        """Return the button of a place."""
        return self._buttons[place]

    def current(self) -> str:
        """Return the id of the place one is at, or nothing."""
        return next((at for at, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, place: str) -> None:
        """Mark where one is."""
        if place in self._buttons:
            self._buttons[place].setChecked(True)

    def set_count(self, place: str, count: int, tone: Tone = Tone.INFO) -> None:
        """Show how many things wait there; 0 shows nothing."""
        if place in self._buttons:
            self._buttons[place].set_count(count, tone)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("rail"))
        painter.setPen(theme.current().color("rail_edge"))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())

    def _add(self, place: RailItem, *, is_place: bool) -> None:
        button = RailButton(place, self)
        button.setCheckable(is_place)
        if is_place:
            self._group.addButton(button)
        button.clicked.connect(lambda: self.place_chosen.emit(place.id))
        self._buttons[place.id] = button
        self._column.addWidget(button)


class RailButton(QAbstractButton):
    """One place: icon over word, its key in the corner, a count when things wait."""

    def __init__(self, item: RailItem, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self._count = 0
        self._tone = Tone.INFO
        self.setObjectName(f"rail_{item.id}")
        self.setText(item.text)
        self.setAccessibleName(item.text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if item.key:
            self.setShortcut(QKeySequence(item.key))
            self.setAccessibleDescription(item.key)

    @property
    def count(self) -> int:
        """How many things wait there."""
        return self._count

    def set_count(self, count: int, tone: Tone) -> None:
        """Show how many things wait there."""
        self._count, self._tone = count, tone
        words = f"{self.item.text}, {count}" if count else self.item.text
        self.setAccessibleName(words)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Qt's override: its key presses it at once, without Qt's 100 ms of show."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Qt's override."""
        sizes = theme.metrics()
        return QSize(sizes.px(80), sizes.px(64))

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_here = self.isChecked()
        face = "rail_active" if is_here else "rail_hover" if self.underMouse() else ""
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if face:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(face))
            painter.drawRoundedRect(box, 8, 8)
        if is_here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("rail_mark"))
            painter.drawRoundedRect(QRectF(1, box.top() + 12, 3, box.height() - 24), 1.5, 1.5)
        if self.hasFocus():
            painter.setPen(QPen(look.color("rail_mark"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 8, 8)
        self._paint_content(painter, look.color("rail_text_active" if is_here else "rail_text"))
        if self._count:
            self._paint_count(painter)

    def _paint_content(self, painter: QPainter, ink: QColor) -> None:
        sizes = theme.metrics()
        side = sizes.px(22)
        picture = icons.tinted(self.item.icon, ink.rgba(), side, self.devicePixelRatioF())
        top = (self.height() - side - sizes.px(20)) // 2
        painter.drawPixmap(QPoint((self.width() - side) // 2, top), picture)
        painter.setPen(ink)
        painter.setFont(theme.font(Type.CAPTION))
        words = QRect(2, top + side + 2, self.width() - 4, sizes.px(20))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.item.text)

    def _paint_count(self, painter: QPainter) -> None:
        words = "99+" if self._count > 99 else str(self._count)
        colors = theme.current().tone(self._tone)
        font = theme.font(Type.CAPTION)
        painter.setFont(font)
        height = theme.metrics().px(18)
        width = max(height, painter.fontMetrics().horizontalAdvance(words) + 10)
        box = QRectF(self.width() / 2 + 6, 5, width, height)
        painter.setPen(QPen(theme.current().color("rail"), 2))
        painter.setBrush(colors.solid)
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(colors.on_solid)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
