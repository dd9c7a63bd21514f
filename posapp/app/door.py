"""The shop's door: opens it behind the window, closes and opens it again, asks the first questions.

One thing at a time: what is opening is never opened twice, what is open is closed first.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from posapp.app.start import Start
from posapp.config import settings as till_settings
from posapp.config.clock import SystemClock
from posapp.config.settings import Settings
from posapp.domain.changes import Changes
from posapp.domain.errors import NoKey, ShopNotSetUp
from posapp.domain.words import tr
from posapp.ui.main_window import MainWindow

if TYPE_CHECKING:
    from posapp.app.opening import OpenShop
    from posapp.ui.settings.first_start import FirstStart
    from posapp.usecases.seeding import Seed

log = logging.getLogger(__name__)


class Door:
    """Stands between the window, which lives as long as the program, and the shop behind it."""

    def __init__(self, start: Start, window: MainWindow, dress: Callable[[Settings], None]) -> None:
        self._start = start
        self._window = window
        self._dress = dress
        self._settings = start.settings
        self._shop: OpenShop | None = None
        self._questions: FirstStart | None = None
        self._work: asyncio.Task[None] | None = None
        self._closing: asyncio.Future[None] | None = None
        self._next: tuple[Seed | None] | None = None  # what is opened once this opening has ended
        self._is_shut = False
        window.sign_in.retry_wanted.connect(self.open)
        window.sign_in.set_up_wanted.connect(self.ask)
        window.sign_in.wait_for_store(tr("Opening the shop …"))

    @property
    def shop(self) -> OpenShop | None:
        """The open shop."""
        return self._shop

    def open(self, seed: Seed | None = None) -> None:
        """Open the shop, after closing the one that is open; `seed` fills an empty store."""
        if self._is_shut or (self._work is not None and not self._work.done()):
            return
        self._work = asyncio.ensure_future(self._open(seed))
        self._work.add_done_callback(self._on_opened)

    def ask(self) -> None:
        """Ask the first questions; an open training shop stays open behind them."""
        from posapp.ui.settings.first_start import FirstStart, Step
        from posapp.usecases.first_start import FirstStartDesk
        from posapp.usecases.till_file import TillFile
        from posapp.usecases.trial import Trial

        if self._questions is not None:
            self._window.show_page(self._questions)
            return
        start = self._start
        till = TillFile(
            start.paths.settings_file,
            start.paths.secrets_file,
            start.environ,
            self._settings,
            till_settings.fixed_by(start.environ, start.flags),
        )
        trial = Trial(SystemClock(), random.Random(secrets.randbits(64)))
        questions = FirstStart(
            self._window.run, FirstStartDesk(till, trial, start.paths.data), begin=Step.SERVICE
        )
        questions.finished.connect(self._on_answered)
        questions.left.connect(self._on_left)
        self._questions = questions
        self._window.show_page(questions)

    async def close(self) -> None:
        """Stop what is opening, close what is open; nothing is opened any more."""
        self._is_shut = True
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._close_shop()

    async def _open(self, seed: Seed | None) -> None:
        """Import what is heavy, open the shop, let people in; a failure is told on the window."""
        await asyncio.sleep(0)  # the first paint comes first
        self._window.close_shop(tr("Opening the shop …"))
        if self._questions is not None:
            self._window.show_page(self._questions)
        try:
            await self._close_shop()
            self._settings = await asyncio.to_thread(self._read)
            self._dress(self._settings)
            self._shop = await self._opened(seed)
            await self._shop.let_in(self._window, reopen=self.open, dress=self._dress)
        except (NoKey, ShopNotSetUp) as error:
            self._window.sign_in.cannot_open(error)
            self.ask()
        except Exception as error:  # told on the window, with what to do
            log.exception("the shop cannot be opened")
            self._window.close_shop("")
            self._window.sign_in.cannot_open(error)

    def _read(self) -> Settings:
        start = self._start
        return till_settings.load(start.paths.settings_file, start.environ, start.flags)

    async def _opened(self, seed: Seed | None) -> OpenShop:
        await asyncio.to_thread(import_module, "posapp.app.opening")
        from posapp.app.opening import OpenShop
        from posapp.app.session import Surroundings

        start = self._start
        surroundings = Surroundings(SystemClock(), random.Random(secrets.randbits(64)), Changes())
        return await OpenShop.open(
            start.paths,
            self._settings,
            start.environ,
            surroundings,
            shop_file=start.shop_file,
            seed=seed,
            flags=start.flags,
        )

    async def _close_shop(self) -> None:
        """Close the shop to its end, even when whoever waits for it gives up."""
        if self._shop is not None:
            self._closing = asyncio.ensure_future(self._shop.close())
            self._shop = None
        if self._closing is None:
            return
        try:
            await asyncio.shield(self._closing)
        finally:
            if self._closing.done():
                self._closing = None

    def _on_opened(self, _work: object) -> None:
        wanted, self._next = self._next, None
        if wanted is not None:
            self.open(wanted[0])

    def _on_answered(self, seed: Seed | None) -> None:
        """Use what was answered, also while the shop is being opened with the old answers."""
        self._on_left()
        if self._work is not None and not self._work.done():
            self._next = (seed,)
        self.open(seed)

    def _on_left(self) -> None:
        questions, self._questions = self._questions, None
        if questions is not None:
            self._window.leave_page(questions)
