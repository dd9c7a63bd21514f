"""Puts an event filter where every key arrives first: at the widget that has the keyboard, or at
the window when none has. Never on the application.

A filter of Python's on the whole application meets every object of the web engine, and Qt's binding
crashes on some of them: it marks an object it has not met with a property, which is an event of
that object, which goes through the filter again.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class KeyboardWatch(QObject):
    """Hands every event of whatever has the keyboard to one filter."""

    def __init__(self, watcher: QObject) -> None:
        """`watcher` has the `eventFilter` that decides."""
        super().__init__(watcher)
        self._watcher = watcher
        self._app: QApplication | None = None
        self._at: list[QWidget] = []

    @property
    def is_on(self) -> bool:
        """Whether keys pass through the filter."""
        return self._app is not None

    def start(self, app: QApplication) -> None:
        """Follow the keyboard; the one that starts last sees a key first."""
        self.stop()
        self._app = app
        app.focusChanged.connect(self._on_moved)
        app.focusWindowChanged.connect(self._on_window)
        self._settle()

    def stop(self) -> None:
        """Leave every widget alone."""
        if self._app is None:
            return
        self._app.focusChanged.disconnect(self._on_moved)
        self._app.focusWindowChanged.disconnect(self._on_window)
        self._app = None
        self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: hand it on."""
        return self._watcher.eventFilter(watched, event)

    def _on_moved(self, _old: QWidget | None, _now: QWidget | None) -> None:
        self._settle()

    def _on_window(self, _window: QObject | None) -> None:
        self._settle()

    def _settle(self) -> None:
        self._leave()
        focus = QApplication.focusWidget()
        self._at = [focus] if focus is not None else QApplication.topLevelWidgets()
        for widget in self._at:
            widget.installEventFilter(self)

    def _leave(self) -> None:
        for widget in self._at:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self._at = []


def is_first_stop(watched: QObject) -> bool:
    """A key travels up from the widget that has the keyboard; only its first stop counts."""
    if not isinstance(watched, QWidget):
        return False
    focus = QApplication.focusWidget()
    return watched is focus or (focus is None and watched.isWindow())
