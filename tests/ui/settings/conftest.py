"""The settings over a real store and a real till's file; the service on a port of this computer."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.config.clock import SystemClock
from posapp.config.settings import Settings
from posapp.domain.shop import Mode
from posapp.sandbox.clock import wall_clock
from posapp.sandbox.server import Running, run_in_thread
from posapp.sandbox.world import World
from posapp.ui.kit import theme
from posapp.ui.kit.garbage import GarbageOnQtThread
from posapp.ui.kit.run import Runner
from posapp.ui.settings.first_start import FirstStart
from posapp.ui.settings.screen import SettingsScreen
from posapp.usecases.first_start import FirstStartDesk
from posapp.usecases.products import ProductDesk
from posapp.usecases.seeding import Seed
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.trial import Trial
from tests.drivers.settings import FirstStartDriver, SettingsDriver
from tests.helpers.running import real_runner
from tests.helpers.shop import Shop, open_shop
from tests.helpers.till import no_keyring, till_file
from tests.helpers.waiting import shown

__all__ = ["no_keyring"]


@dataclass
class Office:
    """The settings on show, and the administrator's hands on them."""

    shop: Shop
    desk: SettingsDesk
    at: SettingsDriver
    folder: Path
    dressed: list[Settings] = field(default_factory=list)
    reopened: list[bool] = field(default_factory=list)
    locked: list[bool] = field(default_factory=list)

    @property
    def kept(self) -> Settings:
        """What the till's file holds for the next start."""
        return till_file(self.folder).in_force


@dataclass
class Questions:
    """The first questions on show, and somebody's hands on them."""

    at: FirstStartDriver
    folder: Path
    seeds: list[Seed | None] = field(default_factory=list)
    left: list[bool] = field(default_factory=list)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was kept."""
        return list(self.folder.iterdir()) == []


OpenOffice = Callable[..., AbstractAsyncContextManager[Office]]
AskQuestions = Callable[..., AbstractAsyncContextManager[Questions]]


@pytest.fixture(autouse=True)
def garbage_on_qt_thread(qapp: QApplication, no_keyring: None) -> Iterator[None]:
    """The store's threads must not be the ones that destroy a closed screen."""
    theme.apply(qapp, theme.load("light"))
    guard = GarbageOnQtThread()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    guard.stop()
    guard.deleteLater()
    theme.apply(qapp, theme.load("light"))


@pytest.fixture
def service() -> Iterator[Running]:
    """Digital River, as far as this computer goes."""
    world = World(clock=wall_clock, seed=7)
    with run_in_thread(world) as sandbox:
        yield sandbox
    world.close()


@pytest.fixture
def office_of(tmp_path: Path, loop: asyncio.AbstractEventLoop) -> OpenOffice:
    """Open the office: `async with office_of("ada") as office`."""

    @asynccontextmanager
    async def opened(
        who: str = "ada",
        *,
        mode: Mode = Mode.TRAINING,
        environ: dict[str, str] | None = None,
        flags: dict[str, object] | None = None,
    ) -> AsyncIterator[Office]:
        async with open_shop(tmp_path / "data") as shop:
            run, errors = real_runner(loop)
            folder = tmp_path / "till"
            store, present = shop.session.store, shop.desks.present
            trial = Trial(SystemClock(), random.Random(1))
            till = till_file(folder, environ, flags)
            desk = SettingsDesk(store, present, shop.clock, till, trial, mode)
            shop.sign_in(who)
            dressed: list[Settings] = []
            screen = SettingsScreen(
                run,
                desk,
                shop.desks.staff,
                ProductDesk(store, present, shop.clock, "USD"),
                new_id=lambda: f"new-{len(dressed)}-{random.random()}",
                dress=dressed.append,
            )
            office = Office(shop, desk, SettingsDriver(screen, run), folder, dressed)
            screen.reopen_wanted.connect(lambda: office.reopened.append(True))
            screen.lock_wanted.connect(lambda: office.locked.append(True))
            await _come(screen, office.at)
            await office.at.rest()
            yield office
            await _go(screen, run)
            assert errors == []

    return opened


@pytest.fixture
def questions_of(tmp_path: Path, loop: asyncio.AbstractEventLoop) -> AskQuestions:
    """Ask the first questions: `async with questions_of() as asked`."""

    @asynccontextmanager
    async def opened(
        *, environ: dict[str, str] | None = None, size: tuple[int, int] = (1184, 720)
    ) -> AsyncIterator[Questions]:
        folder = tmp_path / "till"
        run, errors = real_runner(loop)
        trial = Trial(SystemClock(), random.Random(1))
        desk = FirstStartDesk(till_file(folder, environ), trial, tmp_path / "data")
        asking = FirstStart(run, desk)
        asked = Questions(FirstStartDriver(asking, run), folder)
        asking.finished.connect(asked.seeds.append)
        asking.left.connect(lambda: asked.left.append(True))
        await _come(asking, asked.at, size)
        await asked.at.rest()
        yield asked
        await _go(asking, run)
        assert errors == []

    return opened


async def _come(
    screen: QWidget, at: SettingsDriver | FirstStartDriver, size: tuple[int, int] = (1184, 704)
) -> None:
    screen.resize(*size)
    await shown(screen)
    await at.come_forward()
    screen.setFocus()


async def _go(screen: QWidget, run: Runner) -> None:
    run.cancel_all()
    screen.close()
    screen.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
