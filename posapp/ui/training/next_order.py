"""What is set for the next order, as the service itself tells it. Sets nothing while a lesson runs:
whoever asks sees to that.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.ui.kit.run import Runner
from posapp.usecases.outcomes import Ahead, NextOutcome
from posapp.usecases.training import TrainingDesk

LOOK_MS = 1000
"""How often an outage is asked how long it will last."""


class NextOrder(QObject):
    """One outcome ahead, or an ordinary day."""

    changed = Signal()
    failed = Signal(object)  # Exception

    def __init__(self, run: Runner, desk: TrainingDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._do = run
        self._desk = desk
        self.ahead: Ahead | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def choose(self, outcome: NextOutcome) -> None:
        """Let the next order end so."""
        self._do(self, self._desk.choose(outcome), done=self._on_ahead, failed=self.failed.emit)

    def clear(self) -> None:
        """Let the next order end as most do."""
        self._do(self, self._desk.clear(), done=self._on_cleared, failed=self.failed.emit)

    def look(self) -> None:
        """Ask whether what was set has come to pass."""
        if self.ahead is not None:
            self._do(self, self._desk.ahead(), done=self._on_ahead, failed=self._on_no_answer)

    def forget(self) -> None:
        """Nothing is set any more: a lesson has begun, or the service came back."""
        self._on_ahead(None)

    def _on_cleared(self, _done: None) -> None:
        self._on_ahead(None)

    def _on_no_answer(self, error: Exception) -> None:
        """Say so once, not every second."""
        self.forget()
        self.failed.emit(error)

    def _on_ahead(self, ahead: Ahead | None) -> None:
        self.ahead = ahead
        if ahead is not None and ahead.seconds_left:
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()
