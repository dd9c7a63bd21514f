"""Opening the shop behind the window: which service, which store, the training room."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from posapp.app.session import Service, Session, Surroundings
from posapp.app.training import PUBLIC_KEY, SECRET_KEY, TrainingRoom
from posapp.config import resources
from posapp.config import secrets as key_store
from posapp.config import settings as till_settings
from posapp.config.paths import Paths
from posapp.config.settings import Settings
from posapp.domain.errors import NoKey
from posapp.domain.shop import Mode, mode_of
from posapp.domain.words import tr
from posapp.sync.engine import Line
from posapp.ui.main_window.freshness import Freshness
from posapp.usecases.seeding import Seed, read_seed
from posapp.usecases.settings import SettingsDesk
from posapp.usecases.till_file import TillFile
from posapp.usecases.trial import Trial

if TYPE_CHECKING:
    from posapp.app.screens import Screens
    from posapp.ui.main_window import MainWindow

log = logging.getLogger(__name__)

NO_FLAGS: Mapping[str, object] = MappingProxyType({})
SEED = 7
"""The training world's seed: every fresh machine practises in the same one."""


def _nothing(*_told: object) -> None:
    """What a shop without a door behind it does."""


@dataclass(slots=True)
class OpenShop:
    """The session, the training room it may stand in, and the screens upon it."""

    session: Session
    room: TrainingRoom | None
    surroundings: Surroundings
    seed: Seed | None
    settings: Settings
    settings_desk: SettingsDesk
    screens: Screens | None = None

    @classmethod
    async def open(
        cls,
        paths: Paths,
        settings: Settings,
        environ: Mapping[str, str],
        surroundings: Surroundings,
        *,
        shop_file: Path | None = None,
        seed: Seed | None = None,
        flags: Mapping[str, object] = NO_FLAGS,
    ) -> OpenShop:
        """Open the store and find the service; an empty store is filled from `shop_file` or `seed`.

        Training has a shop of its own. Raises what `Session.open` does, TrainingAway, NoKey,
        and OSError, TOMLDecodeError or KeyError for a shop file that cannot be read.
        """
        room = None
        if settings.training:
            shop_file = training_shop()
        if shop_file is not None:
            seed = await asyncio.to_thread(read_seed, shop_file, settings.till)
        if settings.training:
            room = TrainingRoom(
                paths.sandbox_folder, seed=SEED, control_token=secrets.token_urlsafe(24)
            )
        try:
            if room is not None:
                await room.open()
                service = Service(room.api_url, room.js_url, SECRET_KEY, PUBLIC_KEY, Mode.TRAINING)
            else:
                service = await asyncio.to_thread(_service, paths, settings, environ)
            _let_root_pay(service.mode)
            session = await Session.open(
                service,
                surroundings,
                data=paths.data,
                database_url=settings.store_url,
                till=settings.till,
                seed=seed,
            )
        except BaseException:
            if room is not None:
                await room.close()
            raise
        till = TillFile(
            paths.settings_file,
            paths.secrets_file,
            environ,
            settings,
            till_settings.fixed_by(environ, flags),
        )
        desk = SettingsDesk(
            session.store,
            session.desks.present,
            surroundings.clock,
            till,
            Trial(surroundings.clock, surroundings.rng),
            service.mode,
        )
        return cls(session, room, surroundings, seed, settings, desk)

    async def let_in(
        self,
        window: MainWindow,
        *,
        reopen: Callable[[], None] = _nothing,
        dress: Callable[[Settings], None] = _nothing,
    ) -> None:
        """Hand the desks to the window and start what runs by itself.

        `reopen` opens the shop again with what was set meanwhile, `dress` changes the looks.
        """
        from posapp.app.screens import Screens

        people = await self.session.desks.staff.names()
        window.set_mode(self.session.service.mode)
        self.screens = Screens(self, window, reopen=reopen, dress=dress)
        await self.screens.start()
        window.open_shop(self.session.desks, people, self.screens.floor, hint=self._hint())
        training = self.session.service.mode is Mode.TRAINING
        window.sign_in.offer_set_up(tr("Set up my own shop") if training else "")
        await self.session.engine.start()
        self.screens.warm()

    def freshness(self) -> Freshness:
        """Say how fresh the picture is."""
        health = self.session.engine.health
        trouble = {Line.OFFLINE: "offline", Line.REFUSED: "refused"}.get(health.line, "")
        return Freshness(health.healthy_at, trouble)

    def now(self) -> datetime:
        """Return the time of this shop's clock."""
        return self.surroundings.clock.now()

    async def close(self) -> None:
        """Close in the order opened, backwards; what does not close keeps nothing else open."""
        async with AsyncExitStack() as opened:
            if self.room is not None:
                opened.push_async_callback(self.room.close)
            opened.push_async_callback(self.session.close)
            if self.screens is not None:
                opened.push_async_callback(self.screens.close)

    def _hint(self) -> str:
        if self.seed is None or self.session.service.mode is not Mode.TRAINING:
            return ""
        pins = " · ".join(f"{staff.name.split()[0]} {pin}" for staff, pin in self.seed.staff)
        return tr("Training PINs: {pins}", pins=pins)


def training_shop() -> Path:
    """Return the file of the shop that a fresh machine practises in."""
    return resources.path("seed", "shop.toml")


def _let_root_pay(mode: Mode) -> None:
    """As root the web engine starts only without its own sandbox; live mode refuses that."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and mode is not Mode.LIVE and "QTWEBENGINE_DISABLE_SANDBOX" not in os.environ:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        log.warning("running as root: the web engine's own sandbox is off (never in live mode)")


def _service(paths: Paths, settings: Settings, environ: Mapping[str, str]) -> Service:
    """Find the keys; may ask the operating system and wait. Raises NoKey, SecretsUnusable.

    Without the public key no form could be shown, which must not be found out with a customer.
    """
    held = key_store.choose(environ, paths.secrets_file)
    secret = held.get(key_store.API_KEY)
    if not secret:
        raise NoKey
    if not settings.public_key:
        raise NoKey(is_public=True)
    return Service(settings.api_url, settings.js_url, secret, settings.public_key, mode_of(secret))
