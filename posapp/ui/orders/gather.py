"""Gathers what changed for a moment: a burst of news costs one refresh. Never drops an id."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.changes import Change, OrdersChanged, OutboxChanged
from posapp.ui.changes import ChangeSignals

TOGETHER_MS = 120


class OrderNews(QObject):
    """Ids of orders that changed, at most every `TOGETHER_MS`; no stream of news starves it."""

    told = Signal(object)  # frozenset[str]: the orders that are different now

    def __init__(self, changes: ChangeSignals, parent: QObject) -> None:
        super().__init__(parent)
        self._ids: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOGETHER_MS)
        self._timer.timeout.connect(self._tell)
        changes.changed.connect(self._on_changed)

    def _on_changed(self, change: Change) -> None:
        if isinstance(change, OrdersChanged | OutboxChanged):
            self._ids |= change.order_ids
            if not self._timer.isActive():
                self._timer.start()

    def _tell(self) -> None:
        ids, self._ids = frozenset(self._ids), set()
        if ids:
            self.told.emit(ids)
