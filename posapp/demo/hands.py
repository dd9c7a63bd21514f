"""The hands of the demo: keys, waiting with a limit, pictures.

Touches widgets as a person would.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from posapp.ui.kit.form_filler import FormFiller

T = TypeVar("T")

LIMIT_S = 30.0
_STEP_S = 0.02


class DemoFailed(Exception):
    """A step did not come out as it should; the text says which and what was seen."""


@dataclass
class Hands:
    """Works one window. `pace_s` rests after each step, for somebody who watches."""

    window: QWidget
    out: Path
    pace_s: float = 0.0
    begun: float = field(default_factory=time.monotonic)
    _count: int = 0

    async def step(self, name: str, words: str) -> None:
        """Print a line with the time, save a picture of the window."""
        self._count += 1
        await asyncio.sleep(max(self.pace_s, 0.15))
        file = self.out / f"{self._count:02d}-{name}.png"
        self._picture().save(str(file))
        passed = time.monotonic() - self.begun
        print(f"{passed:6.1f} s  {self._count:02d} {name:<12} {words}", flush=True)

    def _picture(self) -> QPixmap:
        """The window as one sees it: a sheet over it is a window of its own to Qt."""
        picture = self.window.grab()
        sheet = QApplication.activeModalWidget()
        if sheet is not None:
            painter = QPainter(picture)
            painter.drawPixmap(self.window.mapFromGlobal(sheet.mapToGlobal(QPoint())), sheet.grab())
            painter.end()
        return picture

    def key(self, name: str) -> None:
        """Press a key where the keyboard is."""
        pressed = QKeySequence(name)[0]  # type: ignore[index]  # the stubs lack __getitem__
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())

    def put(self, editor: QWidget, value: str) -> None:
        """Fill a field in."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(value))
            editor.activated.emit(editor.currentIndex())
        elif isinstance(editor, QLineEdit):
            editor.clear()
            QTest.keyClicks(editor, value)

    def enter(self, editor: QWidget) -> None:
        """Press Enter in a field."""
        QTest.keyClick(editor, Qt.Key.Key_Return)

    async def press(self, button: QWidget, what: str) -> None:
        """Press a button once it works."""
        await self.until(lambda: button.isVisible() and button.isEnabled(), what)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    async def until(self, answer: Callable[[], T], what: str, limit_s: float = LIMIT_S) -> T:
        """Wait for a truthy answer. Raises DemoFailed after `limit_s` seconds."""
        end = time.monotonic() + limit_s
        while True:
            found = answer()
            if found:
                return found
            if time.monotonic() > end:
                raise DemoFailed(f"waited {limit_s:.0f} s in vain for {what}")
            await asyncio.sleep(_STEP_S)

    async def fill_web(self, page: QWebEnginePage, selector: str, value: str) -> None:
        """Fill a field of the form, in whatever frame it lies."""
        await self._web(lambda done: FormFiller(page).fill(selector, value, done), selector)

    async def press_web(self, page: QWebEnginePage, selector: str) -> None:
        """Press a button of the form, in whatever frame it lies."""
        await self._web(lambda done: FormFiller(page).press(selector, done), selector)

    async def _web(self, act: Callable[[Callable[[bool], None]], None], selector: str) -> None:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        act(lambda good: None if answer.done() else answer.set_result(good))
        if not await asyncio.wait_for(answer, LIMIT_S):
            raise DemoFailed(f"the form has no usable {selector}")
