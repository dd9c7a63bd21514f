"""Catches what nobody caught: Python's hooks, the loop's and Qt's messages end here.
Never hides an error, never ends the program.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

logger = logging.getLogger(__name__)
qt_logger = logging.getLogger("posapp.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Bug:
    """A fault of ours: `reference` is what a person reads out, the log holds the rest under it."""

    reference: str
    where: str
    error: BaseException | None


class BugHooks(QObject):
    """Sends every unhandled error to one `report_bug`;
    installed once by `app.py`, removed at the end.
    """

    _reported = Signal(object)  # Bug; queued, because threads report too

    def __init__(self, show: Callable[[Bug], None], new_reference: Callable[[], str]) -> None:
        """`show` tells the person, on the window's thread; `new_reference` makes a short name."""
        super().__init__()
        self._show = show
        self._new_reference = new_reference
        self._before: tuple[Any, Any, Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    def install(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Take the hooks; call `remove` to give them back."""
        self._before = (sys.excepthook, threading.excepthook, qInstallMessageHandler(on_qt_message))
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_thread_died
        self._loop = loop
        if loop is not None:
            loop.set_exception_handler(self._on_loop_error)

    def remove(self) -> None:
        """Give the hooks back as they were."""
        if self._before is None:
            return
        sys.excepthook, threading.excepthook = self._before[:2]
        qInstallMessageHandler(self._before[2])
        if self._loop is not None:
            self._loop.set_exception_handler(None)
        self._before = None
        self._loop = None

    def report_bug(self, where: str, error: BaseException | None) -> Bug:
        """Log the fault under a new reference and have it shown. Callable from any thread."""
        bug = Bug(self._new_reference(), where, error)
        logger.error("bug %s in %s: %s", bug.reference, where, type(error).__name__, exc_info=error)
        self._reported.emit(bug)
        return bug

    def _on_reported(self, bug: Bug) -> None:
        self._show(bug)

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        elif not issubclass(kind, asyncio.CancelledError):
            self.report_bug("the window", error)

    def _on_thread_died(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread else "?"
            self.report_bug(f"thread {name}", args.exc_value)

    def _on_loop_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
            self.report_bug(f"the loop ({context.get('message')})", error)


def on_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Write a message of Qt's into our log."""
    qt_logger.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
