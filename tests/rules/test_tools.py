"""Formatter, linter, types and walls, as part of the test run so that nobody can skip them; each
with a planted mistake that it must find."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.source import ROOT

_RUFF = (sys.executable, "-m", "ruff")
_MYPY = (sys.executable, "-m", "mypy")
_WALLS = (
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
)
# One line each, in the file named, that breaks exactly the wall whose number stands first.
_HOLES = (
    ("1", "posapp/domain/planted.py", "import posapp.usecases"),
    ("2", "posapp/ui/kit/planted.py", "import posapp.ui.sale"),
    ("3", "posapp/usecases/planted.py", "import PySide6.QtCore"),
    ("4", "posapp/store/planted.py", "import httpx"),
    ("5", "posapp/usecases/planted_too.py", "import sqlalchemy"),
    ("6", "posapp/sandbox/planted.py", "import posapp.domain"),
    ("7", "posapp/sync/planted.py", "import posapp.sandbox"),
    ("8", "posapp/config/planted.py", "import posapp.bootstrap"),
    ("9", "posapp/bootstrap/planted.py", "import posapp.domain"),
)


def test_the_code_is_formatted() -> None:
    done = _tool(*_RUFF, "format", "--check", "--diff", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_nothing() -> None:
    done = _tool(*_RUFF, "check", "--output-format=concise", ".")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(900)  # cold, on two busy cores
def test_the_types_agree() -> None:
    done = _tool(*_MYPY)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_walls_stand() -> None:
    done = _tool(*_WALLS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("E501", "long = '" + "x" * 100 + "'\n", "E501"),
        ("naive_time", "import datetime\n\nnow = datetime.datetime.now()\n", "DTZ005"),
        ("print", "print('hello')\n", "T201"),
        ("relative", "from . import money\n", "TID252"),
    ],
)
def test_the_linter_would_find_a_mistake(name: str, text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "posapp").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "posapp" / f"{name.lower()}.py").write_text(text)

    done = _tool(*_RUFF, "check", "--no-cache", "--output-format=concise", ".", cwd=tmp_path)

    assert done.returncode == 1
    assert code in done.stdout


def test_the_formatter_would_find_a_mistake(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "planted.py").write_text("a = 'single quotes'\n")

    assert _tool(*_RUFF, "format", "--no-cache", "--check", ".", cwd=tmp_path).returncode == 1


@pytest.mark.timeout(300)
def test_the_types_would_find_a_mistake(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "posapp").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").write_text("")
    (tmp_path / "posapp" / "planted.py").write_text(
        "def half(amount):\n    return amount / 2\n\n\ntext: str = half(1) + 1 + int('2') // 1\n"
        "count: int = 'many'\n"
    )

    done = _tool(*_MYPY, "--cache-dir", os.devnull, cwd=tmp_path)

    assert done.returncode == 1
    assert "[no-untyped-def]" in done.stdout
    assert "[assignment]" in done.stdout


def test_each_wall_would_find_a_hole(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "posapp", tmp_path / "posapp", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "posapp" / "ui" / "sale").mkdir(exist_ok=True)
    (tmp_path / "posapp" / "ui" / "sale" / "__init__.py").touch()
    for _, file, line in _HOLES:
        (tmp_path / file).write_text(f'"""Planted."""\n\n{line}\n')

    done = _tool(*_WALLS, cwd=tmp_path)

    verdicts = [line for line in done.stdout.splitlines() if line.endswith((" KEPT", " BROKEN"))]
    assert done.returncode != 0
    assert {line.split()[0] for line in verdicts if line.endswith(" BROKEN")} == {
        number for number, _, _ in _HOLES
    }
    assert not [line for line in verdicts if line.endswith(" KEPT")]


def test_a_new_package_has_to_be_placed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "posapp", tmp_path / "posapp", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "posapp" / "utils").mkdir()
    (tmp_path / "posapp" / "utils" / "__init__.py").write_text('"""Planted."""\n')

    done = _tool(*_WALLS, cwd=tmp_path)

    assert done.returncode != 0
    assert "utils" in done.stdout


def _tool(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a tool from a folder; that folder comes first where it looks for modules."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"NO_COLOR": "1", "COLUMNS": "200", "PYTHONPATH": str(cwd)}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
