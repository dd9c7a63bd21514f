"""What all pages of the sale have: a place for sentences, a forward key, a way back. Calls
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.sale import Sale
from posapp.ui.kit import theme
from posapp.ui.kit.banner import Banner
from posapp.ui.messages import Message


@dataclass(frozen=True, slots=True)
class Forward:
    """The one primary key of a page: its words, icon, and whether it works now. No words: no
    key.
    """

    words: str = ""
    icon: str = "forward"
    is_ready: bool = True


@dataclass(frozen=True, slots=True)
class Back:
    """The way back: its words, and whether it is open now. No words: there is none."""

    words: str = ""
    is_open: bool = True


class SalePage(QWidget):
    """One step. Signals say what the clerk did; whoever listens does it and shows the new state."""

    forwarded = Signal()  # the primary key was pressed
    went_back = Signal()  # the clerk wants one step back
    forward_changed = Signal()  # `forward()` or `back()` answers differently now

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.banner = Banner(self, name=f"{name}_banner")
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(theme.metrics().space(1.5))
        self.lines.addWidget(self.banner)

    def forward(self) -> Forward:
        """Return the primary key of this page as it is now."""
        return Forward()

    def back(self) -> Back:
        """Return the way back as it is now."""
        return Back()

    def show_sale(self, sale: Sale) -> None:
        """Show the sale as it stands."""

    def enter(self) -> None:
        """Take the keyboard: the page has just been shown."""
        self.setFocus()

    def say(self, message: Message, *, action: str = "") -> None:
        """Show a sentence on top of the page."""
        body = message.body
        if message.to_shopper:
            body = f"“{message.to_shopper}”\n{body}"
        self.banner.say(message.title, body, tone=message.tone, action=action)

    def hush(self) -> None:
        """Put the sentence away."""
        self.banner.hush()
