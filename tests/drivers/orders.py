"""The orders screen as people at the packing table work it. Only drivers touch widgets."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.queue import OrderRow, View
from posapp.ui.kit.dialogs import Question
from posapp.ui.kit.theme import Tone
from posapp.ui.kit.words_dialog import WordsDialog
from posapp.ui.orders.fulfil_dialog import FulfilDialog
from posapp.ui.orders.queue_table import STATE
from posapp.ui.orders.screen import OrdersScreen
from tests.helpers.waiting import shown, until

W = TypeVar("W", bound=QWidget)


def press(target: QWidget, key: str) -> None:
    """Press a key, as in "F", "Ctrl+F", "Space"."""
    pressed = QKeySequence(key)[0]  # type: ignore[index]  # the stubs lack __getitem__
    QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())


class OrdersDriver:
    """Somebody at the queue."""

    def __init__(self, screen: OrdersScreen) -> None:
        self.screen = screen

    # ---- hands

    async def arrive(self, width: int = 1280, height: int = 800) -> None:
        """Come to the screen and wait until the first page is there."""
        self.screen.resize(width, height)
        await shown(self.screen)
        await until(
            lambda: self.screen.queue.empty.sentence.text() != "Reading the orders…",
            what="the queue to be read",
        )

    def key(self, name: str) -> None:
        """Press a key where the list has the keyboard."""
        self.screen.queue.table.setFocus()
        press(self.screen.queue.table, name)

    async def view(self, view: View) -> None:
        """Choose a view by its key and wait for its rows."""
        self.key(str(list(View).index(view) + 1))
        await until(lambda: not self.screen.queue.model.is_loading, what=f"the view {view}")

    async def search(self, words: str) -> None:
        """Type into the search box and press Enter."""
        box = self.screen.queue.search_box
        self.key("/")
        box.edit.clear()
        QTest.keyClicks(box.edit, words)
        QTest.keyClick(box.edit, Qt.Key.Key_Return)
        await until(lambda: not self.screen.queue.model.is_loading, what=f"what {words!r} finds")

    async def open(self, order_id: str) -> None:
        """Open an order and wait for its sheet."""
        self.screen.open_order(order_id)
        await self.expect_open(order_id)

    async def step(self, key: str) -> None:
        """Press a key that moves the selection, and wait for the order beside it."""
        self.key(key)
        chosen = self.chosen
        await self.expect_open(chosen)

    async def fulfil_sheet(self, key: str = "F") -> FulfilDialog:
        """Press F (or C) and wait for the sheet."""
        self.key(key)
        return await self._opened(FulfilDialog)

    async def send(self, dialog: FulfilDialog) -> None:
        """Press Enter on the sheet and wait until it has gone."""
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        await until(lambda: self._sheet(FulfilDialog) is None, what="the sheet to close")

    async def note(self, words: str) -> None:
        """Leave a note with N, words, Ctrl+Enter."""
        self.key("N")
        dialog = await self._opened(WordsDialog)
        QTest.keyClicks(dialog.edit, words)
        press(dialog, "Ctrl+Return")
        await until(lambda: self._sheet(WordsDialog) is None, what="the note to be stored")

    async def say_yes(self) -> None:
        """Answer the question that is open."""
        question = await self._opened(Question)
        question.yes_button.click()

    # ---- eyes

    @property
    def order_ids(self) -> list[str]:
        """The orders in the table, top first."""
        return [row.order_id for row in self.screen.queue.model.rows]

    @property
    def chosen(self) -> str:
        """The order the selection rests on, or nothing."""
        row: OrderRow | None = self.screen.queue.table.chosen()
        return row.order_id if row is not None else ""

    def state(self, order_id: str) -> tuple[str, Tone | None]:
        """The word and tone of an order's state in the table."""
        at = self.screen.queue.model.position(order_id)
        assert at is not None, f"{order_id} is not in the table"
        cells = self.screen.queue.model.cells(at)
        return cells.texts[STATE], cells.tones[STATE]

    def count(self, view: View) -> int | None:
        """The count on a view's tab."""
        return self.screen.queue.tabs.count(view)

    @property
    def message(self) -> str:
        """What the sheet's banner says, or nothing."""
        banner = self.screen.detail.banner
        return banner.title.text() if banner.isVisible() else ""

    # ---- what must be

    async def expect_open(self, order_id: str) -> None:
        """The order stands beside the queue."""
        await until(
            lambda: (sheet := self.screen.detail.sheet) is not None and sheet.order.id == order_id,
            what=f"order {order_id} to be open",
        )

    async def expect_state(self, order_id: str, word: str) -> None:
        """The row says this state before long."""
        await until(lambda: self.state(order_id)[0] == word, what=f"{order_id} to say {word!r}")

    async def expect_count(self, view: View, number: int) -> None:
        """The tab says this number before long."""
        await until(lambda: self.count(view) == number, what=f"{number} in {view}")

    async def _opened(self, kind: type[W]) -> W:
        await until(lambda: self._sheet(kind) is not None, what=f"a {kind.__name__}")
        sheet = self._sheet(kind)
        assert sheet is not None
        return sheet

    def _sheet(self, kind: type[W]) -> W | None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, kind) and widget.isVisible():
                return widget
        return None
