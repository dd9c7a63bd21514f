"""Counts what a person presses while a lesson runs, and hears what banners say. Keeps no text.

It is off the keyboard whenever a payment form exists: no card digit may reach our code
(drop-in.md 6.9).
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.kit.banner import Said
from posapp.ui.kit.keyboard import KeyboardWatch, is_first_stop
from posapp.ui.kit.theme import Tone

_HELD = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_CapsLock,
)
"""Keys that do nothing by themselves."""


class KeyCounter(QObject):
    """Every press counts once, whichever widget it wanders through; a scan counts as none."""

    pressed = Signal(str)  # the key as people write it, "F10"
    clicked = Signal()
    refused = Signal(str)  # a banner said no: its title; a line that is down is nobody's mistake

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keyboard = KeyboardWatch(self)
        self._app: QApplication | None = None
        self._window: QWidget | None = None
        self._handles: list[QWindow] = []
        self._is_aside = False
        self._is_down = False
        self.count = 0

    @property
    def is_watching(self) -> bool:
        """Whether keys and clicks are counted at this moment."""
        return self._app is not None and not self._is_aside

    def start(self, app: QApplication, window: QWidget) -> None:
        """Count from nought, in this window and the sheets over it."""
        self.stop()
        self.count = 0
        self._app, self._window = app, window
        self._watch()

    def stop(self) -> None:
        """Count no more; the count stays."""
        self._unwatch()
        self._app = self._window = None

    def stand_aside(self, is_aside: bool) -> None:
        """Leave the keyboard alone, or come back; in front of the scan filter, which keeps plain
        keys to itself.
        """
        self._is_aside = is_aside
        self._is_down = False
        self._watch()

    def forgive(self, keys: int) -> None:
        """Take presses back that no person made: a scanner typed them."""
        if self.is_watching:
            self.count = max(0, self.count - keys)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: look, never hold back."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:  # comes with every press, before shortcuts act
            if isinstance(event, QKeyEvent) and is_first_stop(watched):
                self._on_key(event)
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            if isinstance(watched, QWindow) and not self._is_down:
                self._is_down = True
                self.count += 1
                self.clicked.emit()
        elif kind == QEvent.Type.MouseButtonRelease:
            self._is_down = False
        elif kind == Said.KIND and isinstance(event, Said) and event.tone is Tone.PROBLEM:
            self.refused.emit(event.title)
        return False

    def _on_key(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or event.key() in _HELD:
            return
        self.count += 1
        self.pressed.emit(QKeySequence(event.keyCombination()).toString())

    def _watch(self) -> None:
        self._unwatch()
        if self._app is None or self._window is None or self._is_aside:
            return
        self._keyboard.start(self._app)
        self._window.installEventFilter(self)
        self._app.focusWindowChanged.connect(self._on_window)
        self._on_window(self._window.windowHandle())

    def _unwatch(self) -> None:
        if not self._keyboard.is_on or self._app is None:
            return
        self._keyboard.stop()
        self._app.focusWindowChanged.disconnect(self._on_window)
        if self._window is not None and shiboken6.isValid(self._window):
            self._window.removeEventFilter(self)
        for handle in self._handles:
            if shiboken6.isValid(handle):
                handle.removeEventFilter(self)
        self._handles = []

    def _on_window(self, handle: QWindow | None) -> None:
        """Clicks arrive at a window before any widget of it: each once."""
        self._handles = [one for one in self._handles if shiboken6.isValid(one)]
        if handle is not None and handle not in self._handles:
            handle.installEventFilter(self)
            self._handles.append(handle)
