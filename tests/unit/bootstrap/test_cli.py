"""The commands: each goes to its own module, and a computer without a display is told what happens
instead."""

from __future__ import annotations

import os
import sys
from types import ModuleType

import pytest

import posapp
from posapp import cli


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Put a stand-in in place of each command's module; note what is called with what."""
    calls: list[tuple[str, list[str]]] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("QT_QPA_PLATFORM")

    def stand_in(module: str) -> ModuleType:
        fake = ModuleType(module)

        def main(arguments: list[str]) -> int:
            calls.append((module, arguments))
            return 5

        vars(fake)["main"] = main
        return fake

    monkeypatch.setattr(cli, "import_module", stand_in)
    return calls


@pytest.mark.parametrize(
    ("arguments", "module", "handed_on"),
    [
        ([], "posapp.app", []),
        (["run", "--x"], "posapp.app", ["--x"]),
        (["--x", "y"], "posapp.app", ["--x", "y"]),
        (["demo", "--out", "here"], "posapp.demo.main", ["--out", "here"]),
        (["sandbox", "--help"], "posapp.sandbox.server", ["--help"]),
        (["doctor"], "posapp.doctor", []),
    ],
)
def test_a_command_goes_to_its_module(
    called: list[tuple[str, list[str]]], arguments: list[str], module: str, handed_on: list[str]
) -> None:
    assert cli.main(arguments) == 5
    assert called == [(module, handed_on)]


@pytest.mark.parametrize(("command", "module"), [("test", "tests.run"), ("bench", "tests.bench")])
def test_what_needs_a_checkout_runs_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, command: str, module: str
) -> None:
    started: list[tuple[str, ...]] = []

    def python(*arguments: str) -> int:
        started.append(arguments)
        return 3

    monkeypatch.setattr(cli, "_python", python)

    assert cli.main([command, "a", "-k", "b"]) == 3
    assert started == [("-m", module, "a", "-k", "b")]


def test_without_a_display_the_demo_runs_off_screen_and_it_is_said(
    called: list[tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    assert cli.main([]) == 5
    assert called == [("posapp.demo.main", [])]
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "this computer has no display" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environ", "platform", "shown"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_where_a_window_can_be_shown(environ: dict[str, str], platform: str, shown: bool) -> None:
    assert cli.has_display(environ, platform) is shown


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_needs_nothing(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([flag]) == 0
    assert capsys.readouterr().out == f"posapp {posapp.__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    for command in ("run", "demo", "sandbox", "setup", "doctor", "test", "bench"):
        assert f"\n    {command} " in said


def test_an_unknown_command_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["sell"])
    assert ended.value.code == 2
    assert "invalid choice: 'sell'" in capsys.readouterr().err


def test_setup_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["setup"]) == 0
    assert "is set up, with Python 3." in capsys.readouterr().out
