"""The test harness: off-screen Qt, coroutine tests with a time limit, no stray log record, no task
or hook left behind.

Two styles, never mixed: a coroutine test waits with `tests.helpers.waiting`; a plain test uses
`qtbot.wait*`. A coroutine test that asks for `loop`, `qapp` or `qtbot` runs on Qt's loop, any other
on plain asyncio.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Generator, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

import pytest
from PySide6.QtCore import QCoreApplication, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

pytest_plugins = ["pytester", "tests.helpers.logfail"]

TEST_LIMIT_S = 30.0
LEFT_OVER_LIMIT_S = 2.0
_REFUSED = ("wait", "assertNotEmitted", "stop")


def pytest_configure(config: pytest.Config) -> None:
    """Declare our marker and keep every test away from the developer's own posapp."""
    config.addinivalue_line("markers", "time_limit(seconds): how long a coroutine test may take")
    for name in [name for name in os.environ if name.startswith("POSAPP_")]:
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def posapp_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throw-away home for every file of the program, one for each test process."""
    home = tmp_path_factory.mktemp("posapp-home")
    os.environ["POSAPP_HOME"] = str(home)
    return home


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Set what must be set before the application object exists; return its arguments."""
    # The web engine is imported long after the window is up and needs shared contexts by then.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    return ["posapp-tests"]


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application object; closing the last window must not end a test's loop."""
    qapp.setQuitOnLastWindowClosed(False)
    # No other thread (the database's, the test distributor's) may collect and so destroy a Qt
    # object: from here on garbage is collected between tests, on Qt's thread.
    gc.disable()
    return qapp


@pytest.fixture(autouse=True)
def garbage_collected() -> Iterator[None]:
    """Collect what a test that used Qt left behind."""
    yield
    if not gc.isenabled():
        gc.collect(1)


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """Qt's loop as asyncio's; tasks left over are cancelled within a limit."""
    from qasync import QEventLoop

    made: asyncio.AbstractEventLoop = QEventLoop(qapp)
    problems: list[str] = []
    made.set_exception_handler(lambda _loop, context: problems.append(_told(context)))
    asyncio.set_event_loop(made)
    try:
        yield made
        stuck = made.run_until_complete(_cancel_left_over(made))
    finally:
        asyncio.set_event_loop(None)
        made.close()
    if stuck:
        problems.append(f"tasks that refuse to end: {', '.join(stuck)}")
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture(autouse=True)
def hooks_guarded() -> Iterator[None]:
    """Put the hooks for unhandled exceptions back, and fail the test that left its own."""
    before = (sys.excepthook, threading.excepthook)
    yield
    if (sys.excepthook, threading.excepthook) != before:
        sys.excepthook, threading.excepthook = before
        pytest.fail("the test left an exception hook of its own behind", pytrace=False)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give a coroutine test that uses Qt the loop it will run on."""
    if (
        isinstance(item, pytest.Function)
        and inspect.iscoroutinefunction(item.obj)
        and "qapp" in item.fixturenames
        and "loop" not in item.fixturenames
    ):
        item.fixturenames.append("loop")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Put Qt's message handler back, and fail the test that left its own."""
    handler = _message_handler()
    try:
        return (yield)
    finally:
        if _message_handler() != handler:
            qInstallMessageHandler(handler)
            pytest.fail("the test left a Qt message handler of its own behind", pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test to its end, or to its time limit."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    test = _limited(pyfuncitem.obj(**arguments), _limit_s(pyfuncitem))
    loop = pyfuncitem.funcargs.get("loop")
    if isinstance(loop, asyncio.AbstractEventLoop):
        _refuse_nested_waits(pyfuncitem.funcargs.get("qtbot"))
        loop.run_until_complete(test)
    else:
        _run_plain(test)
    return True


def _limit_s(item: pytest.Function) -> float:
    marker = item.get_closest_marker("time_limit")
    return float(marker.args[0]) if marker else TEST_LIMIT_S


async def _limited(test: Coroutine[Any, Any, None], limit_s: float) -> None:
    limit = asyncio.timeout(limit_s)
    try:
        async with limit:
            await test
    except TimeoutError:
        if not limit.expired():
            raise
        pytest.fail(f"the test did not end within its limit of {limit_s} s")


def _run_plain(test: Coroutine[Any, Any, None]) -> None:
    problems: list[str] = []
    with asyncio.Runner() as runner:
        made = runner.get_loop()
        made.set_exception_handler(lambda _loop, context: problems.append(_told(context)))
        runner.run(test)
        stuck = runner.run(_cancel_left_over(made))
    if stuck:
        problems.append(f"tasks that refuse to end: {', '.join(stuck)}")
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


async def _cancel_left_over(loop: asyncio.AbstractEventLoop) -> list[str]:
    left = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if not left:
        return []
    _ended, stuck = await asyncio.wait(left, timeout=LEFT_OVER_LIMIT_S)
    return [str(task.get_coro()) for task in stuck]


def _refuse_nested_waits(qtbot: object) -> None:
    """Qt's own waits spin a loop inside the task they wait for, which wedges it for good."""
    for name in dir(qtbot):
        if name.startswith(_REFUSED):
            setattr(qtbot, name, _refusal(name))


def _refusal(name: str) -> Callable[..., None]:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise RuntimeError(
            f"qtbot.{name} inside a coroutine test dead-locks the loop: "
            "use `await until(...)` or `await emitted(signal)` of tests.helpers.waiting"
        )

    return refuse


def _message_handler() -> Any:
    current = qInstallMessageHandler(None)
    qInstallMessageHandler(current)
    return current


def _told(context: dict[str, Any]) -> str:
    error = context.get("exception")
    told = f"unhandled in the loop: {context.get('message')}"
    return f"{told}: {error!r}" if error else told
