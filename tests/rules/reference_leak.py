"""A child process of test_references.py: how many references to None, True and False one call into
Qt loses or gains. Prints JSON: call → object → references a call. Never imported by a test.

PySide6 6.12.0 on Python 3.11 loses one or two to None a call; at none left the process aborts.
`--lose` plants such a loss of a counted object of our own, to show that the measure works.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    QTimerEvent,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget

CALLS = 1000
OWN = object()
WATCHED: dict[str, object] = {"own": OWN}
if sys.version_info < (3, 12):
    # From 3.12 on these are immortal: their count moves without meaning and nothing can free them.
    WATCHED |= {"None": None, "True": True, "False": False}
# Keeps a process that does lose references alive until it has said so.
RESERVE = [value for value in WATCHED.values() for _ in range(300_000)]


class Ticker(QObject):
    """Overrides what Qt calls without an answer."""

    ticks = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        self.ticks += 1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return False


class Painted(QWidget):
    """Overrides painting and keys."""

    def paintEvent(self, event: QPaintEvent) -> None:
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        return None


class Sender(QObject):
    """Emits with and without an argument."""

    rang = Signal()
    told = Signal(object)

    @Slot()
    def on_rang(self) -> None:
        return None


class Cells(QAbstractTableModel):
    """Answers text for one role and None for the others."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 5

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 5

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> str | None:
        return "x" if role == 0 else None


def timers(calls: int) -> None:
    ticker = Ticker()
    timer = ticker.startTimer(0)
    while ticker.ticks < calls:
        QApplication.processEvents()
    ticker.killTimer(timer)


def single_shots(calls: int) -> None:
    rung: list[int] = []

    def ring() -> None:
        rung.append(1)

    for _ in range(calls):
        QTimer.singleShot(0, ring)
    while len(rung) < calls:
        QApplication.processEvents()


def paints(calls: int) -> None:
    widget = Painted()
    widget.resize(50, 50)
    widget.show()
    QApplication.processEvents()
    for _ in range(calls):
        widget.repaint()


def keys(calls: int) -> None:
    widget = Painted()
    for _ in range(calls):
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, key)


def filters(calls: int) -> None:
    watched, ticker = QObject(), Ticker()
    watched.installEventFilter(ticker)
    for _ in range(calls):
        QApplication.sendEvent(watched, QEvent(QEvent.Type.User))


def emits(calls: int) -> None:
    sender = Sender()
    sender.rang.connect(sender.on_rang)
    sender.told.connect(lambda told: None)
    for _ in range(calls):
        sender.rang.emit()
        sender.told.emit(None)


def cells(calls: int) -> None:
    model, proxy, view = Cells(), QSortFilterProxyModel(), QTableView()
    proxy.setSourceModel(model)
    view.setModel(proxy)
    view.resize(600, 300)
    view.show()
    QApplication.processEvents()
    index = proxy.index(0, 0)
    for call in range(calls):
        proxy.data(index, Qt.ItemDataRole.ForegroundRole)
        if call % 20 == 0:
            view.viewport().repaint()


def silent_calls(calls: int) -> None:
    label = QLabel()
    for _ in range(calls):
        label.setText("x")
        label.setParent(None)


def loss(calls: int) -> None:
    for _ in range(calls):
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(OWN))


def drift(work: Callable[[int], None]) -> dict[str, float]:
    """Return how many references a call adds (or, negative, loses), object by object."""
    work(10)
    before = [sys.getrefcount(value) for value in WATCHED.values()]
    work(CALLS)
    after = [sys.getrefcount(value) for value in WATCHED.values()]
    return {
        name: (late - early) / CALLS
        for name, early, late in zip(WATCHED, before, after, strict=True)
    }


def main(arguments: list[str]) -> int:
    application = QApplication(["references"])
    jobs = [timers, single_shots, paints, keys, filters, emits, cells, silent_calls]
    if "--lose" in arguments:
        jobs = [loss]
    print(json.dumps({job.__name__: drift(job) for job in jobs}))
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
