"""A message inside a screen: what happened, what was kept, what to do, and the key that does it.
Never floats, never vanishes by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.panels import column, row
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Tone, Type

_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.WAIT: "warning",
    Tone.READY: "success",
    Tone.DONE: "success",
    Tone.PROBLEM: "error",
}


class Said(QEvent):
    """A banner has just said this; sent to the main window, for whoever watches it."""

    KIND = QEvent.Type(QEvent.registerEventType())

    def __init__(self, title: str, tone: Tone) -> None:
        super().__init__(Said.KIND)
        self.title = title
        self.tone = tone


class Banner(QFrame):
    """An inline message in a tone. Hidden until `say` is called; `hush` hides it again."""

    acted = Signal()  # the action was pressed
    closed = Signal()  # the person put the message away

    def __init__(
        self, parent: QWidget | None = None, *, name: str = "banner", key: str = ""
    ) -> None:
        """`key` presses the action, and is shown on it."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("part", "banner")
        self._is_narrow: bool | None = None
        self._icon = IconLabel("info", size=20)
        self.title = Text("", Type.STRONG, wrap=True)
        self.body = Text("", wrap=True)
        self.action_button = Button("", name=f"{name}_action", key=key, size=Size.SMALL)
        self.close_button = Button(
            "", name=f"{name}_close", kind=Kind.QUIET, icon="close", size=Size.SMALL
        )
        self.close_button.setAccessibleName(tr("Put this message away"))
        self._build()
        self._connect()
        self.hide()

    def say(
        self,
        title: str,
        body: str = "",
        *,
        tone: Tone = Tone.INFO,
        action: str = "",
        can_close: bool = True,
    ) -> None:
        """Show a message, and tell a screen reader."""
        theme.set_tone(self, tone)
        self._icon.set_icon(_ICONS[tone], tone.value)
        self.title.say(title, tone if tone is not Tone.NEUTRAL else None)
        self.body.say(body)
        self.body.setVisible(bool(body))
        self.action_button.set_text(action)
        self.action_button.setVisible(bool(action))
        self.close_button.setVisible(can_close)
        self.setAccessibleName(f"{title} {body}".strip())
        self.show()
        self._fit()
        announce(self, f"{title}. {body}", is_urgent=tone is Tone.PROBLEM)
        QCoreApplication.sendEvent(main_window(self), Said(title, tone))

    def hush(self) -> None:
        """Hide the message."""
        self.hide()

    def event(self, event: QEvent) -> bool:
        """Qt's override: other words, other height."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's override: as tall as the words need at this width, no taller."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_narrow = self.width() < theme.metrics().px(520)
        if is_narrow is not self._is_narrow:
            self._turn(is_narrow)
        layout = self.layout()
        height = layout.totalHeightForWidth(self.width()) if layout is not None else -1
        if height > 0 and height != self.maximumHeight():
            self.setFixedHeight(height)
        if layout is not None and layout.geometry() != self.contentsRect():
            layout.setGeometry(self.contentsRect())  # Qt loses it when height changes in a resize

    def _turn(self, is_narrow: bool) -> None:
        """Put the action under the words where there is no room beside them."""
        self._is_narrow = is_narrow
        way, where = QBoxLayout.Direction, Qt.AlignmentFlag
        self._content.setDirection(way.TopToBottom if is_narrow else way.LeftToRight)
        place = where.AlignLeft if is_narrow else where.AlignVCenter
        self._content.setAlignment(self.action_button, place)

    def _build(self) -> None:
        words = column(self.title, self.body, 1, gap=0.25)
        self._content = row(words, self.action_button, gap=1)
        self._content.setStretch(0, 1)
        line = row(self._icon, self._content, self.close_button, gap=1.25)
        line.setStretch(1, 1)
        line.setContentsMargins(14, 10, 8, 10)
        top = Qt.AlignmentFlag.AlignTop
        line.setAlignment(self._icon, top)
        line.setAlignment(self.close_button, top)
        self.setLayout(line)

    def _connect(self) -> None:
        self.action_button.clicked.connect(self.acted)
        self.close_button.clicked.connect(self._on_closed)

    def _on_closed(self) -> None:
        self.hush()
        self.closed.emit()


def main_window(widget: QWidget) -> QWidget:
    """Return the window under all sheets that lie over it."""
    window = widget.window()
    while (below := window.parentWidget()) is not None:
        window = below.window()
    return window


def announce(widget: QWidget, words: str, *, is_urgent: bool = False) -> None:
    """Have a screen reader say `words`: at once when urgent, else when it has finished."""
    event = QAccessibleAnnouncementEvent(widget, words)
    how = QAccessible.AnnouncementPoliteness
    event.setPoliteness(how.Assertive if is_urgent else how.Polite)
    QAccessible.updateAccessibility(event)
