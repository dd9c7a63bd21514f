"""The main job: the window first, everything heavy behind it, and an orderly end.

Shut-down order: the window closes → sync stops → flights land → client and store close → the
sandbox ends.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from posapp.config import settings as till_settings
from posapp.config.clock import SystemClock
from posapp.config.paths import Paths, find_paths
from posapp.config.settings import BadSettings, Density, Settings, Theme
from posapp.domain.changes import Changes
from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.run import Runner
from posapp.ui.main_window import MainWindow

if TYPE_CHECKING:
    from posapp.app.opening import OpenShop

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """What a start of the program rests on."""

    paths: Paths
    settings: Settings
    environ: dict[str, str]
    shop_file: Path | None = None


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
        return 0  # the first window has been raised
    dress(app, start.settings)
    keep_garbage_here(app)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(_run(start, first))


def read_start(arguments: list[str], environ: dict[str, str]) -> Start | str:
    """Return what to start with, or the sentence that says why not."""
    parser = argparse.ArgumentParser(prog="main.py run")
    parser.add_argument("--till", help="this till's name")
    parser.add_argument("--database-url", help="the shared store, a PostgreSQL address")
    parser.add_argument("--theme", choices=[choice.value for choice in Theme])
    parser.add_argument("--text-scale", type=int, metavar="PERCENT", help="100 to 200")
    parser.add_argument(
        "--shop", type=Path, metavar="FILE", help="fills a store that has no shop yet"
    )
    flags = vars(parser.parse_args(arguments))
    shop_file = flags.pop("shop")
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
    return Start(paths, settings, environ, shop_file)


def make_application() -> QApplication:
    """Return the application object, made so that the web engine can be imported later."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("posapp")
    app.setQuitOnLastWindowClosed(False)  # main decides when the program ends
    return app


def keep_garbage_here(app: QApplication) -> None:
    """Let no other thread destroy a Qt object while it collects Python's garbage."""
    from posapp.ui.kit.garbage import GarbageOnQtThread

    GarbageOnQtThread(app)


def dress(app: QApplication, settings: Settings) -> None:
    """Give the window its colours, its text size and its density."""
    dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    name = ("dark" if dark else "light") if settings.theme is Theme.SYSTEM else settings.theme.value
    density = theme.Density.TOUCH if settings.density is Density.TOUCH else theme.Density.MOUSE
    theme.apply(app, theme.load(name), scale=settings.text_scale / 100, density=density)


async def _run(start: Start, first: object) -> int:
    from posapp.app.single import FirstInstance
    from posapp.config import logs

    assert isinstance(first, FirstInstance)
    log_file = logs.start(start.paths.logs)
    window = MainWindow(Runner(_Reporter()))
    hooks = _hooks(window)
    closing = asyncio.Event()
    window.closing.connect(closing.set)
    first.raised.connect(window.come_forward)
    window.show()
    window.sign_in.wait_for_store(tr("Opening the shop …"))
    shop: OpenShop | None = None
    opening = asyncio.ensure_future(_open(start, window))
    try:
        await asyncio.wait(
            {opening, asyncio.ensure_future(closing.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        shop = await opening if opening.done() else None
        await closing.wait()
    finally:
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        window.hide()
        if shop is not None:
            await shop.close()
        hooks()
        log_file.stop()
    return 0


async def _open(start: Start, window: MainWindow) -> OpenShop | None:
    """Import what is heavy, open the shop, and let people in; a failure is told on the window."""
    await asyncio.sleep(0)  # the first paint comes first
    await asyncio.to_thread(import_module, "posapp.app.opening")
    from posapp.app.opening import OpenShop
    from posapp.app.session import Surroundings

    surroundings = Surroundings(SystemClock(), random.Random(secrets.randbits(64)), Changes())
    try:
        shop = await OpenShop.open(
            start.paths,
            start.settings,
            start.environ,
            surroundings,
            shop_file=start.shop_file,
        )
    except Exception as error:  # told on the window, with what to do
        log.exception("the shop cannot be opened")
        window.sign_in.fail(error)
        return None
    await shop.let_in(window)
    return shop


def _hooks(window: MainWindow) -> Callable[[], None]:
    from posapp.ui.kit.hooks import BugHooks

    hooks = BugHooks(lambda bug: window.tell_bug(bug.reference), lambda: secrets.token_hex(3))
    hooks.install(asyncio.get_running_loop())
    return hooks.remove


class _Reporter:
    """Shows an error that no screen took for itself."""

    def __call__(self, owner: object, error: Exception) -> None:
        from PySide6.QtWidgets import QWidget

        from posapp.ui.kit.dialogs import tell
        from posapp.ui.messages import explain

        told = explain(error)
        log.warning("told the person: %s (%r)", told.title, error)
        if isinstance(owner, QWidget):
            tell(owner, told.title, told.body, tone=told.tone)
