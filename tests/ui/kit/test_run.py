"""Where coroutines meet widgets:
the outcome arrives once, outside any task, and never at a widget that is gone.
"""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.kit.busy import BusyOverlay
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.run import Runner
from tests.helpers.running import RecordingRunner, real_runner
from tests.helpers.waiting import settled, shown, until


class _Refused(Exception):
    pass


async def _answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def _fails() -> int:
    await asyncio.sleep(0)
    raise _Refused


async def test_the_result_reaches_the_screen_outside_any_task(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    screen = QWidget()
    qtbot.addWidget(screen)
    got: list[tuple[int, object]] = []
    run(screen, _answer(7), done=lambda value: got.append((value, asyncio.current_task())))
    await until(lambda: got)
    assert got == [(7, None)]
    assert run.is_idle


async def test_an_error_nobody_takes_reaches_the_reporter(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, errors = real_runner(loop)
    screen = QWidget()
    qtbot.addWidget(screen)
    run(screen, _fails(), done=lambda _value: None)
    await until(lambda: errors)
    assert [type(error) for error in errors] == [_Refused]


async def test_an_error_the_screen_takes_does_not_reach_the_reporter(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, errors = real_runner(loop)
    screen = QWidget()
    qtbot.addWidget(screen)
    taken: list[Exception] = []
    run(screen, _fails(), done=lambda _value: None, failed=taken.append)
    await until(lambda: taken)
    assert isinstance(taken[0], _Refused)
    assert errors == []


async def test_a_closed_screen_hears_nothing_and_its_work_is_cancelled(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, errors = real_runner(loop)
    screen = QWidget()
    gate = asyncio.Event()
    ended: list[str] = []

    async def long_work() -> int:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return 1

    got: list[int] = []
    run(screen, long_work(), done=got.append)
    await settled()
    screen.deleteLater()
    await until(lambda: run.is_idle)
    assert (ended, got, errors) == (["cancelled"], [], [])


async def test_work_given_up_is_silent(qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> None:
    run, errors = real_runner(loop)
    screen = QWidget()
    qtbot.addWidget(screen)
    got: list[int] = []
    job = run(screen, _answer(1), done=got.append)
    job.cancel()
    await until(lambda: run.is_idle)
    assert job.is_done
    assert (got, errors) == ([], [])


async def test_a_button_takes_no_second_press_and_gets_the_keyboard_back(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    pay = Button("Pay", name="pay_button")
    column.addWidget(pay)
    column.addWidget(QLineEdit())
    await shown(window)
    window.activateWindow()
    pay.setFocus()
    gate = asyncio.Event()
    got: list[bool] = []

    async def work() -> bool:
        await gate.wait()
        return True

    run(window, work(), done=got.append, busy=pay)
    assert not pay.isEnabled()
    gate.set()
    await until(lambda: got)
    assert pay.isEnabled()
    assert pay.hasFocus()


async def test_slow_work_shows_progress_over_the_page_and_quick_work_does_not(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop, progress_after_s=0.02)
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    page.resize(300, 200)
    await shown(window)
    gate = asyncio.Event()
    run(window, _answer(1), done=lambda _value: None, busy=page)
    await until(lambda: run.is_idle)
    assert window.findChildren(BusyOverlay) == []
    run(window, cast("asyncio.Future[bool]", gate.wait()), done=lambda _v: None, busy=page)  # type: ignore[arg-type]
    overlay = await until(lambda: window.findChildren(BusyOverlay))
    assert overlay[0].isVisible()
    gate.set()
    await until(lambda: not window.findChildren(BusyOverlay))
    assert page.isEnabled()


async def test_two_pieces_of_work_keep_the_page_busy_until_both_ended(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    first, second = asyncio.Event(), asyncio.Event()
    got: list[object] = []
    run(window, first.wait(), done=got.append, busy=page)
    run(window, second.wait(), done=got.append, busy=page)
    first.set()
    await until(lambda: len(got) == 1)
    assert not page.isEnabled()
    second.set()
    await until(lambda: len(got) == 2)
    assert page.isEnabled()


async def test_ending_the_program_gives_everything_up(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    window = QWidget()
    qtbot.addWidget(window)
    run(window, asyncio.Event().wait(), done=lambda _value: None)
    assert not run.is_idle
    run.cancel_all()
    await until(lambda: run.is_idle)
    assert run.is_idle


def test_the_recording_runner_tells_what_was_asked_and_delivers_what_the_test_decides(
    qtbot: QtBot,
) -> None:
    run: Runner = RecordingRunner()
    screen = QWidget()
    qtbot.addWidget(screen)
    got: list[int] = []
    run(screen, _answer(3), done=got.append)
    assert isinstance(run, RecordingRunner)
    assert (run.last.name, run.last.arguments) == ("_answer", {"value": 3})
    run.last.finish(9)
    run.last.fail(_Refused())
    assert got == [9]
    with pytest.raises(_Refused):
        raise run.reported[0]


async def test_a_screen_open_all_day_gathers_nothing(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    screen = QWidget()
    qtbot.addWidget(screen)
    destroyed = SIGNAL("destroyed(QObject*)")
    got: list[int] = []
    run(screen, _answer(0), done=got.append, busy=screen)
    await until(lambda: got)
    after_one = screen.receivers(destroyed)
    for value in range(200):
        run(screen, _answer(value), done=got.append, busy=screen)
    assert screen.receivers(destroyed) > after_one
    await until(lambda: len(got) == 201)
    assert screen.receivers(destroyed) == after_one
