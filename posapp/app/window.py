"""The main job: the window first, everything heavy behind it, and an orderly end.

Shut-down order: the window closes → sync stops → flights land → client and store close → the
sandbox ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from posapp.app.start import Start
from posapp.config import settings as till_settings
from posapp.config.paths import find_paths
from posapp.config.settings import BadSettings, Density, Settings, Theme
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.run import Runner
from posapp.ui.main_window import MainWindow

if TYPE_CHECKING:
    from posapp.app.single import FirstInstance


def main(arguments: list[str]) -> int:
    """Open the shop's window and run until it is closed; returns the exit code."""
    start = read_start(arguments, dict(os.environ))
    if isinstance(start, str):
        sys.stderr.write(f"posapp: {start}\n")
        return 1
    app = make_application()
    from posapp.app.single import FirstInstance

    first = FirstInstance(start.paths.data)
    if not first.claim():
        sys.stdout.write("posapp: its window is open already and was brought to the front.\n")
        return 0
    dress(app, start.settings)
    window = show_window(app)
    keep_garbage_here(app)
    import asyncio

    from qasync import QEventLoop

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(_run(start, first, window))


def read_start(arguments: list[str], environ: dict[str, str]) -> Start | str:
    """Return what to start with, or the sentence that says why not."""
    flags = _flags(arguments)
    shop_file = flags.pop("shop", None)
    assert shop_file is None or isinstance(shop_file, Path)
    paths = find_paths(environ)
    try:
        settings = till_settings.load(paths.settings_file, environ, flags)
        paths.make()
    except BadSettings as error:
        return tr(
            "a setting cannot be used ({error}). Nothing was changed; mend it and start again.",
            error=error,
        )
    except OSError as error:
        return tr(
            "its folder {folder} cannot be written ({reason}). Set POSAPP_HOME to another one.",
            folder=paths.data,
            reason=error.strerror,
        )
    return Start(paths, settings, environ, flags, shop_file)


def _flags(arguments: list[str]) -> dict[str, object]:
    if not arguments:
        return {}  # the usual start, which need not wait for the parser
    import argparse

    parser = argparse.ArgumentParser(prog="main.py run")
    parser.add_argument("--till", help="this till's name")
    parser.add_argument("--database-url", help="the shared store, a PostgreSQL address")
    parser.add_argument("--theme", choices=[choice.value for choice in Theme])
    parser.add_argument("--text-scale", type=int, metavar="PERCENT", help="100 to 200")
    parser.add_argument(
        "--shop", type=Path, metavar="FILE", help="fills a store that has no shop yet"
    )
    return vars(parser.parse_args(arguments))


def make_application() -> QApplication:
    """Return the application object, made so that the web engine can be imported later."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("posapp")
    app.setQuitOnLastWindowClosed(False)  # main decides when the program ends
    return app


def show_window(app: QApplication) -> MainWindow:
    """Show the sign-in screen, painted and taking digits: what else it takes to run the shop is
    imported behind it.
    """
    window = MainWindow(Runner(_Reporter()))
    window.sign_in.wait_for_store(tr("Opening the shop …"))
    window.show()
    app.processEvents()
    return window


def keep_garbage_here(app: QApplication) -> None:
    """Let no other thread destroy a Qt object while it collects Python's garbage."""
    from posapp.ui.kit.garbage import GarbageOnQtThread

    GarbageOnQtThread(app)


def dress(app: QApplication, settings: Settings) -> None:
    """Give the window its colours, its text size and its density."""
    dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    name = ("dark" if dark else "light") if settings.theme is Theme.SYSTEM else settings.theme.value
    density = theme.Density.TOUCH if settings.density is Density.TOUCH else theme.Density.MOUSE
    room = app.primaryScreen().availableSize()
    scale = theme.fitting(settings.text_scale / 100, room.width(), room.height(), density)
    theme.apply(app, theme.load(name), scale=scale, density=density)


async def _run(start: Start, first: FirstInstance, window: MainWindow) -> int:
    import asyncio

    from posapp.app.door import Door
    from posapp.config import logs

    log_file = logs.start(start.paths.logs)
    hooks = _hooks(window)
    closing = asyncio.Event()
    window.closing.connect(closing.set)
    first.raised.connect(window.come_forward)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    door = Door(start, window, partial(dress, app))
    door.open()
    try:
        await closing.wait()
    finally:
        window.hide()
        await door.close()
        hooks()
        log_file.stop()
    return 0


def _hooks(window: MainWindow) -> Callable[[], None]:
    import asyncio
    import secrets

    from posapp.ui.kit.hooks import BugHooks

    hooks = BugHooks(lambda bug: window.tell_bug(bug.reference), lambda: secrets.token_hex(3))
    hooks.install(asyncio.get_running_loop())
    return hooks.remove


class _Reporter:
    """Shows an error that no screen took for itself."""

    def __call__(self, owner: object, error: Exception) -> None:
        import logging

        from PySide6.QtWidgets import QWidget

        from posapp.ui.kit.dialogs import tell
        from posapp.ui.messages import explain

        told = explain(error)
        log = logging.getLogger(__name__)
        log.warning("told the person: %s (%r)", told.title, error)
        if isinstance(owner, QWidget):
            tell(owner, told.title, told.body, tone=told.tone)
