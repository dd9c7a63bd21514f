"""The Review screen as a manager works it. Only drivers touch widgets."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.review import Concern, ReviewItem
from posapp.ui.kit.dialogs import Question
from posapp.ui.kit.words_dialog import WordsDialog
from posapp.ui.review.decision_dialog import DecisionDialog
from posapp.ui.review.review_table import key_of
from posapp.ui.review.screen import ReviewScreen
from tests.drivers.orders import press
from tests.helpers.waiting import shown, until

W = TypeVar("W", bound=QWidget)


class ReviewDriver:
    """A manager at the list."""

    def __init__(self, screen: ReviewScreen) -> None:
        self.screen = screen

    # ---- hands

    async def arrive(self, width: int = 1280, height: int = 800) -> None:
        """Come to the screen and wait until the list is there."""
        self.screen.resize(width, height)
        await shown(self.screen)
        await until(
            lambda: self.screen.empty.sentence.text() != "Reading the list…",
            what="the list to be read",
        )

    def key(self, name: str) -> None:
        """Press a key where the list has the keyboard."""
        self.screen.table.setFocus()
        press(self.screen.table, name)

    async def choose(self, concern: Concern) -> ReviewItem:
        """Put the selection on the first item of this concern."""
        item = next(item for item in self.screen.model.rows if item.concern is concern)
        assert self.screen.table.choose(key_of(item))
        await until(lambda: self.screen.detail.item == item, what=f"{concern} beside the list")
        return item

    async def note(self, words: str) -> None:
        """Leave a note with N, words, Ctrl+Enter."""
        self.key("N")
        dialog = await self._opened(WordsDialog)
        QTest.keyClicks(dialog.edit, words)
        press(dialog, "Ctrl+Return")
        await self._gone(WordsDialog)

    async def sheet(self, key: str) -> DecisionDialog:
        """Press A or D and wait for the sheet."""
        self.key(key)
        return await self._opened(DecisionDialog)

    async def say_yes(self) -> None:
        """Answer the second question."""
        question = await self._opened(Question)
        press(question, "Y")

    async def expect_sheet_gone(self) -> None:
        """The sheet closes before long."""
        await self._gone(DecisionDialog)

    # ---- eyes

    @property
    def concerns(self) -> list[Concern]:
        """The concerns listed, top first."""
        return [item.concern for item in self.screen.model.rows]

    @property
    def message(self) -> str:
        """What the banner beside the list says, or nothing."""
        banner = self.screen.detail.banner
        return banner.title.text() if banner.isVisible() else ""

    def offers(self) -> set[str]:
        """The names of the buttons that are offered."""
        detail = self.screen.detail
        buttons = (
            detail.open_button,
            detail.note_button,
            detail.acknowledge_button,
            detail.look_button,
            detail.resolve_button,
        )
        return {button.objectName() for button in buttons if button.isVisible()}

    async def expect_gone(self, concern: Concern) -> None:
        """The concern leaves the list before long."""
        await until(lambda: concern not in self.concerns, what=f"{concern} to go")

    async def _opened(self, kind: type[W]) -> W:
        await until(lambda: _sheet(kind) is not None, what=f"a {kind.__name__}")
        sheet = _sheet(kind)
        assert sheet is not None
        return sheet

    async def _gone(self, kind: type[QWidget]) -> None:
        await until(lambda: _sheet(kind) is None, what=f"the {kind.__name__} to close")


def _sheet(kind: type[W]) -> W | None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, kind) and widget.isVisible():
            return widget
    return None
