"""Where the secret key lies: the system's keyring, the environment, or as a last resort a file.

Never in a setting, a database, a log, a crash report or on a command line. These calls may ask
the system and wait: make them off the loop.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from posapp.config.settings import write_private

SERVICE = "posapp"
API_KEY = "api-key"
"""Name of the one secret every till needs: the service's secret key."""

_VARIABLES: Mapping[str, str] = {API_KEY: "POSAPP_API_KEY"}


class SecretsUnusable(Exception):
    """A secret could not be read or kept; the text says why and holds none."""


class Secrets(Protocol):
    """A place for secrets."""

    @property
    def place(self) -> str:
        """A word for it: keyring, environment, file, memory."""
        ...

    @property
    def exposed(self) -> bool:
        """Whether whoever reads this user's files could read them: warn where people see it."""
        ...

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none. Raises SecretsUnusable."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep the secret. Raises SecretsUnusable."""
        ...

    def delete(self, name: str) -> None:
        """Forget the secret; no matter if there is none. Raises SecretsUnusable."""
        ...


@dataclass(slots=True)
class MemorySecrets:
    """Secrets of a test or of training: gone with the program."""

    held: dict[str, str] = field(default_factory=dict, repr=False)
    place: str = "memory"
    exposed: bool = False

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none."""
        return self.held.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep the secret."""
        self.held[name] = value

    def delete(self, name: str) -> None:
        """Forget the secret."""
        self.held.pop(name, None)


class EnvironmentSecrets:
    """Secrets of a kiosk or a build machine, read once at the start; cannot be changed."""

    place = "environment"
    exposed = False

    def __init__(self, environ: Mapping[str, str]) -> None:
        found = {name: environ.get(variable, "").strip() for name, variable in _VARIABLES.items()}
        self._held = {name: value for name, value in found.items() if value}

    def get(self, name: str) -> str | None:
        """Return the secret, None if the variable was not set."""
        return self._held.get(name)

    def set(self, name: str, value: str) -> None:  # noqa: ARG002  the protocol's signature
        """Refuse."""
        raise SecretsUnusable(f"{_VARIABLES.get(name, name)} is set outside the program")

    def delete(self, name: str) -> None:
        """Refuse."""
        raise SecretsUnusable(f"{_VARIABLES.get(name, name)} is set outside the program")


class KeyringSecrets:
    """Secrets in the operating system's keyring."""

    place = "keyring"
    exposed = False

    @staticmethod
    def usable() -> bool:
        """Say whether this computer has a keyring that deserves the name."""
        import keyring
        import keyring.backends.fail

        try:
            backend = keyring.get_keyring()
        except (keyring.errors.KeyringError, RuntimeError):
            return False
        inner = getattr(backend, "backends", None) or [backend]
        plain = any(type(one).__module__.startswith("keyrings.alt") for one in inner)
        return not plain and not isinstance(backend, keyring.backends.fail.Keyring)

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none. Raises SecretsUnusable."""
        import keyring

        try:
            return keyring.get_password(SERVICE, name)
        except keyring.errors.KeyringError as error:
            raise SecretsUnusable(f"the keyring did not open: {type(error).__name__}") from error

    def set(self, name: str, value: str) -> None:
        """Keep the secret. Raises SecretsUnusable."""
        import keyring

        try:
            keyring.set_password(SERVICE, name, value)
        except keyring.errors.KeyringError as error:
            raise SecretsUnusable(f"the keyring did not keep it: {type(error).__name__}") from error

    def delete(self, name: str) -> None:
        """Forget the secret. Raises SecretsUnusable."""
        import keyring

        if self.get(name) is None:
            return
        try:
            keyring.delete_password(SERVICE, name)
        except keyring.errors.KeyringError as error:
            raise SecretsUnusable(f"the keyring kept it: {type(error).__name__}") from error


class FileSecrets:
    """Secrets in a file for this user only (mode 0600): better than nothing, and said so."""

    place = "file"
    exposed = True

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none. Raises SecretsUnusable."""
        return self._read().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep the secret. Raises SecretsUnusable."""
        self._write({**self._read(), name: value})

    def delete(self, name: str) -> None:
        """Forget the secret. Raises SecretsUnusable."""
        held = self._read()
        if held.pop(name, None) is not None:
            self._write(held)

    def _read(self) -> dict[str, str]:
        try:
            if os.name == "posix" and stat.S_IMODE(self._file.stat().st_mode) & 0o077:
                self._file.chmod(0o600)  # somebody opened it to others
            held = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SecretsUnusable(f"{self._file.name} cannot be read") from error
        if not isinstance(held, dict):
            raise SecretsUnusable(f"{self._file.name} holds something else")
        return {str(name): str(value) for name, value in held.items()}

    def _write(self, held: Mapping[str, str]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(self._file, json.dumps(held, indent=1) + "\n")
        except OSError as error:
            raise SecretsUnusable(f"{self._file.name} cannot be written") from error


@dataclass(frozen=True, slots=True)
class LayeredSecrets:
    """What the environment says stands before what is kept; what is kept goes to one place."""

    above: EnvironmentSecrets
    kept: Secrets

    @property
    def place(self) -> str:
        """Where the key comes from."""
        return self.above.place if self.above.get(API_KEY) else self.kept.place

    @property
    def exposed(self) -> bool:
        """Whether the key in force lies open."""
        return not self.above.get(API_KEY) and self.kept.exposed

    def get(self, name: str) -> str | None:
        """Return the secret in force. Raises SecretsUnusable."""
        return self.above.get(name) or self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep the secret. Raises SecretsUnusable when the environment would hide it."""
        if self.above.get(name):
            self.above.set(name, value)
        self.kept.set(name, value)

    def delete(self, name: str) -> None:
        """Forget what is kept. Raises SecretsUnusable."""
        self.kept.delete(name)


def choose(environ: Mapping[str, str], file: Path, *, keyring: bool | None = None) -> Secrets:
    """Return the place for secrets on this computer (design 3).

    A variable that somebody set stands first, so that a test key beats a live one in the keyring.
    `keyring` says whether there is one; None asks the system.
    """
    there = KeyringSecrets.usable() if keyring is None else keyring
    kept: Secrets = KeyringSecrets() if there else FileSecrets(file)
    return LayeredSecrets(EnvironmentSecrets(environ), kept)
