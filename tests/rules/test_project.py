"""The project file, the locks and the commands agree with each other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import posapp
from posapp import cli
from tests.rules.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED: list[str] = PROJECT["project"]["dependencies"]
WANTED_BY_TESTS: list[str] = PROJECT["dependency-groups"]["test"]


def pins(lock: Path) -> dict[str, Version]:
    """Return what a lock pins, by normal name."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


def unmet(wanted: Iterable[str], locked: Mapping[str, Version]) -> list[str]:
    """Return each requirement that the lock leaves out or pins outside its range."""
    broken = []
    for text in wanted:
        requirement = Requirement(text)
        version = locked.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            broken.append(f"{text}: locked at {version}")
    return broken


def test_the_lock_satisfies_every_range() -> None:
    assert unmet(WANTED, pins(ROOT / "requirements.lock")) == []


def test_the_test_lock_satisfies_every_range() -> None:
    assert unmet([*WANTED, *WANTED_BY_TESTS], pins(ROOT / "requirements-test.lock")) == []


def test_the_test_lock_holds_the_runtime_lock_pin_for_pin() -> None:
    runtime, test = pins(ROOT / "requirements.lock"), pins(ROOT / "requirements-test.lock")
    assert {name: version for name, version in runtime.items() if test.get(name) != version} == {}


@pytest.mark.parametrize("lock", ["httpx==0.27.0", "other==1"])
def test_a_pin_out_of_range_or_missing_would_be_found(lock: str, tmp_path: Path) -> None:
    file = tmp_path / "planted.lock"
    file.write_text(f"{lock} \\\n    --hash=sha256:0\n")
    assert len(unmet(["httpx>=0.28,<1"], pins(file))) == 1


def test_the_project_file_and_the_program_name_one_version() -> None:
    assert PROJECT["project"]["version"] == posapp.__version__


@pytest.mark.parametrize("module", sorted(cli.MODULES.values()))
def test_each_command_has_its_module(module: str) -> None:
    assert callable(import_module(module).main)


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 main.py test" in script
    assert "python3 main.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
