"""Tries a service or a database before the till is set to it. Writes nothing, anywhere."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from posapp.config.network import UnsafeUrl, require_https_outside_loopback
from posapp.domain.clock import Clock
from posapp.domain.customer import FieldProblem
from posapp.domain.errors import BadField, DatabaseRefused
from posapp.domain.shop import Mode, Shop, mode_of
from posapp.domain.words import tr
from posapp.gateway.client import Client
from posapp.gateway.river import DigitalRiver
from posapp.gateway.script import look_for_script
from posapp.usecases.till_file import TillFile

MOST_SKEW_S = 60.0
"""How far the clocks may differ before it is said: events are ordered by the service's."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a till needs to reach the service. The secret is in neither `str` nor `repr`."""

    secret: str = field(repr=False)
    public: str
    api_url: str
    js_url: str

    @property
    def mode(self) -> Mode:
        """The world these keys sell in."""
        return mode_of(self.secret)


@dataclass(frozen=True, slots=True)
class Connection:
    """That the service answered: in which mode, how fast (ms), how far its clock is off (s)."""

    mode: Mode
    took_ms: int
    skew_s: float

    @property
    def clocks_agree(self) -> bool:
        """Whether this computer's clock is right enough."""
        return abs(self.skew_s) <= MOST_SKEW_S


async def whole(keys: Keys, till: TillFile) -> Keys:
    """Return the keys with the secret held, when none was typed.

    A held secret goes to the addresses it was used with and nowhere else. Raises BadField.
    """
    if keys.secret.strip():
        return keys
    held = await till.secret_for(keys.api_url, keys.js_url)
    if not held and await till.secret():
        raise BadField("secret_key", FieldProblem.KEY_AGAIN)
    return Keys(held, keys.public, keys.api_url, keys.js_url)


Connect = Callable[[Keys], DigitalRiver]


def check_keys(keys: Keys) -> Keys:
    """Return the keys, trimmed. Raises BadField for what cannot be keys or safe addresses."""
    trimmed = Keys(
        keys.secret.strip(), keys.public.strip(), keys.api_url.strip(), keys.js_url.strip()
    )
    for name, value in (("secret_key", trimmed.secret), ("public_key", trimmed.public)):
        if not value:
            raise BadField(name, FieldProblem.MISSING)
    if not trimmed.secret.startswith("sk_") or not _is_plain(trimmed.secret):
        raise BadField("secret_key", FieldProblem.BAD_KEY)
    if not trimmed.public.startswith("pk_") or not _is_plain(trimmed.public):
        raise BadField("public_key", FieldProblem.BAD_KEY)
    if trimmed.secret.startswith("sk_test_") != trimmed.public.startswith("pk_test_"):
        raise BadField("public_key", FieldProblem.OTHER_MODE)
    for name, url in (("api_url", trimmed.api_url), ("js_url", trimmed.js_url)):
        try:
            require_https_outside_loopback(url)
        except UnsafeUrl as error:
            raise BadField(name, FieldProblem.BAD_URL) from error
    return trimmed


@dataclass(slots=True)
class Trial:
    """Tries out what somebody typed. `connect` is for tests."""

    clock: Clock
    rng: random.Random
    connect: Connect | None = None

    async def service(self, keys: Keys) -> Connection:
        """Ask the service for next to nothing with these keys, and look for the form's script.

        Raises BadField, GatewayError.
        """
        keys = check_keys(keys)
        async with self.river(keys) as river:
            reach = await river.reach()
        await look_for_script(keys.js_url)
        skew = 0.0
        if reach.service_time is not None:
            skew = (reach.service_time - self.clock.now()).total_seconds()
        return Connection(keys.mode, reach.took_ms, skew)

    async def database(self, url: str, mode: Mode | None = None) -> Shop | None:
        """Return the shop that the PostgreSQL at `url` holds, None when it holds none yet.

        Raises DatabaseRefused with the engine's own sentence, or for a database that holds the
        orders of another `mode`. Waits ten seconds at most.
        """
        from posapp.store.errors import StoreError
        from posapp.store.probe import mode_at, shop_at, why_not

        url = url.strip()
        problem = await asyncio.to_thread(why_not, url)
        if problem:
            raise DatabaseRefused(problem)
        try:
            held = await asyncio.to_thread(mode_at, url)
            if held and mode is not None and held != mode:
                raise DatabaseRefused(tr("it holds the orders of {mode} mode", mode=held))
            return await asyncio.to_thread(shop_at, url)
        except StoreError as error:
            raise DatabaseRefused(str(error)) from error

    def river(self, keys: Keys) -> DigitalRiver:
        """Return a way to the service with these keys; whoever asks closes it."""
        return (self.connect or self._river)(keys)

    def _river(self, keys: Keys) -> DigitalRiver:
        client = Client(
            base_url=keys.api_url, secret_key=keys.secret, clock=self.clock, rng=self.rng
        )
        return DigitalRiver(client)


def _is_plain(key: str) -> bool:
    return key.isascii() and key.isprintable() and " " not in key
