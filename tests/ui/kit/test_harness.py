"""The harness itself: what it forbids is refused with a sentence, what it promises holds."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.logfail import LogWatch
from tests.helpers.waiting import emitted, shown, until


class _Bell(QObject):
    rung = Signal(int)


async def test_a_coroutine_test_without_qt_runs_on_plain_asyncio() -> None:
    assert "qasync" not in type(asyncio.get_running_loop()).__module__


async def test_a_coroutine_test_with_qt_runs_on_qts_loop(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop
) -> None:
    assert asyncio.get_running_loop() is loop
    assert "qasync" in type(loop).__module__


async def test_qts_own_waits_are_refused_in_a_coroutine_test(qtbot: QtBot) -> None:
    bell = _Bell()
    with pytest.raises(RuntimeError, match="await until"):
        qtbot.waitSignal(bell.rung)
    with pytest.raises(RuntimeError, match="dead-locks"):
        qtbot.wait(1)


async def test_a_signal_is_heard_from_the_moment_one_listens(
    qapp: QApplication,
) -> None:
    bell = _Bell()
    heard = emitted(bell.rung, check=lambda times: times > 1)
    bell.rung.emit(1)
    assert not heard.is_heard
    bell.rung.emit(2)
    bell.rung.emit(3)
    assert await heard == (2,)


async def test_waiting_in_vain_says_what_for(qapp: QApplication) -> None:
    with pytest.raises(AssertionError, match="the kettle"):
        await until(lambda: False, timeout_s=0.01, what="the kettle")
    bell = _Bell()
    with pytest.raises(AssertionError, match="rung"):
        await emitted(bell.rung, timeout_s=0.01)


async def test_a_window_can_be_waited_for(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    await shown(window)
    assert window.isVisible()


async def test_closing_the_last_window_does_not_end_the_loop(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    await shown(window)
    window.close()
    await asyncio.sleep(0)
    assert asyncio.get_running_loop().is_running()


def test_the_web_engine_may_be_imported_late(qapp: QApplication) -> None:
    assert QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    assert not qapp.quitOnLastWindowClosed()


def test_no_test_reaches_the_developers_own_home(posapp_home: Path) -> None:
    assert os.environ["POSAPP_HOME"] == str(posapp_home)
    assert "POSAPP_API_KEY" not in os.environ


def test_an_announced_warning_is_allowed(expected_log: LogWatch) -> None:
    seen = expected_log.expect("no answer", logger="posapp")
    logging.getLogger("posapp.sync").warning("no answer for 20 s")
    assert expected_log.verdict() == ""
    assert [record.name for record in seen] == ["posapp.sync"]


PROBE = """
import asyncio, logging, sys, pytest

def test_stray_warning():
    logging.getLogger("posapp").warning("stray")

def test_announced_but_silent(expected_log):
    expected_log.expect("never comes")

def test_hook_left_behind():
    sys.excepthook = lambda *a: None

@pytest.mark.time_limit(0.05)
async def test_too_long():
    await asyncio.Event().wait()

async def test_stubborn_task(monkeypatch, qapp):
    import tests.conftest as harness
    monkeypatch.setattr(harness, "LEFT_OVER_LIMIT_S", 0.05)
    async def stubborn():
        for _ in range(40):
            try:
                await asyncio.sleep(0.02)
            except asyncio.CancelledError:
                pass
    asyncio.ensure_future(stubborn())
    await asyncio.sleep(0)

async def test_unhandled_in_the_loop(qapp):
    def broken():
        raise ValueError("broken callback")
    asyncio.get_running_loop().call_soon(broken)
    await asyncio.sleep(0.01)

async def test_good(qapp):
    assert True
"""


def test_the_harness_fails_what_it_promises_to_fail(pytester: pytest.Pytester) -> None:
    root = Path(__file__).resolve().parents[3]
    pytester.makepyfile(test_probe=PROBE)
    pytester.makeconftest("from tests.conftest import *")
    pytester.makepyprojecttoml(
        f'[tool.pytest.ini_options]\npythonpath = ["{root.as_posix()}"]\nqt_api = "pyside6"\n'
    )
    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=6, failed=1, errors=5)
    result.stdout.fnmatch_lines_random(
        [
            "*unexpected WARNING from posapp: stray*",
            "*the announced log record never came*never comes*",
            "*left an exception hook*",
            "*did not end within its limit of 0.05 s*",
            "*tasks that refuse to end*stubborn*",
            "*broken callback*",
        ]
    )
