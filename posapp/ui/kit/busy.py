"""Shows that something is at work: a turning mark, and a sheet with a sentence over a screen.
Never starts or ends the work.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.spinner import Spinner
from posapp.ui.kit.theme import Type


class BusyOverlay(QWidget):
    """A veil over a widget with a sentence, and a button to leave when leaving is safe.

    Follows the size of what it covers. The veil takes the mouse; the runner has disabled the rest.
    """

    left = Signal()  # the person chose to leave

    def __init__(
        self, over: QWidget, sentence: str = "", *, detail: str = "", leave: str = ""
    ) -> None:
        super().__init__(over.parentWidget() or over)
        self._over = over
        self._detail = detail
        self.setObjectName("busy_overlay")
        self.sentence = QLabel(sentence or tr("One moment…"), self)
        self.detail = QLabel(detail, self)
        self._build(leave)
        over.installEventFilter(self)
        self._fit()
        self.hide()

    def start(self) -> None:
        """Show it."""
        self._fit()
        self.raise_()
        self.show()

    def say(self, sentence: str, detail: str = "") -> None:
        """Change what it says while it is up."""
        self.sentence.setText(sentence)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: follow what is covered."""
        if watched is self._over and event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._fit()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override: the veil."""
        veil = theme.current().color("surface")
        veil.setAlphaF(0.72)
        QPainter(self).fillRect(self.rect(), veil)

    def _build(self, leave: str) -> None:
        sheet = QFrame(self)
        sheet.setProperty("part", "sheet")
        theme.set_type(self.sentence, Type.STRONG)
        self.detail.setProperty("muted", True)
        self.detail.setVisible(bool(self._detail))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.detail)
        row = QHBoxLayout(sheet)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(Spinner(sheet))
        row.addLayout(words)
        if leave:
            self.leave_button = Button(leave, kind=Kind.QUIET, name="leave_button")
            self.leave_button.clicked.connect(self.left)
            row.addWidget(self.leave_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(sheet, 0, Qt.AlignmentFlag.AlignCenter)

    def _fit(self) -> None:
        covers_itself = self.parentWidget() is self._over
        self.setGeometry(self._over.rect() if covers_itself else self._over.geometry())
