"""Nothing goes unheard:
an error nobody caught gets a reference, is logged and shown, and the till goes on.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, qWarning
from pytestqt.qtbot import QtBot

from posapp.ui.kit.hooks import Bug, BugHooks
from tests.helpers.logfail import LogWatch
from tests.helpers.waiting import until


class Told(list[Bug]):
    """What the person was told."""


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def hooks(told: Told, loop: asyncio.AbstractEventLoop) -> Iterator[BugHooks]:
    made = BugHooks(told.append, lambda: "K7F329")
    made.install(loop)
    yield made
    made.remove()


@pytest.mark.qt_no_exception_capture
async def test_an_error_in_a_slot_is_told_with_its_reference(
    hooks: BugHooks, told: Told, expected_log: LogWatch
) -> None:
    expected_log.expect("bug K7F329 in the window: ValueError", level=logging.ERROR)
    source = QObject()
    source.objectNameChanged.connect(lambda _name: int("no number"))
    source.setObjectName("new")
    await until(lambda: told)
    assert told[0].reference == "K7F329"
    assert isinstance(told[0].error, ValueError)


async def test_an_error_in_the_loop_is_told(
    hooks: BugHooks, told: Told, expected_log: LogWatch
) -> None:
    expected_log.expect("bug K7F329 in the loop", level=logging.ERROR)
    asyncio.get_running_loop().call_soon(int, "no number")
    await until(lambda: told)
    assert isinstance(told[0].error, ValueError)


async def test_an_error_in_a_thread_is_told_on_the_windows_thread(
    hooks: BugHooks, told: Told, expected_log: LogWatch
) -> None:
    expected_log.expect("bug K7F329 in thread printer", level=logging.ERROR)
    thread = threading.Thread(target=int, args=("no number",), name="printer")
    thread.start()
    await until(lambda: told)
    thread.join()
    assert told[0].where == "thread printer"


async def test_a_word_of_qts_goes_into_our_log(
    hooks: BugHooks, told: Told, expected_log: LogWatch
) -> None:
    seen = expected_log.expect("odd screen", logger="posapp.qt")
    qWarning("odd screen")
    assert expected_log.verdict() == ""
    assert len(seen) == 1
    assert told == []


async def test_giving_up_is_not_a_bug(hooks: BugHooks, told: Told, qtbot: QtBot) -> None:
    sys.excepthook(asyncio.CancelledError, asyncio.CancelledError(), None)
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": "given up", "exception": asyncio.CancelledError()})
    await asyncio.sleep(0)
    assert told == []


def test_the_hooks_are_given_back(told: Told, qtbot: QtBot) -> None:
    before = (sys.excepthook, threading.excepthook)
    hooks = BugHooks(told.append, lambda: "K7F329")
    hooks.install()
    assert sys.excepthook is not before[0]
    hooks.remove()
    hooks.remove()
    assert (sys.excepthook, threading.excepthook) == before
