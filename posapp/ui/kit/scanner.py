"""A scan is recognised anywhere, by its rhythm and its terminator. It never lands in a field, never
presses a button.

A scanner is a keyboard that types fast and ends with Enter. The filter holds each plain key for one
gap (35 ms); if the next key comes within it, both may belong to a scan and wait on; the terminator
makes them one. When no further key comes in time, what was held is a person's typing and goes to
the field as if nothing had been.

    filter = ScanFilter(clock.monotonic); filter.install(app); filter.scanned.connect(…)
    release = filter.stand_aside()  # while a payment view exists: no key passes through our code
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.kit.keyboard import KeyboardWatch, is_first_stop

GAP_S = 0.035
SHORTEST = 4
_TERMINATORS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class ScanFilter(QObject):
    """Watches the keys of the whole application;
    `scanned` carries what a scanner typed, less its end.
    """

    scanned = Signal(str)

    def __init__(
        self,
        now: Callable[[], float],
        *,
        gap_s: float = GAP_S,
        shortest: int = SHORTEST,
        parent: QObject | None = None,
    ) -> None:
        """`now` gives seconds that never run backwards; `shortest` is a scan's least length."""
        super().__init__(parent)
        self._now = now
        self._gap_s = gap_s
        self._shortest = shortest
        self._app: QApplication | None = None
        self._watch = KeyboardWatch(self)
        self._aside = 0
        self._held: list[QKeyEvent] = []
        self._receiver: QWidget | None = None
        self._last_at = 0.0
        self._is_replaying = False
        self._swallow_release_of: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(gap_s * 1000) + 1)
        self._timer.timeout.connect(self._give_back)

    @property
    def is_watching(self) -> bool:
        """Whether keys pass through the filter at this moment."""
        return self._app is not None and self._aside == 0

    def install(self, app: QApplication) -> None:
        """Watch the application's keys from now on."""
        self._app = app
        if self._aside == 0:
            self._watch.start(app)

    def remove(self) -> None:
        """Stop watching for good."""
        self._watch.stop()
        self._app = None
        self._forget()

    def stand_aside(self) -> Callable[[], None]:
        """Take the filter off the application until the returned function is called.

        Several views may ask at once; the filter comes back when the last one is gone.
        """
        self._aside += 1
        self._watch.stop()
        self._forget()
        has_come_back = False

        def come_back() -> None:
            nonlocal has_come_back
            if has_come_back:
                return
            has_come_back = True
            self._aside -= 1
            if self._app is not None and self._aside == 0:
                self._watch.start(self._app)

        return come_back

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: hold, recognise or let pass."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            return self._on_press(watched, event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._on_release(watched, event)
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._on_override(watched, event)
        return False

    def _on_press(self, watched: QObject, event: QEvent) -> bool:
        if self._is_replaying or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or not is_first_stop(watched):
            return False
        at = self._now()
        is_quick = bool(self._held) and at - self._last_at <= self._gap_s
        if self._held and not is_quick:
            self._give_back()
        if self._may_be_scan(event):
            self._hold(watched, event, at)
            return True
        if self._held and event.key() in _TERMINATORS and len(self._held) >= self._shortest:
            self._finish(event)
            return True
        self._give_back()
        return False

    def _on_release(self, watched: QObject, event: QKeyEvent) -> bool:
        if self._is_replaying or not isinstance(watched, QWidget):
            return False
        if event.key() in self._swallow_release_of:
            self._swallow_release_of.discard(event.key())
            return True
        return False

    def _on_override(self, watched: QObject, event: QKeyEvent) -> bool:
        """A plain key must not fire a shortcut before it is known whether a scanner sent it."""
        if self._is_replaying or not isinstance(watched, QWidget):
            return False
        ends_scan = bool(self._held) and event.key() in _TERMINATORS
        if self._may_be_scan(event) or ends_scan:
            event.accept()
            return True
        return False

    def _may_be_scan(self, event: QKeyEvent) -> bool:
        return (
            event.modifiers() in _PLAIN
            and not event.isAutoRepeat()
            and len(event.text()) == 1
            and event.text().isprintable()
        )

    def _hold(self, receiver: QWidget, event: QKeyEvent, at: float) -> None:
        self._receiver = receiver
        self._held.append(_copy(event))
        self._last_at = at
        self._timer.start()

    def _finish(self, terminator: QKeyEvent) -> None:
        text = "".join(event.text() for event in self._held)
        self._swallow_release_of |= {event.key() for event in self._held} | {terminator.key()}
        self._forget()
        self.scanned.emit(text)

    def _give_back(self) -> None:
        """It was a person: let the keys go where they were going."""
        held, receiver = self._held, self._receiver
        self._forget()
        if not held or receiver is None:
            return
        target = QApplication.focusWidget() or receiver
        self._is_replaying = True
        try:
            for event in held:
                QCoreApplication.sendEvent(target, event)
        finally:
            self._is_replaying = False

    def _forget(self) -> None:
        self._timer.stop()
        self._held = []
        self._receiver = None


def _copy(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(
        event.type(), event.key(), event.modifiers(), event.text(), event.isAutoRepeat()
    )
