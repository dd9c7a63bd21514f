"""The steps of a task on top of its screen: done, current, to do. Says where one is;
never moves by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import icons, theme
from posapp.ui.kit.theme import Type

_GAP = 10


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    CURRENT = "current"
    TODO = "to do"


class StepBar(QWidget):
    """① Cart — ② Customer — … ; steps already done may be pressed to go back to."""

    step_chosen = Signal(int)  # the position of a done step somebody pressed

    def __init__(
        self, steps: Sequence[str], parent: QWidget | None = None, *, name: str = "step_bar"
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._steps = tuple(steps)
        self._current = 0
        self._done: frozenset[int] = frozenset()
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Esc goes back; the bar only shows
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name_it()

    @property
    def current(self) -> int:
        """The position of the current step."""
        return self._current

    def state(self, step: int) -> StepState:
        """Return where this step stands."""
        if step == self._current:
            return StepState.CURRENT
        return StepState.DONE if step in self._done else StepState.TODO

    def set_current(self, step: int, done: Sequence[int] | None = None) -> None:
        """Mark this step; those before it are done unless `done` says which are."""
        self._current = step
        self._done = frozenset(range(step) if done is None else done)
        self._name_it()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt's override."""
        boxes = self._placed(range(len(self._steps)))
        return QSize(int(boxes[-1].right()) + 1 if boxes else 0, self._height())

    def minimumSizeHint(self) -> QSize:
        """Qt's override: words may go, the numbers stay."""
        return QSize(len(self._steps) * (self._dot() + 24), self._height())

    def changeEvent(self, event: QEvent) -> None:
        """Qt's override."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt's override: a done step lights up."""
        at = self._at(event.position())
        self._hovered = at if at >= 0 and self.state(at) is StepState.DONE else -1
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(hand if self._hovered >= 0 else arrow)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Qt's override."""
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt's override: go back to a done step."""
        at = self._at(event.position())
        if at >= 0 and self.state(at) is StepState.DONE:
            self.step_chosen.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: keys are the screen's."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = self._boxes()
        for at, box in enumerate(boxes):
            self._paint_step(painter, at, box)
            if at + 1 < len(boxes):
                color = "accent" if at in self._done else "line_strong"
                painter.setPen(QPen(theme.current().color(color), 1.5))
                middle = box.center().y()
                painter.drawLine(
                    QPointF(self._words_end(at, box) + 10, middle),
                    QPointF(boxes[at + 1].left() - 10, middle),
                )

    def _paint_step(self, painter: QPainter, at: int, box: QRectF) -> None:
        look = theme.current()
        state = self.state(at)
        side = self._dot()
        dot = QRectF(box.left(), box.center().y() - side / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        if state is StepState.CURRENT:
            self._paint_dot(painter, dot, look.color("accent"), look.color("on_accent"), at)
        elif state is StepState.DONE:
            painter.setBrush(look.color("accent_soft"))
            painter.drawEllipse(dot)
            mark = icons.pixmap("check", "accent_text", side - 8, self.devicePixelRatioF())
            painter.drawPixmap(round(dot.left()) + 4, round(dot.top()) + 4, mark)
        else:
            painter.setPen(QPen(look.color("line_strong"), 1.5))
            self._paint_dot(
                painter,
                dot.adjusted(1, 1, -1, -1),
                QColor(Qt.GlobalColor.transparent),
                look.color("text_muted"),
                at,
            )
        is_loud = state is StepState.CURRENT
        painter.setFont(theme.font(Type.STRONG if is_loud else Type.BODY))
        lit = at == self._hovered
        painter.setPen(look.color("accent_text" if lit else "text" if is_loud else "text_muted"))
        if box.width() <= side:
            return
        words = box.adjusted(side + 8, 0, 4, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._steps[at])

    def _paint_dot(
        self, painter: QPainter, dot: QRectF, face: QColor, ink: QColor, at: int
    ) -> None:
        painter.setBrush(face)
        painter.drawEllipse(dot)
        painter.setPen(ink)
        painter.setFont(theme.font(Type.CAPTION))
        painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(at + 1))

    def _boxes(self) -> list[QRectF]:
        whole = self._placed(range(len(self._steps)))
        if not whole or whole[-1].right() <= self.width():
            return whole
        return self._placed([self._current])  # short of room: the others are their numbers

    def _placed(self, worded: Collection[int]) -> list[QRectF]:
        measure = QFontMetrics(theme.font(Type.STRONG))
        boxes, left = [], 0.0
        for at, step in enumerate(self._steps):
            words = 8 + measure.horizontalAdvance(step) if at in worded else 0
            boxes.append(QRectF(left, 0, self._dot() + words, self._height()))
            left += self._dot() + words + 2 * _GAP + 24
        return boxes

    def _words_end(self, step: int, box: QRectF) -> float:
        if box.width() <= self._dot():
            return box.right()
        kind = Type.STRONG if self.state(step) is StepState.CURRENT else Type.BODY
        width = QFontMetrics(theme.font(kind)).horizontalAdvance(self._steps[step])
        return box.left() + self._dot() + 8 + width

    def step_box(self, step: int) -> QRectF:
        """Return where a step is drawn."""
        return self._boxes()[step]

    def _at(self, point: QPointF) -> int:
        return next((at for at, box in enumerate(self._boxes()) if box.contains(point)), -1)

    def _dot(self) -> int:
        return theme.metrics().px(24)

    def _height(self) -> int:
        return theme.metrics().px(36)

    def _name_it(self) -> None:
        self.setAccessibleName(
            tr(
                "Step {number} of {count}: {step}",
                number=self._current + 1,
                count=len(self._steps),
                step=self._steps[self._current] if self._steps else "",
            )
        )
