"""Questions and messages: opened and answered by key, never run; Esc always means no."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.kit.dialogs import Question, ask, tell
from posapp.ui.kit.theme import Tone
from tests.helpers.waiting import shown, until


class Answers(list[str]):
    """What was answered."""

    def yes(self) -> None:
        self.append("yes")

    def no(self) -> None:
        self.append("no")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(800, 600)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def answers() -> Answers:
    return Answers()


def asked(window: QWidget, answers: Answers, *, is_destructive: bool = False) -> Question:
    window.show()
    return ask(
        window,
        "Cancel this sale?",
        "The basket is kept.",
        yes="Cancel the sale",
        on_yes=answers.yes,
        on_no=answers.no,
        is_destructive=is_destructive,
    )


def test_enter_says_yes(window: QWidget, answers: Answers) -> None:
    QTest.keyClick(asked(window, answers), Qt.Key.Key_Return)
    assert answers == ["yes"]


def test_escape_says_no(window: QWidget, answers: Answers) -> None:
    QTest.keyClick(asked(window, answers), Qt.Key.Key_Escape)
    assert answers == ["no"]


def test_what_destroys_is_not_done_by_enter_but_by_its_own_letter(
    window: QWidget, answers: Answers
) -> None:
    QTest.keyClick(asked(window, answers, is_destructive=True), Qt.Key.Key_Return)
    assert "yes" not in answers
    QTest.keyClick(asked(window, answers, is_destructive=True), Qt.Key.Key_Y)
    assert answers[-1] == "yes"


def test_the_buttons_say_the_same(window: QWidget, answers: Answers) -> None:
    asked(window, answers).yes_button.click()
    asked(window, answers).no_button.click()
    assert answers == ["yes", "no"]


def test_the_sheet_covers_its_window_and_follows_it(window: QWidget, answers: Answers) -> None:
    question = asked(window, answers)
    window.resize(1000, 700)
    assert question.size() == window.size()
    assert question.isModal()
    assert question.accessibleName() == "Cancel this sale?"
    assert question.accessibleDescription() == "The basket is kept."


async def test_while_a_question_stands_the_shop_goes_on(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, window: QWidget, answers: Answers
) -> None:
    ticks: list[int] = []

    async def polling() -> None:
        while not answers:
            ticks.append(1)
            await asyncio.sleep(0)

    await shown(window)
    work = loop.create_task(polling())
    question = asked(window, answers)
    await until(lambda: len(ticks) > 50)
    QTest.keyClick(question, Qt.Key.Key_Return)
    await work
    assert answers == ["yes"]


async def test_a_dialog_that_is_done_is_gone(
    qtbot: QtBot, window: QWidget, answers: Answers
) -> None:
    await shown(window)
    asked(window, answers).accept()
    tell(window, "Printed", "The receipt is on its way.").accept()
    await until(lambda: not window.findChildren(QWidget, "question"))
    await until(lambda: not window.findChildren(QWidget, "message"))
    assert answers == ["yes"]


def test_a_message_is_put_away_by_enter(window: QWidget, answers: Answers) -> None:
    window.show()
    message = tell(window, "Printed", "On its way.", tone=Tone.READY, on_closed=answers.yes)
    QTest.keyClick(message, Qt.Key.Key_Return)
    assert answers == ["yes"]


class Restless(QWidget):
    """A window that is told of its size whenever a picture of it is taken, as X11 does."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = 0

    def grab(self, *_area: object) -> QPixmap:
        self.pictures += 1
        QApplication.sendEvent(self, QResizeEvent(self.size(), self.size()))
        return QPixmap(self.size())


async def test_a_sheet_takes_one_picture_of_the_window_below_and_another_when_it_grows(
    qtbot: QtBot,
) -> None:
    window = Restless()
    qtbot.addWidget(window)
    window.resize(800, 600)
    await shown(window)
    sheet = tell(window, "Printed", "The receipt is on its way.")
    await shown(sheet)
    assert window.pictures == 1
    window.resize(900, 700)
    await until(lambda: window.pictures == 2, what="a picture of the larger window")
