"""Says when somebody has stopped typing. Never measures anything else."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class Pause(QObject):
    """A wait that starts over with each `begin` and ends with `over`."""

    over = Signal()

    def __init__(self, parent: QObject, length_ms: int) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(length_ms)
        self._timer.timeout.connect(self.over)

    @property
    def is_under_way(self) -> bool:
        """Whether somebody may still be typing."""
        return self._timer.isActive()

    def begin(self) -> None:
        """Start the wait, or start it over."""
        self._timer.start()

    def stop(self) -> None:
        """End the wait silently."""
        self._timer.stop()
