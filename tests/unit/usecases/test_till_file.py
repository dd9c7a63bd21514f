"""What a till was told outlives it, whole; its key goes with it or not at all."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from posapp.config.settings import BadSettings, Theme, fixed_by
from posapp.domain.errors import SetOutside
from tests.helpers.till import no_keyring, till_file

__all__ = ["no_keyring"]

pytestmark = pytest.mark.usefixtures("no_keyring")


async def test_what_is_changed_is_there_at_the_next_start(tmp_path: Path) -> None:
    till = till_file(tmp_path)
    await till.change(till="Till 2", theme=Theme.DARK.value)
    await till.change(text_scale=150)
    again = await till_file(tmp_path).read()
    assert (again.in_force.till, again.in_force.theme) == ("Till 2", Theme.DARK)
    assert again.in_force.text_scale == 150
    assert (await till.read()).in_force.till == "Till 1"  # this start rests on the old ones


async def test_a_key_is_kept_where_only_this_user_reads_it(tmp_path: Path) -> None:
    till = till_file(tmp_path)
    assert not (await till.read()).key.is_known
    await till.take("sk_test_1", public_key="pk_test_1")
    held = (await till.read()).key
    assert (held.is_known, held.place, held.is_exposed) == (True, "file", True)
    assert await till_file(tmp_path).secret() == "sk_test_1"
    assert "sk_test_1" not in (tmp_path / "settings.toml").read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE(till.secrets_file.stat().st_mode) == 0o600


async def test_key_and_settings_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    till = till_file(tmp_path)
    with pytest.raises(BadSettings):
        await till.take("sk_test_1", public_key="no key")
    assert await till.secret() == ""
    await till.take("sk_test_1", public_key="pk_test_1")
    with pytest.raises(BadSettings):
        await till.take("sk_test_2", api_url="http://far.example")
    assert await till.secret() == "sk_test_1"
    assert (await till.read()).filed.public_key == "pk_test_1"


async def test_the_environments_key_is_used_and_not_replaced(tmp_path: Path) -> None:
    environ = {"POSAPP_API_KEY": "sk_test_env"}
    till = till_file(tmp_path, environ)
    held = (await till.read()).key
    assert (held.is_known, held.place) == (True, "environment")
    with pytest.raises(SetOutside) as refused:
        await till.take("sk_test_other", public_key="pk_test_1")
    assert refused.value.variable == "POSAPP_API_KEY"
    assert (await till.read()).filed.public_key == ""
    await till.take("sk_test_env", public_key="pk_test_1")
    assert (await till.read()).filed.public_key == "pk_test_1"
    assert not till.secrets_file.exists()
    assert "sk_test_env" not in repr(till)


async def test_what_is_fixed_outside_stays_and_never_gets_into_the_file(tmp_path: Path) -> None:
    environ = {"POSAPP_API_URL": "http://127.0.0.1:1", "POSAPP_DATABASE_URL": "postgresql://x/y"}
    till = till_file(tmp_path, environ, {"theme": "dark", "till": None})
    with pytest.raises(SetOutside) as refused:
        await till.change(database_url="postgresql://other/shop", till="Till 3")
    assert (refused.value.setting, refused.value.variable) == (
        "database_url",
        "POSAPP_DATABASE_URL",
    )
    with pytest.raises(SetOutside):
        await till.change(training=True)
    with pytest.raises(SetOutside):
        await till.change(theme="light")
    await till.change(api_url="http://127.0.0.1:1", training=False, till="Till 3")
    state = await till_file(tmp_path).read()
    assert (state.filed.till, state.filed.training) == ("Till 3", True)
    assert "127.0.0.1" not in (tmp_path / "settings.toml").read_text()


def test_what_fixes_a_setting_is_named() -> None:
    environ = {"POSAPP_API_URL": "http://127.0.0.1:1", "POSAPP_JS_URL": " ", "PATH": "/bin"}
    fixed = fixed_by(environ, {"text_scale": 150, "theme": None})
    assert fixed == {
        "api_url": "POSAPP_API_URL",
        "text_scale": "--text-scale",
        "training": "POSAPP_API_URL",
    }
    assert fixed_by(environ, {"api_url": "http://127.0.0.1:2"})["api_url"] == "--api-url"
    assert fixed_by({}, {}) == {}


async def test_a_broken_file_is_said_with_its_line(tmp_path: Path) -> None:
    till = till_file(tmp_path)
    till.file.write_text('till = "Till 1"\nthem = "dark"\n')
    with pytest.raises(BadSettings) as broken:
        await till.read()
    assert (broken.value.line, "theme" in broken.value.problem) == (2, True)
    with pytest.raises(BadSettings):
        await till.change(till="Till 2")
    assert "them =" in till.file.read_text()
