"""Settings: which source wins, what is refused and where, and that a save never loses the file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.config.settings import (
    API_URL,
    BadSettings,
    Density,
    Settings,
    Theme,
    change,
    load,
    load_file,
    save,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings lie."""
    return tmp_path / "config" / "settings.toml"


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_till_trains(file: Path) -> None:
    settings = load(file, {})
    assert settings == Settings()
    assert settings.training
    assert settings.api_url == API_URL


def test_flags_beat_the_environment_and_that_beats_the_file(file: Path) -> None:
    _write(file, 'till = "Till 2"\ntheme = "dark"\napi_url = "https://file.example"\n')
    environ = {"POSAPP_API_URL": "https://env.example/", "POSAPP_PUBLIC_KEY": "pk_test_1"}
    settings = load(file, environ, {"api_url": "http://127.0.0.1:9", "text_scale": None})
    assert settings.api_url == "http://127.0.0.1:9"
    assert load(file, environ).api_url == "https://env.example"
    assert (settings.till, settings.theme, settings.public_key) == (
        "Till 2",
        Theme.DARK,
        "pk_test_1",
    )


def test_whoever_names_a_service_wants_it(file: Path) -> None:
    environ = {"POSAPP_API_URL": "http://127.0.0.1:8787"}
    assert not load(file, environ).training
    assert not load(file, {}, {"api_url": "https://x.example"}).training
    assert load(file, environ, {"training": True}).training
    assert load(file, {"POSAPP_API_URL": " "}).training


def test_training_leaves_the_shops_database_alone(file: Path) -> None:
    environ = {"POSAPP_DATABASE_URL": "postgresql://shop@db/pos"}
    assert load(file, environ).store_url == ""
    assert (
        load(file, environ, {"training_uses_database": True}).store_url
        == environ["POSAPP_DATABASE_URL"]
    )
    assert load(file, environ, {"training": False}).store_url == environ["POSAPP_DATABASE_URL"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('till = "Till 1"\ntheme = \n', 2, "not valid TOML"),
        ('till = "Till 1', 1, "not valid TOML"),
        ('\n\ntheme = "pink"\n', 3, "must be one of system, light, dark"),
        ("# a till\ntext_scale = 90\n", 2, "from 100 to 200"),
        ("text_scale = true\n", 1, "whole number"),
        ("training = 1\n", 1, "true or false"),
        ("till = 7\n", 1, "must be a text"),
        ('till = "  "\n', 1, "needs a name"),
        ('density = "tiny"\n', 1, "comfortable"),
        ('\napi_url = "http://api.example"\n', 2, "https"),
        ('public_key = "sk_test_1"\n', 1, "starts with pk_"),
        ('databse_url = "x"\n', 1, "did you mean database_url?"),
        ("\n[till]\nname = 1\n", 2, "must be a text"),
        ("[colours]\nred = 1\n", 1, "there is no setting colours"),
    ],
)
def test_a_bad_file_is_told_by_line(file: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(BadSettings, match=says) as caught:
        load_file(_write(file, text))
    assert (caught.value.where, caught.value.line) == (str(file), line)
    assert f"line {line}" in str(caught.value)


def test_a_bad_variable_is_told_by_name(file: Path) -> None:
    with pytest.raises(BadSettings, match="POSAPP_API_URL: api_url") as caught:
        load(file, {"POSAPP_API_URL": "http://10.0.0.1"})
    assert caught.value.line == 0
    with pytest.raises(BadSettings, match="--text-scale"):
        load(file, {}, {"text_scale": 500})


def test_an_unreadable_file_is_told(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings, match="cannot be read"):
        load_file(file)


@given(
    till=st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool),
    database=st.text(st.characters(codec="utf-8")).map(str.strip),
    scale=st.integers(min_value=100, max_value=200),
    theme=st.sampled_from(Theme),
    density=st.sampled_from(Density),
)
def test_what_is_saved_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    till: str,
    database: str,
    scale: int,
    theme: Theme,
    density: Density,
) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    settings = replace(
        Settings(),
        training=False,
        till=till,
        database_url=database,
        text_scale=scale,
        theme=theme,
        density=density,
    )
    save(settings, file)
    assert load_file(file) == settings


def test_a_change_keeps_the_rest_and_nothing_of_the_environment(file: Path) -> None:
    save(replace(Settings(), till="Till 9"), file)
    assert change(file, theme="dark", text_scale=150).theme is Theme.DARK
    assert load_file(file) == replace(Settings(), till="Till 9", theme=Theme.DARK, text_scale=150)
    with pytest.raises(BadSettings):
        change(file, theme="pink")
    assert load_file(file).theme is Theme.DARK


def test_a_save_that_fails_leaves_the_old_file_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(replace(Settings(), till="Till 9"), file)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(replace(Settings(), till="Till 10"), file)
    assert load_file(file).till == "Till 9"
    assert [one.name for one in file.parent.iterdir()] == ["settings.toml"]


def test_the_file_is_for_this_user_only(file: Path) -> None:
    save(replace(Settings(), database_url="postgresql://a:b@c/d"), file)
    assert file.exists()
    if sys.platform != "win32":  # no modes there
        assert file.stat().st_mode & 0o777 == 0o600


def test_the_password_of_the_database_is_in_no_repr() -> None:
    settings = Settings(database_url="postgresql://till:hush-hush@db/shop")
    assert "hush-hush" not in f"{settings} {settings!r}"
