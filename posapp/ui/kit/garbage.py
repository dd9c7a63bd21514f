"""Collects Python's garbage on Qt's thread; no other thread may destroy a Qt object.

Python collects cycles on whichever thread happens to allocate, the database thread too. A widget or
timer in such a cycle would be destroyed there, and Qt crashes at the timer's next turn.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 200


class GarbageOnQtThread(QObject):
    """Switches the automatic collector off and collects from the loop instead, until `stop()`."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make it on Qt's thread, before any other thread starts."""
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> int | None:
        """Collect the oldest generation whose threshold is passed; return it, None for none."""
        counts = gc.get_count()
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(counts, gc.get_threshold(), strict=True)
            )
            if limit and count > limit
        ]
        if not due:
            return None
        gc.collect(due[-1])
        return due[-1]

    def stop(self) -> None:
        """Give the collector back as it was."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
