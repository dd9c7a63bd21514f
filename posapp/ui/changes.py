"""Announcements of the store as a Qt signal: each screen decides for itself what it shows anew."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from posapp.domain.changes import Change, Changes


class ChangeSignals(QObject):
    """Carries every change to whoever listens, on the window's thread."""

    changed = Signal(object)  # a posapp.domain.changes.Change

    def __init__(self, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end = changes.subscribe(self._on_change)
        self.destroyed.connect(self._end)

    def _on_change(self, change: Change) -> None:
        self.changed.emit(change)
