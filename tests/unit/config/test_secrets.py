"""Secrets: where they lie, who comes first, and that they are never shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from posapp.config.secrets import (
    API_KEY,
    EnvironmentSecrets,
    FileSecrets,
    KeyringSecrets,
    LayeredSecrets,
    MemorySecrets,
    Secrets,
    SecretsUnusable,
    choose,
)


class PaperKeyring(keyring.backend.KeyringBackend):
    """A keyring that lives for one test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret."""
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        if self.locked:
            raise keyring.errors.PasswordSetError("locked")
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""
        del self.held[service, username]


@pytest.fixture
def ring() -> Iterator[PaperKeyring]:
    """The system's keyring, replaced for one test."""
    before = keyring.get_keyring()
    made = PaperKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def _round_trip(secrets: Secrets) -> None:
    assert secrets.get(API_KEY) is None
    secrets.set(API_KEY, "sk_test_1")
    assert secrets.get(API_KEY) == "sk_test_1"
    secrets.set(API_KEY, "sk_test_2")
    assert secrets.get(API_KEY) == "sk_test_2"
    assert "sk_test_2" not in repr(secrets)
    secrets.delete(API_KEY)
    secrets.delete(API_KEY)
    assert secrets.get(API_KEY) is None


def test_memory_keeps_a_secret_for_a_test() -> None:
    secrets = MemorySecrets()
    _round_trip(secrets)
    assert not secrets.exposed


def test_a_file_keeps_a_secret_and_says_that_it_lies_open(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path / "config" / "secrets.json")
    assert secrets.exposed
    _round_trip(secrets)


def test_the_keyring_keeps_a_secret(ring: PaperKeyring) -> None:
    assert KeyringSecrets.usable()
    _round_trip(KeyringSecrets())
    assert not KeyringSecrets().exposed


def test_a_locked_keyring_is_told(ring: PaperKeyring) -> None:
    ring.locked = True
    with pytest.raises(SecretsUnusable, match="KeyringLocked"):
        KeyringSecrets().get(API_KEY)
    with pytest.raises(SecretsUnusable, match="PasswordSetError"):
        KeyringSecrets().set(API_KEY, "sk_test_1")


def test_no_keyring_and_a_plain_one_do_not_count(ring: PaperKeyring) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    assert not KeyringSecrets.usable()
    plain = type("PlaintextKeyring", (PaperKeyring,), {"__module__": "keyrings.alt.file"})
    keyring.set_keyring(plain())
    assert not KeyringSecrets.usable()


def test_the_environment_is_read_once_and_never_written() -> None:
    environ = {"POSAPP_API_KEY": " sk_test_env "}
    secrets = EnvironmentSecrets(environ)
    environ["POSAPP_API_KEY"] = "changed later"
    assert secrets.get(API_KEY) == "sk_test_env"
    with pytest.raises(SecretsUnusable, match="POSAPP_API_KEY"):
        secrets.set(API_KEY, "x")
    with pytest.raises(SecretsUnusable, match="POSAPP_API_KEY"):
        secrets.delete(API_KEY)


def test_a_test_key_in_the_environment_beats_the_one_kept(tmp_path: Path) -> None:
    kept = MemorySecrets({API_KEY: "sk_live"})
    both = LayeredSecrets(EnvironmentSecrets({"POSAPP_API_KEY": "sk_test_env"}), kept)
    assert both.get(API_KEY) == "sk_test_env"
    assert both.place == "environment"
    with pytest.raises(SecretsUnusable):
        both.set(API_KEY, "sk_test_new")  # would be kept and never be used
    assert kept.get(API_KEY) == "sk_live"


def test_without_a_keyring_the_key_goes_to_a_file_and_that_is_said(tmp_path: Path) -> None:
    secrets = choose({}, tmp_path / "secrets.json", keyring=False)
    secrets.set(API_KEY, "sk_test_1")
    assert (secrets.place, secrets.exposed) == ("file", True)
    named = choose({"POSAPP_API_KEY": "sk_x"}, tmp_path / "secrets.json", keyring=False)
    assert (named.place, named.exposed) == ("environment", False)


def test_with_a_keyring_the_key_goes_there(ring: PaperKeyring, tmp_path: Path) -> None:
    secrets = choose({}, tmp_path / "secrets.json")
    secrets.set(API_KEY, "sk_test_1")
    assert ring.held == {("posapp", API_KEY): "sk_test_1"}
    assert (secrets.place, secrets.exposed) == ("keyring", False)
    assert not (tmp_path / "secrets.json").exists()
    secrets.delete(API_KEY)
    assert ring.held == {}


@pytest.mark.parametrize("content", ["", "[1]", "{", "\x00"])
def test_a_broken_file_is_told_without_its_content(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SecretsUnusable, match=r"secrets\.json"):
        FileSecrets(file).get(API_KEY)


def test_a_file_opened_to_others_is_closed_again(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    secrets = FileSecrets(file)
    secrets.set(API_KEY, "sk_test_1")
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        assert secrets.get(API_KEY) == "sk_test_1"
        assert file.stat().st_mode & 0o777 == 0o600
    assert secrets.get(API_KEY) == "sk_test_1"
