"""Questions and messages over a window: opened, never run. The answer arrives in a callback; Esc
always means "no".

    ask(self, "Cancel this sale?", "The basket is kept.", yes="Cancel it", on_yes=self._on_cancel)
    tell(self, "Printed", "The receipt is on its way to the printer.")

Nothing here spins a loop of its own: a nested loop inside a task stops every other task for good.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.panels import column, row
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Tone, Type

MESSAGE = "message"
"""The name of a sheet that only tells something."""
_ICONS = {
    Tone.NEUTRAL: "help",
    Tone.INFO: "info",
    Tone.WAIT: "warning",
    Tone.READY: "success",
    Tone.DONE: "success",
    Tone.PROBLEM: "error",
}


class SheetDialog(QDialog):
    """A sheet over its window: a veil, a heading, a body to fill, buttons at its foot with their
    keys.

    Screens derive from it or fill `body` and `foot`; they call `open()` and listen to
    `accepted`/`rejected`.
    """

    def __init__(
        self, owner: QWidget, title: str, *, name: str, width: int = 520, icon: str = ""
    ) -> None:
        super().__init__(owner.window())
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.heading = Text(title, Type.TITLE, wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.metrics().space(1.5))
        self.foot = row(gap=1)
        self.sheet = QFrame()
        self.sheet.setProperty("part", "sheet")
        self.sheet.setFixedWidth(theme.metrics().px(width))
        self._icon = IconLabel(icon or "info", "accent_text", 24)
        self._icon.setVisible(bool(icon))
        self._below = QPixmap()
        self._seen_at = QSize()
        self._build()
        owner.window().installEventFilter(self)

    def add_button(self, button: Button, *, on_press: Callable[[], object] | None = None) -> Button:
        """Put a button at the foot, right of those already there."""
        self.foot.addWidget(button)
        if on_press is not None:
            button.clicked.connect(lambda _checked=False: on_press())
        return button

    def add_cancel(self, text: str = "") -> Button:
        """Put the button at the foot that closes the sheet, as Esc does."""
        made = Button(text or tr("Cancel"), name="cancel_button", key="Esc", bind=False)
        self.add_button(made, on_press=self.reject)
        return made

    def set_tone(self, tone: Tone) -> None:
        """Show the icon in a tone."""
        self._icon.set_icon(_ICONS[tone], tone.value)
        self._icon.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: cover the window as it is resized."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._cover()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's override."""
        self._seen_at = QSize()
        self._cover()
        super().showEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override: the window below, under a veil."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._below)
        painter.fillRect(self.rect(), theme.current().color("scrim"))

    def _build(self) -> None:
        head = row(self._icon, self.heading, gap=1.25)
        head.setStretch(1, 1)
        inner = column(head, self.body, gap=2, margins=3)
        self.foot.insertStretch(0, 1)
        inner.addLayout(self.foot)
        self.sheet.setLayout(inner)
        outer = QVBoxLayout(self)
        outer.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignCenter)

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect().translated(window.mapToGlobal(QPoint(0, 0))))
            self._look_below(window)

    def _look_below(self, window: QWidget) -> None:
        """Take the picture once for each size: taking it lays the window out, which comes back."""
        if self._seen_at == window.size():
            return
        self._seen_at = window.size()
        self._below = _picture(window)
        self.update()


def _picture(window: QWidget) -> QPixmap:
    """Return the window as it looks now, payment forms painted over.

    Windows cannot be seen through on every desktop; a black screen would be the alternative.
    """
    web = sys.modules.get("posapp.ui.kit.web")  # no form can be open before it is imported
    picture: QPixmap = window.grab() if web is None else web.blanked_grab(window)
    return picture


class Question(SheetDialog):
    """A question with one way on and one way back;
    Enter is the way on unless it destroys something.
    """

    def __init__(  # a question is put in one call
        self,
        owner: QWidget,
        title: str,
        text: str,
        *,
        yes: str,
        no: str = "",
        tone: Tone = Tone.INFO,
        is_destructive: bool = False,
        name: str = "question",
    ) -> None:
        super().__init__(owner, title, name=name, icon="help")
        self.set_tone(tone)
        self.body.addWidget(Text(text, wrap=True))
        self.setAccessibleDescription(text)
        self.no_button = self.add_cancel(no or tr("Back"))
        kind = Kind.DANGER if is_destructive else Kind.PRIMARY
        key = "Y" if is_destructive else "Enter"
        self.yes_button = Button(yes, name="yes_button", kind=kind, key=key, bind=False)
        self.add_button(self.yes_button, on_press=self.accept)
        self._is_destructive = is_destructive
        self.yes_button.setDefault(not is_destructive)
        (self.no_button if is_destructive else self.yes_button).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: Y says yes where Enter must not."""
        if self._is_destructive and event.key() == Qt.Key.Key_Y:
            self.accept()
            return
        super().keyPressEvent(event)


def ask(  # noqa: PLR0913  a question is put in one call
    owner: QWidget,
    title: str,
    text: str,
    *,
    yes: str,
    on_yes: Callable[[], object],
    on_no: Callable[[], object] | None = None,
    no: str = "",
    tone: Tone = Tone.INFO,
    is_destructive: bool = False,
) -> Question:
    """Put a question over the owner's window and return at once;
    the answer calls `on_yes` or `on_no`.
    """
    question = Question(
        owner, title, text, yes=yes, no=no, tone=tone, is_destructive=is_destructive
    )
    question.accepted.connect(on_yes)
    if on_no is not None:
        question.rejected.connect(on_no)
    question.open()
    return question


def tell(
    owner: QWidget,
    title: str,
    text: str,
    *,
    tone: Tone = Tone.INFO,
    on_closed: Callable[[], object] | None = None,
) -> SheetDialog:
    """Show a message over the owner's window and return at once."""
    told = SheetDialog(owner, title, name=MESSAGE, icon="info")
    told.set_tone(tone)
    told.body.addWidget(Text(text, wrap=True))
    told.setAccessibleDescription(text)
    done = Button(tr("OK"), name="ok_button", kind=Kind.PRIMARY, key="Enter", bind=False)
    done.setDefault(True)
    told.add_button(done, on_press=told.accept)
    if on_closed is not None:
        told.finished.connect(lambda _result: on_closed())
    told.open()
    done.setFocus()
    return told
