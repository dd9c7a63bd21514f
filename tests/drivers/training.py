"""The training room as a person at the till works it: menu, lessons, coach, result. Only drivers
touch widgets.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from posapp.domain.lesson import Lesson
from posapp.ui.kit.actions import KeysOverlay
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.palette import Palette
from posapp.ui.main_window.floor import ShopFloor
from posapp.ui.training.bar import TrainingBar
from posapp.ui.training.menu import TrainingMenu
from posapp.ui.training.pick import PickRow
from posapp.ui.training.sheets import Briefing, ResultSheet
from tests.helpers.waiting import emitted, until

W = TypeVar("W", bound=QWidget)


class TrainingDriver:
    """Somebody in the training room."""

    def __init__(self, floor: ShopFloor, bar: TrainingBar, *, limit_s: float = 5.0) -> None:
        self.floor = floor
        self.bar = bar
        self._limit_s = limit_s

    # ── hands ────────────────────────────────────────────────────────────────────────────────

    def press(self, name: str) -> None:
        """Press a key where the keyboard is, as in "F10", "1", "Return"."""
        pressed = QKeySequence(name)[0]  # type: ignore[index]  # the stubs lack __getitem__
        target = QApplication.focusWidget() or self.floor.window()
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())

    async def menu(self) -> TrainingMenu:
        """Open the menu with its key."""
        await self._come_back()
        self.press("Ctrl+T")
        return await self._sheet(TrainingMenu)

    async def set_next(self, key: str) -> None:
        """Set the next outcome by its digit, and close the menu."""
        menu = await self.menu()
        QTest.keyClicks(menu, key)
        row = next(row for row in menu.outcomes.rows if row.choice.key == key)
        await until(
            lambda: row.choice.is_set, timeout_s=self._limit_s, what=f"{row.choice.title} to be set"
        )
        await self.close(menu)

    async def begin(self, lesson: Lesson, *, from_menu: bool = True) -> None:
        """Choose a lesson by its letter, read its goal, begin."""
        if from_menu:
            menu = await self.menu()
            row = next(row for row in menu.lessons.rows if row.choice.id == lesson.id)
            QTest.keyClicks(menu, row.choice.key)
        briefing = await self._sheet(Briefing)
        QTest.keyClick(briefing.begin_button, Qt.Key.Key_Return)
        await self._gone(Briefing)
        await until(
            lambda: self.bar.trainer.lesson is lesson,
            timeout_s=self._limit_s,
            what=f"the lesson {lesson.title} to begin (it says: {self.says})",
        )
        await self._come_back()

    async def set_next_fails(self, letter: str) -> None:
        """Choose a lesson that cannot begin, because nobody takes the scene's commands."""
        menu = await self.menu()
        QTest.keyClicks(menu, letter)
        briefing = await self._sheet(Briefing)
        QTest.keyClick(briefing.begin_button, Qt.Key.Key_Return)
        await self._gone(Briefing)

    async def begin_refused(self, lesson: Lesson) -> None:
        """Try to begin a lesson at a moment that forbids it, and read why."""
        self.bar.trainer.begin(lesson)
        await self.expect_says("A payment is in hand")

    async def palette(self, text: str) -> Palette:
        """Open the palette with its key and type into it."""
        await self._come_back()
        self.press("Ctrl+K")
        palette = await self._sheet(Palette)
        looked = emitted(palette.search.searched, check=lambda sought: sought == text)
        palette.search.set_text(text)
        await looked
        await until(lambda: palette.model.rows, timeout_s=self._limit_s, what=f"what fits {text!r}")
        return palette

    async def keys(self) -> KeysOverlay:
        """Press F1 and return the sheet."""
        await self._come_back()
        self.press("F1")
        return await self._sheet(KeysOverlay)

    async def sheet(self, kind: type[W]) -> W:
        """Return the sheet of this kind once it is open."""
        return await self._sheet(kind)

    async def leave(self) -> None:
        """Give the lesson up."""
        self.click(self.bar.leave_button)
        await until(lambda: self.bar.trainer.lesson is None, what="the lesson to be left")

    def click(self, widget: QWidget) -> None:
        """Click a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    async def result(self) -> ResultSheet:
        """Return the result once it is there."""
        return await self._sheet(ResultSheet)

    async def close(self, sheet: QWidget) -> None:
        """Close a sheet with Esc."""
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        await self._gone(type(sheet))
        await self._come_back()

    async def again(self) -> None:
        """Take the lesson again from its result."""
        sheet = await self.result()
        QTest.keyClick(sheet, Qt.Key.Key_A)
        await self._gone(ResultSheet)
        await self._come_back()

    def click_at(self, widget: QWidget) -> None:
        """Click where the widget is, as a mouse does: the window gets it first."""
        window = self.floor.window()
        at = widget.mapTo(window, widget.rect().center())
        for kind, held in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            click = QMouseEvent(
                kind,
                QPointF(at),
                QPointF(window.mapToGlobal(at)),
                Qt.MouseButton.LeftButton,
                held,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(window.windowHandle(), click)

    # ── eyes ─────────────────────────────────────────────────────────────────────────────────

    @property
    def says(self) -> str:
        """What the coach says to do, or nothing."""
        return self.bar.coach.says if self.bar.coach.isVisible() else ""

    @property
    def cost(self) -> str:
        """What the lesson has cost so far, as it is shown."""
        return self.bar.coach.cost.text()

    @property
    def ahead(self) -> str:
        """What is set for the next order, as it is shown."""
        return self.bar.pill.word if self.bar.pill.isVisible() else ""

    @staticmethod
    def rows(menu: TrainingMenu) -> list[PickRow]:
        """All rows of the menu."""
        return [*menu.outcomes.rows, *menu.lessons.rows]

    @staticmethod
    def figures(sheet: QWidget) -> str:
        """All that stands on the sheet."""
        return " | ".join(label.text() for label in sheet.findChildren(QLabel) if label.text())

    @staticmethod
    def buttons(sheet: ResultSheet) -> list[str]:
        """What the result offers."""
        return [button.text() for button in sheet.findChildren(Button)]

    async def expect_says(self, words: str) -> None:
        """The coach says this before long."""
        await until(
            lambda: words in self.says,
            timeout_s=self._limit_s,
            what=f"the coach to say “{words}” (it says: {self.says})",
        )

    async def expect_ahead(self, words: str) -> None:
        """This is set, and seen to be."""
        await until(
            lambda: self.ahead == words,
            timeout_s=self._limit_s,
            what=f"“{words}” in the bar (it shows: {self.ahead!r})",
        )

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    async def _come_back(self) -> None:
        """Off-screen no window manager gives the keyboard back when a sheet has gone."""
        window = self.floor.window()
        window.activateWindow()
        await until(window.isActiveWindow, what="the window to have the keyboard")

    async def _sheet(self, kind: type[W]) -> W:
        await until(
            lambda: self._open(kind) is not None, timeout_s=self._limit_s, what=f"a {kind.__name__}"
        )
        found = self._open(kind)
        assert found is not None
        return found

    async def _gone(self, kind: type[QWidget]) -> None:
        await until(lambda: self._open(kind) is None, what=f"the {kind.__name__} to close")

    def _open(self, kind: type[W]) -> W | None:
        found = self.floor.window().findChildren(kind)
        return next((sheet for sheet in found if sheet.isVisible()), None)
