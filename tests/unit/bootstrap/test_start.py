"""The start itself: which environment a command needs, where it lies on each system, and what is
said when it is damaged."""

from __future__ import annotations

import ast
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from posapp.bootstrap import environment, machine, start
from posapp.bootstrap.layout import RUNTIME, TEST, Layout
from posapp.bootstrap.packages import count
from tests.rules.source import ROOT
from tests.unit.bootstrap.machines import a_checkout

OLD_GRAMMAR = (
    ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Await, ast.Match,
    ast.Nonlocal, ast.YieldFrom, ast.Starred, ast.TryStar,
)  # fmt: skip


def test_paths_on_windows() -> None:
    layout = Layout(PureWindowsPath(r"C:\Shop\posapp"), windows=True)

    assert str(layout.python) == r"C:\Shop\posapp\.venv\Scripts\python.exe"
    assert str(layout.site_packages("3.12.1")) == r"C:\Shop\posapp\.venv\Lib\site-packages"
    assert str(layout.requirements(RUNTIME)) == r"C:\Shop\posapp\requirements.lock"
    assert str(layout.stamp).startswith(r"C:\Shop\posapp\.venv")
    assert str(layout.busy) == r"C:\Shop\posapp\.venv.lock"


def test_paths_on_macos_and_linux() -> None:
    layout = Layout(PurePosixPath("/shop/posapp"), windows=False)

    assert str(layout.python) == "/shop/posapp/.venv/bin/python"
    assert str(layout.site_packages("3.11.2")) == "/shop/posapp/.venv/lib/python3.11/site-packages"
    assert str(layout.requirements(TEST)) == "/shop/posapp/requirements-test.lock"


@pytest.mark.parametrize(
    ("arguments", "group"),
    [
        ([], RUNTIME),
        (["run"], RUNTIME),
        (["demo", "--plain"], RUNTIME),
        (["--shop", "x"], RUNTIME),
        (["test"], TEST),
        (["bench", "start"], TEST),
        (["--version"], None),
        (["--help"], None),
    ],
)
def test_what_a_command_needs(arguments: list[str], group: str | None) -> None:
    assert start.group_of(arguments) == group


def test_inside_the_whole_environment_the_start_goes_straight_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "find_problem", lambda layout, group: None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    assert start.prepare(str(tmp_path), ["run"]) is None


def test_outside_it_the_start_goes_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced: list[list[str]] = []
    monkeypatch.setattr(start, "find_problem", lambda layout, group: None)

    def restart(layout: Layout, arguments: list[str]) -> int:
        replaced.append(arguments)
        return 7

    monkeypatch.setattr(start, "restart", restart)

    assert start.prepare(str(tmp_path), ["demo", "--out", "x"]) == 7
    assert replaced == [["demo", "--out", "x"]]


def test_a_failed_set_up_is_a_sentence_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    computer = a_checkout(tmp_path, free=0).computer
    monkeypatch.setattr(machine, "this_machine", computer.machine)

    assert start.prepare(str(tmp_path), ["run"]) == 1

    said = capsys.readouterr().err
    assert said.startswith("posapp: Before anything was installed: the disk is full.")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("error", "blamed"),
    [
        (ModuleNotFoundError("No module named 'httpx'", name="httpx"), True),
        (ModuleNotFoundError("No module named 'PySide6.QtCore'", name="PySide6.QtCore"), True),
        (ImportError("libEGL.so.1: cannot open shared object file", name="QtGui"), True),
        (ImportError("DLL load failed while importing QtCore", name="QtCore"), True),
        (ModuleNotFoundError("No module named 'posapp.ui'", name="posapp.ui"), False),
        (ImportError("cannot import name 'x' from 'httpx'", name="httpx"), False),
    ],
)
def test_a_damaged_environment_is_told_from_a_bug(error: ImportError, blamed: bool) -> None:
    assert (start.environment_fault(error) is not None) is blamed


def test_a_missing_package_ends_in_a_sentence_and_is_mended_next_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp = tmp_path / ".venv" / "posapp-stamp.json"
    stamp.parent.mkdir()
    stamp.write_text("{}")

    def run(arguments: list[str]) -> int:
        raise ModuleNotFoundError("No module named 'httpx'", name="httpx")

    assert start.guard(str(tmp_path), run, []) == 1
    assert "Start again: it will be checked and mended first." in capsys.readouterr().err
    assert not stamp.exists()


def test_a_bug_of_ours_stays_a_traceback(tmp_path: Path) -> None:
    def run(arguments: list[str]) -> int:
        raise ModuleNotFoundError("No module named 'posapp.sail'", name="posapp.sail")

    with pytest.raises(ModuleNotFoundError):
        start.guard(str(tmp_path), run, [])


def test_main_can_be_read_by_every_python_since_2_7() -> None:
    text = (ROOT / "main.py").read_bytes()
    tree = ast.parse(text)

    assert text.isascii()
    assert [node for node in ast.walk(tree) if isinstance(node, OLD_GRAMMAR)] == []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        arguments = function.args
        assert function.returns is None
        assert not arguments.kwonlyargs + arguments.posonlyargs
        assert all(argument.annotation is None for argument in arguments.args)


def test_the_environment_of_installers_is_quiet_and_misled_by_nothing() -> None:
    environ = machine.child_environment(
        {"PYTHONHOME": "/x", "PIP_USER": "1", "HTTPS_PROXY": "p", "LC_ALL": "de_DE"}
    )
    assert "PYTHONHOME" not in environ
    assert "PIP_USER" not in environ
    assert environ["HTTPS_PROXY"] == "p"
    assert environ["DEBIAN_FRONTEND"] == "noninteractive"
    assert environ["LC_ALL"] == "C.UTF-8"


def test_commands_really_run_and_their_lines_arrive_at_once() -> None:
    heard: list[str] = []
    outcome = machine.run([sys.executable, "-c", "print('a'); print('b'); exit(3)"], heard.append)

    assert outcome.code == 3
    assert heard == ["a", "b"] == list(outcome.lines)
    assert machine.run(["no-such-command-here"], heard.append).code == 127


def test_this_computer_describes_itself() -> None:
    here = machine.this_machine()
    assert here.system in ("Linux", "Darwin", "Windows")
    assert here.free_bytes(str(ROOT)) > 0
    assert not here.can_load("libno-such-library.so.9")


def test_distribution_ids_come_from_os_release(tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    file.write_text('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n')

    assert machine._distribution(file) == {"linuxmint", "ubuntu", "debian"}
    assert machine._distribution(tmp_path / "none") == frozenset()


def test_packages_in_a_lock_are_counted(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text("a==1 \\\n    --hash=sha256:0\n    # via b==2\nb-c==2 ; x < '3'\n")
    assert count(lock) == 2


def test_a_real_environment_is_made_and_judged(tmp_path: Path) -> None:
    layout = Layout(tmp_path, windows=sys.platform == "win32")
    here = machine.this_machine()

    version = environment.make(here, layout, with_pip=False)

    assert version == here.version
    assert environment.version_of(here, layout) == version
    assert environment.drop_half_installed(layout, version) == []
