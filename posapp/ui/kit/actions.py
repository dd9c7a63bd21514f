"""What can be done on a screen, declared as data: id, words, key, callback. The F1 overlay and the
palette are made of it.

Keys with Ctrl, Alt or F-numbers are shortcuts of the window. Single letters and Space act only
while a list or nothing in particular has the keyboard: never in a text field, and never before the
scan filter has looked at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from posapp.domain.words import tr
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.keycap import KeyCap
from posapp.ui.kit.panels import column, holder, scrolled
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Type

_UNHELD = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_WRITTEN_IN = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do. `is_possible` is asked whenever its key comes."""

    id: str
    text: str
    do: Callable[[], object]
    key: str = ""
    icon: str = ""
    group: str = ""
    is_possible: Callable[[], bool] = lambda: True


class ActionSet(QObject):
    """A screen's actions, bound to its keys while the screen is on show."""

    def __init__(self, owner: QWidget, actions: Iterable[Action] = ()) -> None:
        super().__init__(owner)
        self._owner = owner
        self._actions: dict[str, Action] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self._letters: dict[str, Action] = {}
        owner.installEventFilter(self)
        for action in actions:
            self.add(action)

    def __iter__(self) -> Iterator[Action]:
        """The actions, in the order they were added."""
        return iter(tuple(self._actions.values()))

    def add(self, action: Action) -> None:
        """Add an action. Raises ValueError when its id or key is taken here already."""
        if action.id in self._actions:
            raise ValueError(f"two actions are called {action.id!r}")
        taken = {a.key for a in self._actions.values() if a.key}
        if action.key in taken:
            raise ValueError(f"two actions want the key {action.key!r}")
        self._actions[action.id] = action
        if action.key and is_plain(action.key):
            self._letters[QKeySequence(action.key).toString()] = action
        elif action.key:
            self._bind(action)

    def do(self, action_id: str) -> bool:
        """Do an action by its id; say whether it was possible."""
        action = self._actions[action_id]
        if not action.is_possible():
            return False
        action.do()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's override: a single letter that no field wanted has come up to the screen."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() not in _UNHELD:
            return False
        action = self._letters.get(QKeySequence(event.key()).toString())
        if action is None or isinstance(self._owner.focusWidget(), _WRITTEN_IN):
            return False
        return self.do(action.id)

    def _bind(self, action: Action) -> None:
        shortcut = QShortcut(QKeySequence(action.key), self._owner)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if QKeySequence(action.key).toString().startswith(("F", "Ctrl", "Alt")):
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: self.do(action.id))
        self._shortcuts[action.id] = shortcut


def is_plain(key: str) -> bool:
    """Say whether a key is a single letter, digit, sign or Space, as a scanner could send it."""
    return len(key) == 1 or key == "Space"


class KeysOverlay(SheetDialog):
    """The F1 sheet: every key of the screen, made of its actions."""

    def __init__(self, owner: QWidget, actions: Iterable[Action], *, title: str = "") -> None:
        super().__init__(
            owner,
            title or tr("Keys of this screen"),
            name="keys_overlay",
            width=640,
            icon="keyboard",
        )
        shown = [action for action in actions if action.key]
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        at = 0
        for group in dict.fromkeys(action.group for action in shown):
            at = self._add_group(grid, at, group, [a for a in shown if a.group == group])
        area = scrolled(holder(column(grid, 1)))
        area.setMinimumHeight(min(420, 60 + 34 * grid.rowCount()))
        self.body.addWidget(area)
        close = Button(tr("Close"), name="close_button", key="Esc", bind=False)
        self.add_button(close, on_press=self.reject)
        close.setFocus()

    def _add_group(self, grid: QGridLayout, at: int, group: str, members: list[Action]) -> int:
        if group:
            heading = Text(group, Type.STRONG)
            heading.setContentsMargins(0, 8 if at else 0, 0, 0)
            grid.addWidget(heading, at, 0, 1, 4)
            at += 1
        for number, action in enumerate(members):
            side = 2 * (number % 2)
            cap = KeyCap(action.key)
            grid.addWidget(cap, at + number // 2, side, Qt.AlignmentFlag.AlignLeft)
            words = Text(action.text, muted=not action.is_possible())
            grid.addWidget(words, at + number // 2, side + 1)
        return at + (len(members) + 1) // 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: F1 again closes, as Esc does."""
        if event.key() == Qt.Key.Key_F1:
            self.reject()
            return
        super().keyPressEvent(event)
