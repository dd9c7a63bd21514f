"""Rows to pick from: key, icon, title, detail and a word at the right. Arrows move, the key or
Enter picks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui.kit import icons, theme
from posapp.ui.kit.buttons import key_width, paint_key
from posapp.ui.kit.panels import column
from posapp.ui.kit.theme import Tone, Type


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to pick."""

    id: str
    key: str
    icon: str
    title: str
    detail: str
    note: str = ""
    is_set: bool = False
    is_open: bool = True


class PickRow(QAbstractButton):
    """One choice."""

    focused = Signal()  # the keyboard came here

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self.setObjectName(f"pick_{choice.id}")
        self.setText(choice.title)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_choice(choice)

    def show_choice(self, choice: Choice) -> None:
        """Show how this choice stands now."""
        self.choice = choice
        self.setEnabled(choice.is_open)
        said = ", ".join(part for part in (choice.title, choice.note) if part)
        self.setAccessibleName(said)
        self.setAccessibleDescription(f"{choice.key} {choice.detail}")
        self.update()

    def sizeHint(self) -> QSize:
        """Qt's override: two lines."""
        return QSize(theme.metrics().px(380), theme.metrics().px(52))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's override."""
        super().focusInEvent(event)
        self.focused.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_lit = self.underMouse() and self.isEnabled()
        face = "accent_soft" if self.choice.is_set else "hover" if is_lit else ""
        painter.setPen(Qt.PenStyle.NoPen)
        if face:
            painter.setBrush(look.color(face))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(look.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        self._paint_content(painter)

    def _paint_content(self, painter: QPainter) -> None:
        look, sizes = theme.current(), theme.metrics()
        faint = not self.isEnabled()
        ink = look.color("text_faint" if faint else "text")
        muted = look.color("text_faint" if faint else "text_muted")
        key = QRect(sizes.px(10), 0, key_width(self.choice.key), 20)
        key.moveCenter(QPoint(key.center().x(), self.rect().center().y()))
        paint_key(painter, key, self.choice.key, muted)
        side = sizes.px(20)
        left = key.right() + sizes.px(12)
        mark = look.color("text_faint" if faint else "accent_text")
        picture = icons.tinted(self.choice.icon, mark.rgba(), side, self.devicePixelRatioF())
        painter.drawPixmap(left, self.rect().center().y() - side // 2 + 1, picture)
        left += side + sizes.px(12)
        note = self.choice.note
        caption = QFontMetrics(theme.font(Type.CAPTION))
        room = caption.horizontalAdvance(note) + sizes.px(14) if note else sizes.px(4)
        words = QRect(left, sizes.px(5), self.width() - left - room, sizes.px(22))
        painter.setPen(ink)
        painter.setFont(theme.font(Type.STRONG))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.choice.title)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(muted)
        below = QRect(left, words.bottom(), self.width() - left - sizes.px(8), sizes.px(20))
        detail = caption.elidedText(self.choice.detail, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, detail)
        if note:
            painter.setPen(look.tone(Tone.READY).mark if self.choice.is_set else muted)
            right = QRect(self.width() - room, words.top(), room - sizes.px(10), words.height())
            end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(right, end, note)


class PickList(QWidget):
    """The rows under each other."""

    picked = Signal(str)  # the choice's id

    def __init__(self, choices: Sequence[Choice], *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.rows = [PickRow(choice, self) for choice in choices]
        self.setLayout(column(*self.rows, 1, gap=0.25))
        for row in self.rows:
            row.installEventFilter(self)
            row.clicked.connect(lambda _=False, row=row: self.picked.emit(row.choice.id))

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show how the same choices stand now."""
        for row, choice in zip(self.rows, choices, strict=True):
            row.show_choice(choice)

    def press(self, key: str) -> bool:
        """Pick by key; False when no row has it."""
        row = next((row for row in self.rows if row.choice.key == key), None)
        if row is None or not row.isEnabled():
            return False
        row.setFocus()
        row.click()
        return True

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # rows only
        """Qt's override: the arrows move, Enter picks."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        at = next((at for at, row in enumerate(self.rows) if row is watched), 0)
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                by = 1 if event.key() == Qt.Key.Key_Down else -1
                self._focus(at + by, by)
                return True
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.rows[at].click()
                return True
            case _:
                return False

    def _focus(self, at: int, by: int) -> None:
        """The next row that can be picked, round the end."""
        for step in range(len(self.rows)):
            row = self.rows[(at + by * step) % len(self.rows)]
            if row.isEnabled():
                row.setFocus()
                return
