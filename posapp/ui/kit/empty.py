"""What stands where nothing is yet: an icon, a sentence, a hint, one thing to do.
Never an apology, never a bare screen.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.kit.buttons import Button
from posapp.ui.kit.panels import column
from posapp.ui.kit.texts import IconLabel, Text
from posapp.ui.kit.theme import Type


class EmptyState(QWidget):
    """The picture of "nothing here", with a way on."""

    acted = Signal()  # the action was pressed

    def __init__(  # all of it is said in one call
        self,
        icon: str,
        sentence: str,
        hint: str = "",
        *,
        action: str = "",
        key: str = "",
        name: str = "empty_state",
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._icon = IconLabel(icon, "text_faint", 44)
        self.sentence = Text(sentence, Type.TITLE, wrap=True)
        self.hint = Text(hint, muted=True, wrap=True)
        self.action_button = Button(action, name=f"{name}_action", key=key, bind=False)
        self._build(bool(action))
        self.action_button.clicked.connect(self.acted)

    def say(self, icon: str, sentence: str, hint: str = "") -> None:
        """Change what it says, as when a filter finds nothing."""
        self._icon.set_icon(icon)
        self.sentence.setText(sentence)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def _build(self, has_action: bool) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        for text in (self.sentence, self.hint):
            text.setAlignment(centre)
        self.hint.setVisible(bool(self.hint.text()))
        self.action_button.setVisible(has_action)
        lines = column(1, self._icon, self.sentence, self.hint, self.action_button, 2, gap=1)
        for widget in (self._icon, self.action_button):
            lines.setAlignment(widget, centre)
        lines.setContentsMargins(24, 24, 24, 24)
        self.setLayout(lines)
