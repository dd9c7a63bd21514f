"""What this till itself was told, and the key it holds: its file, its secrets, what fixes them.

Never touches the shop's store. Files and keyrings may wait, so every call is made off the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posapp.config import secrets as key_store
from posapp.config import settings as till_settings
from posapp.config.settings import Settings
from posapp.domain.errors import SetOutside


@dataclass(frozen=True, slots=True)
class HeldKey:
    """Whether there is a secret key, where it lies, and whether others could read it there."""

    is_known: bool
    place: str
    is_exposed: bool


@dataclass(frozen=True, slots=True)
class TillState:
    """What the till was told: `in_force` now, `filed` for the next start, `fixed` from outside.

    `fixed` is by the setting's name: the variable or the flag that has the say.
    """

    in_force: Settings
    filed: Settings
    fixed: Mapping[str, str]
    key: HeldKey


@dataclass(slots=True)
class TillFile:
    """The till's file and its secrets. `in_force` is what this start rests on."""

    file: Path
    secrets_file: Path
    environ: Mapping[str, str] = field(repr=False)
    in_force: Settings
    fixed: Mapping[str, str]

    async def read(self) -> TillState:
        """Return how things stand. Raises BadSettings, SecretsUnusable."""
        filed, key = await asyncio.to_thread(self._read)
        return TillState(self.in_force, filed, self.fixed, key)

    async def change(self, **changes: object) -> Settings:
        """Change these settings in the file and leave the rest; return what the file holds now.

        Raises SetOutside for one that the file does not decide, BadSettings, OSError.
        """
        return await asyncio.to_thread(till_settings.change, self.file, **self._own(changes))

    async def secret_for(self, api_url: str, js_url: str) -> str:
        """Return the secret key for these addresses: '' for others than it was used with so far.

        So nobody learns a key by naming an address of their own. Raises BadSettings,
        SecretsUnusable.
        """
        filed = (await self.read()).filed
        told = [(one.api_url, one.js_url) for one in (self.in_force, filed)]
        is_known = (api_url.strip().rstrip("/"), js_url.strip().rstrip("/")) in told
        return await self.secret() if is_known else ""

    async def take(self, secret: str, **changes: object) -> None:
        """Keep a secret key and change these settings: both, or neither.

        Raises SetOutside, BadSettings, SecretsUnusable, OSError.
        """
        outside = self.environ.get("POSAPP_API_KEY", "").strip()
        if outside and secret != outside:
            raise SetOutside("secret_key", "POSAPP_API_KEY")
        # one piece of work on one thread: whoever stops waiting for it does not tear it apart
        await asyncio.to_thread(self._take, secret, self._own(changes))

    async def secret(self) -> str:
        """Return the secret key in force, '' when there is none. Raises SecretsUnusable."""
        held = await asyncio.to_thread(self._secrets)
        return await asyncio.to_thread(held.get, key_store.API_KEY) or ""

    def _own(self, changes: Mapping[str, object]) -> dict[str, object]:
        """Return the changes that the file decides. Raises SetOutside."""
        for name, value in changes.items():
            if name in self.fixed and value != getattr(self.in_force, name):
                raise SetOutside(name, self.fixed[name])
        return {name: value for name, value in changes.items() if name not in self.fixed}

    def _take(self, secret: str, own: Mapping[str, object]) -> None:
        held = self._secrets()
        before = held.get(key_store.API_KEY) or ""
        if secret == before:
            till_settings.change(self.file, **own)
            return
        held.set(key_store.API_KEY, secret)
        try:
            till_settings.change(self.file, **own)
        except BaseException:
            if before:
                held.set(key_store.API_KEY, before)
            else:
                held.delete(key_store.API_KEY)
            raise

    def _read(self) -> tuple[Settings, HeldKey]:
        held = self._secrets()
        known = bool(held.get(key_store.API_KEY))
        return till_settings.load_file(self.file), HeldKey(known, held.place, held.exposed)

    def _secrets(self) -> key_store.Secrets:
        return key_store.choose(self.environ, self.secrets_file)
