"""A sheet that asks for a few words: a note, a reason. Kept on the sheet until they are stored."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.buttons import Button, Kind
from posapp.ui.kit.dialogs import SheetDialog
from posapp.ui.kit.fields import Field
from posapp.ui.kit.run import Runner
from posapp.ui.kit.texts import Text
from posapp.ui.kit.theme import Tone

Save = Callable[[str], Coroutine[Any, Any, object]]
Explain = Callable[[Exception], tuple[str, str]]
"""Turns an error into a title and a body."""


class WordsDialog(SheetDialog):
    """Words, and one press that stores them. Ctrl+Enter stores, Esc leaves."""

    saved = Signal(object)  # what storing returned

    def __init__(  # noqa: PLR0913  a sheet is described in one call
        self,
        owner: QWidget,
        run: Runner,
        title: str,
        *,
        label: str,
        yes: str,
        save: Save,
        explain: Explain,
        prompt: str = "",
        kind: Kind = Kind.PRIMARY,
        icon: str = "note",
        name: str = "words_dialog",
    ) -> None:
        super().__init__(owner, title, name=name, icon=icon)
        self._run = run
        self._save = save
        self._explain = explain
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(theme.metrics().px(112))
        self.field = Field(label, self.edit, name="words_edit")
        self.banner = Banner(name="words_banner")
        if prompt:
            self.body.addWidget(Text(prompt, wrap=True))
        self.body.addWidget(self.field)
        self.body.addWidget(self.banner)
        self.add_cancel(tr("Leave"))
        self.save_button = Button(yes, name="save_button", kind=kind, key="Ctrl+Enter", bind=False)
        self.add_button(self.save_button, on_press=self._on_save)
        self.edit.textChanged.connect(lambda: self.field.set_error(""))
        self.edit.setFocus()

    def words(self) -> str:
        """Return what was written, trimmed."""
        return self.edit.toPlainText().strip()

    def set_words(self, words: str) -> None:
        """Put back what was written before."""
        self.edit.setPlainText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's override: Ctrl+Enter stores."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_save()
            return
        super().keyPressEvent(event)

    def _on_save(self) -> None:
        if not self.save_button.isEnabled():
            return
        if not self.words():
            self.field.set_error(tr("Write a few words first."))
            self.edit.setFocus()
            return
        self.banner.hush()
        self._run(
            self,
            self._save(self.words()),
            done=self._on_saved,
            failed=self._on_failed,
            busy=self.save_button,
        )

    def _on_saved(self, result: object) -> None:
        self.saved.emit(result)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        title, body = self._explain(error)
        self.banner.say(title, body, tone=Tone.PROBLEM, can_close=False)
