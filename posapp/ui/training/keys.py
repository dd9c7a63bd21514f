"""Counts what a person presses while a lesson runs, and hears what banners say. Keeps no text.

It is off the application whenever a payment form exists: no card digit may reach our code
(drop-in.md 6.9).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.kit.banner import Said
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
        self._app: QCoreApplication | None = None
        self._is_aside = False
        self._is_down = False
        self.count = 0

    @property
    def is_watching(self) -> bool:
        """Whether keys and clicks are counted at this moment."""
        return self._app is not None and not self._is_aside

    def start(self, app: QCoreApplication) -> None:
        """Count from nought."""
        self.count = 0
        self._app = app
        self._watch()

    def stop(self) -> None:
        """Count no more; the count stays."""
        if self._app is not None:
            self._app.removeEventFilter(self)
        self._app = None

    def stand_aside(self, is_aside: bool) -> None:
        """Leave the application alone, or come back; in front of the scan filter, which keeps
        plain keys to itself.
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
            if isinstance(event, QKeyEvent) and _is_first_stop(watched):
                self._on_key(event)
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            if not self._is_down:
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
        if self._app is None:
            return
        self._app.removeEventFilter(self)
        if not self._is_aside:
            self._app.installEventFilter(self)


def _is_first_stop(watched: QObject) -> bool:
    """A key travels up from the widget that has the keyboard; only its first stop counts."""
    if not isinstance(watched, QWidget):
        return False
    focus = QApplication.focusWidget()
    return watched is focus or (focus is None and watched.isWindow())
