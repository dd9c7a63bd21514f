"""Actions as data: their keys, the F1 sheet and the palette all say and do the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.kit.actions import Action, ActionSet, KeysOverlay
from posapp.ui.kit.palette import ActionSource, Find, Palette, fits
from tests.helpers.running import real_runner
from tests.helpers.waiting import shown, until


class Screen(QWidget):
    """A screen with a field and a few things to do."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.is_open = True
        self.field = QLineEdit()
        self.list = QWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.set = ActionSet(
            self,
            [
                Action("hold", "Hold the sale", lambda: self.done.append("hold"), "F6"),
                Action("fulfil", "Fulfil", lambda: self.done.append("fulfil"), "F"),
                Action("claim", "Take the order", lambda: self.done.append("claim"), "Space"),
                Action(
                    "cancel",
                    "Cancel lines",
                    lambda: self.done.append("cancel"),
                    "C",
                    is_possible=lambda: self.is_open,
                ),
            ],
        )


@pytest.fixture
def screen(qtbot: QtBot) -> Screen:
    made = Screen()
    made.resize(900, 700)
    qtbot.addWidget(made)
    return made


def test_function_keys_work_from_within_a_field(screen: Screen, qtbot: QtBot) -> None:
    screen.show()
    qtbot.waitExposed(screen)
    screen.activateWindow()
    screen.field.setFocus()
    qtbot.waitUntil(lambda: screen.isActiveWindow() and screen.field.hasFocus())
    QTest.keyClick(screen.field, Qt.Key.Key_F6)
    assert screen.done == ["hold"]


def test_single_letters_act_in_lists_and_never_in_fields(screen: Screen, qtbot: QtBot) -> None:
    screen.show()
    qtbot.waitExposed(screen)
    screen.activateWindow()
    screen.list.setFocus()
    QTest.keyClick(screen.list, Qt.Key.Key_F)
    QTest.keyClick(screen.list, Qt.Key.Key_Space)
    screen.field.setFocus()
    QTest.keyClicks(screen.field, "f c")
    assert screen.done == ["fulfil", "claim"]
    assert screen.field.text() == "f c"


def test_what_is_not_possible_is_not_done(screen: Screen) -> None:
    screen.is_open = False
    assert not screen.set.do("cancel")
    screen.is_open = True
    assert screen.set.do("cancel")
    assert screen.done == ["cancel"]


def test_two_actions_cannot_share_a_key_or_an_id(screen: Screen) -> None:
    with pytest.raises(ValueError, match="F6"):
        screen.set.add(Action("other", "Other", lambda: None, "F6"))
    with pytest.raises(ValueError, match="hold"):
        screen.set.add(Action("hold", "Again", lambda: None))


def test_f1_shows_every_key_and_closes_again(screen: Screen) -> None:
    screen.show()
    sheet = KeysOverlay(screen, screen.set)
    sheet.open()
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert {"Hold the sale", "Fulfil", "Take the order", "Cancel lines"} <= set(words)
    closed: list[int] = []
    sheet.finished.connect(closed.append)
    QTest.keyClick(sheet, Qt.Key.Key_F1)
    assert closed == [0]


def test_words_are_found_by_their_beginnings() -> None:
    assert fits("hol sa", "Hold the sale")
    assert fits("", "anything")
    assert not fits("old", "Hold the sale")


class Orders:
    """A source that has to ask."""

    name = "Orders"

    def __init__(self) -> None:
        self.opened: list[str] = []

    async def find(self, text: str) -> Sequence[Find]:
        await asyncio.sleep(0)
        numbers = [n for n in ("231388", "231399") if text and n.startswith(text)]
        return [Find(n, f"Order {n}", lambda n=n: self.opened.append(n)) for n in numbers]  # type: ignore[misc]


async def test_the_palette_finds_actions_and_orders_and_does_what_is_chosen(
    screen: Screen, loop: asyncio.AbstractEventLoop
) -> None:
    run, errors = real_runner(loop)
    orders = Orders()
    await shown(screen)
    palette = Palette(screen, run, [ActionSource(lambda: screen.set), orders])
    palette.open()
    assert [find.text for find in palette.model.rows][:2] == ["Hold the sale", "Fulfil"]
    palette.search.set_text("2313")
    await until(lambda: [find.id for find in palette.model.rows] == ["231388", "231399"])
    QTest.keyClick(palette.search.edit, Qt.Key.Key_Down)
    QTest.keyClick(palette.search.edit, Qt.Key.Key_Return)
    assert orders.opened == ["231399"]
    assert errors == []


async def test_the_palette_does_an_action_by_its_words(
    screen: Screen, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    await shown(screen)
    palette = Palette(screen, run, [ActionSource(lambda: screen.set)])
    palette.open()
    palette.search.set_text("take")
    await until(lambda: palette.model.rowCount() == 1)
    QTest.keyClick(palette.search.edit, Qt.Key.Key_Return)
    assert screen.done == ["claim"]
