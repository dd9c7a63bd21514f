"""The saved views above the queue: word, how many, key. Shows counts; never makes them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from posapp.domain.queue import View
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import paint_key
from posapp.ui.kit.theme import Tone, Type

_WORDS: Mapping[View, str] = {
    View.READY: "Ready",
    View.TO_HAND_OVER: "To hand over",
    View.REVIEW: "Review",
    View.UNPAID: "Unpaid",
    View.BLOCKED: "Blocked",
    View.ALL: "All",
}
_TONES: Mapping[View, Tone] = {
    View.READY: Tone.READY,
    View.TO_HAND_OVER: Tone.READY,
    View.REVIEW: Tone.WAIT,
    View.UNPAID: Tone.WAIT,
    View.BLOCKED: Tone.PROBLEM,
    View.ALL: Tone.NEUTRAL,
}
_EMPTY: Mapping[View, tuple[str, str, str]] = {
    View.READY: (
        "fulfil",
        "Nothing to fulfil",
        "Orders come in here by themselves as soon as they are accepted.",
    ),
    View.TO_HAND_OVER: (
        "take_away",
        "Nothing to hand over",
        "Take-away orders that were released after the customer left wait here.",
    ),
    View.REVIEW: (
        "review",
        "Nothing in review",
        "Orders that Digital River is checking stand here until it has decided.",
    ),
    View.UNPAID: (
        "clock",
        "Nothing unpaid",
        "Orders that wait for the customer’s payment stand here.",
    ),
    View.BLOCKED: ("do_not_release", "Nothing blocked", "Orders that were refused stand here."),
    View.ALL: ("orders", "No orders yet", "The first sale stands here a moment after it is paid."),
}
_PAD, _GAP, _KEY = 12, 8, 20


def view_word(view: View) -> str:
    """Return the view's name as people read it."""
    return tr(_WORDS[view])


def empty_words(view: View) -> tuple[str, str, str]:
    """Return icon, sentence and hint for a view without orders."""
    icon, sentence, hint = _EMPTY[view]
    return icon, tr(sentence), tr(hint)


class ViewTabs(QWidget):
    """The views in their order; the screen binds the keys 1 to 6 that stand on them."""

    view_chosen = Signal(object)  # View

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view_tabs")
        self.setAccessibleName(tr("Views of the queue"))
        self._group = QButtonGroup(self)
        self._tabs: dict[View, ViewTab] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for number, view in enumerate(View, start=1):
            tab = ViewTab(view, str(number), self)
            tab.clicked.connect(self._on_clicked)
            self._group.addButton(tab)
            self._tabs[view] = tab
            row.addWidget(tab)
        row.addStretch(1)
        self._tabs[View.READY].setChecked(True)

    def view(self) -> View:
        """Return the view that is chosen."""
        return next(view for view, tab in self._tabs.items() if tab.isChecked())

    def choose(self, view: View) -> None:
        """Choose a view, as a click does."""
        self._tabs[view].click()

    def set_counts(self, counts: Mapping[View, int]) -> None:
        """Show how many orders each view holds."""
        for view, tab in self._tabs.items():
            tab.set_count(counts.get(view, 0))

    def count(self, view: View) -> int | None:
        """Return the count that is shown; None before the first."""
        return self._tabs[view].count

    def _on_clicked(self) -> None:
        self.view_chosen.emit(self.view())


class ViewTab(QAbstractButton):
    """One view; the chosen one stands on an accent line."""

    def __init__(self, view: View, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = view
        self.count: int | None = None
        self._key = key
        self.setObjectName(f"view_{view.name.lower()}")
        self.setText(view_word(view))
        self.setAccessibleName(view_word(view))
        self.setAccessibleDescription(key)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_count(self, count: int) -> None:
        """Show how many."""
        if count == self.count:
            return
        self.count = count
        self.setAccessibleName(tr("{view}, {n} orders", view=self.text(), n=count))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt's override."""
        word = QFontMetrics(theme.font(Type.STRONG)).horizontalAdvance(self.text())
        width = _PAD + word + _GAP + self._badge_width() + _GAP + self._cap() + _PAD
        return QSize(width, theme.metrics().control_height + 4)

    def minimumSizeHint(self) -> QSize:
        """Qt's override: the word is never cut; its key may go where the room is short."""
        whole = self.sizeHint()
        return QSize(whole.width() - _GAP - self._cap(), whole.height())

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override: a new text scale means a new size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(1, 1, -1, -5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(look.color("hover"))
            painter.drawRoundedRect(face, theme.metrics().radius, theme.metrics().radius)
        if self.isChecked():
            painter.setBrush(look.color("accent"))
            line = QRectF(_PAD - 4, self.height() - 3, self.width() - 2 * _PAD + 8, 3)
            painter.drawRoundedRect(line, 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(look.color("focus"))
            painter.drawRoundedRect(face, theme.metrics().radius, theme.metrics().radius)
        self._paint_words(painter, face.toRect())

    def _paint_words(self, painter: QPainter, face: QRect) -> None:
        look = theme.current()
        font = theme.font(Type.STRONG if self.isChecked() else Type.BODY)
        painter.setFont(font)
        painter.setPen(look.color("text" if self.isChecked() else "text_muted"))
        strong = QFontMetrics(theme.font(Type.STRONG)).horizontalAdvance(self.text())
        middle = Qt.AlignmentFlag.AlignVCenter
        left = _PAD
        painter.drawText(QRect(left, face.top(), strong + 4, face.height()), middle, self.text())
        left += strong + _GAP
        width = self._badge_width()
        badge = QRect(left, 0, width, theme.metrics().px(20))
        badge.moveTop(face.center().y() - badge.height() // 2 + 1)
        tone = look.tone(_TONES[self.view] if self.count else Tone.NEUTRAL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone.soft)
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setPen(tone.mark)
        painter.setFont(theme.font(Type.CAPTION))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._told())
        if self.width() < self.sizeHint().width():
            return
        left += width + _GAP
        cap = QRect(left, 0, self._cap(), self._cap())
        cap.moveTop(face.center().y() - self._cap() // 2 + 1)
        paint_key(painter, cap, self._key, look.color("text_muted"))

    def _told(self) -> str:
        if self.count is None:
            return "…"
        return str(self.count) if self.count < 10_000 else tr("{n}k", n=self.count // 1000)

    @staticmethod
    def _cap() -> int:
        return theme.metrics().px(_KEY)

    def _badge_width(self) -> int:
        width = QFontMetrics(theme.font(Type.CAPTION)).horizontalAdvance(self._told())
        return max(theme.metrics().px(24), width + 14)
