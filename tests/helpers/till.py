"""A till's own file and key in a temporary folder, away from this computer's keyring."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from posapp.config import settings as till_settings
from posapp.domain.clock import Clock
from posapp.gateway.client import Client
from posapp.gateway.river import DigitalRiver
from posapp.sandbox.server import Running
from posapp.usecases.till_file import TillFile
from posapp.usecases.trial import Connect, Keys
from tests.helpers.in_process import WorldTransport

SECRET, PUBLIC = "sk_test_sandbox", "pk_test_sandbox"


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """A computer without a keyring: the key goes to a file in the test's own folder."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def till_file(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> TillFile:
    """Return the till as a start of the program finds it in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "settings.toml"
    environ, flags = environ or {}, flags or {}
    return TillFile(
        file,
        folder / "secrets.json",
        environ,
        till_settings.load(file, environ, flags),
        till_settings.fixed_by(environ, flags),
    )


def keys_to(sandbox: Running, **other: str) -> Keys:
    """Return the right keys to this sandbox, but for what is told otherwise."""
    facts = {"secret": SECRET, "public": PUBLIC, "api_url": sandbox.url, "js_url": sandbox.js_url}
    return Keys(**(facts | other))


def rivers_of(transport: WorldTransport, clock: Clock) -> Connect:
    """Return what connects any key to the service behind this transport."""

    def connect(keys: Keys) -> DigitalRiver:
        return DigitalRiver(
            Client(
                base_url="http://127.0.0.1:1",
                secret_key=keys.secret,
                clock=clock,
                rng=random.Random(3),
                transport=transport,
            )
        )

    return connect
