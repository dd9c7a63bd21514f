"""The packages of the lock, installed by uv where there is one, else by pip. Names no index:
pip's or uv's own configuration decides where packages come from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from posapp.bootstrap.failure import SetUpFailed, explain_output
from posapp.bootstrap.layout import Layout, on_disk
from posapp.bootstrap.machine import Machine

_SYSTEM_PIP_CAN = (22, 3)  # from here on pip installs into another environment (--python)
# How pip begins the line in which it meets one more package.
_MET = ("Collecting ", "Processing ", "Requirement already satisfied: ", "Ignoring ")
_DOING = "Installing the packages"


class Installer(StrEnum):
    """Who installs, in order of preference."""

    UV = "uv"
    PIP = "pip"  # the environment's own, which ensurepip brings
    SYSTEM_PIP = "pip of the system"


def choose_installer(machine: Machine) -> Installer | None:
    """Return who can install here; None if Python came without the means (bare Debian)."""
    if _runs(machine, ["uv", "--version"]):
        return Installer.UV
    if _runs(machine, [machine.python, "-c", "import ensurepip, venv"]):
        return Installer.PIP
    answer = machine.run([machine.python, "-m", "pip", "--version"], _quiet)
    found = re.match(r"pip (\d+)\.(\d+)", answer.lines[-1]) if answer.lines else None
    if answer.code == 0 and found and (int(found[1]), int(found[2])) >= _SYSTEM_PIP_CAN:
        return Installer.SYSTEM_PIP
    return None


def ensurepip_package(machine: Machine) -> tuple[str, ...]:
    """Return the Debian package that gives this Python its ensurepip."""
    major, minor = machine.version.split(".")[:2]
    return (f"python{major}.{minor}-venv", "python3-venv")


def install(machine: Machine, layout: Layout, lock: Path, installer: Installer) -> Installer:
    """Install everything the lock names; return who did it. Raises SetUpFailed."""
    total = count(lock)
    if installer is Installer.UV:
        machine.say(f"  packages: installing {total} with uv")
        outcome = machine.run(uv_command(layout, lock), _UvProgress(machine))
        if outcome.code == 0:
            return installer
        failure = explain_output(outcome.lines, _DOING)
        if not _runs(machine, [machine.python, "-c", "import ensurepip"]):
            raise failure
        machine.say("  packages: uv could not install them; trying pip, which is set up apart")
        installer = Installer.PIP
    machine.say(f"  packages: installing {total} with pip")
    if installer is Installer.PIP:
        _give_pip(machine, layout)
    progress = _PipProgress(machine, total)
    outcome = machine.run(pip_command(machine, layout, lock, installer), progress)
    if outcome.code != 0:
        raise explain_output(outcome.lines, _DOING)
    return installer


def uv_command(layout: Layout, lock: Path) -> list[str]:
    return [
        *("uv", "pip", "install", "--python", str(layout.python)),
        *("--require-hashes", "--no-deps", "--only-binary", ":all:", "--compile-bytecode"),
        *("--requirements", str(lock)),
    ]


def pip_command(machine: Machine, layout: Layout, lock: Path, installer: Installer) -> list[str]:
    if installer is Installer.SYSTEM_PIP:
        start = [machine.python, "-m", "pip", "--python", str(layout.python)]
    else:
        start = [str(layout.python), "-m", "pip"]
    return [
        *start,
        *("install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"),
        *("--progress-bar", "off", "--disable-pip-version-check", "--no-warn-script-location"),
        *("--requirement", str(lock)),
    ]


def count(lock: Path) -> int:
    """Return how many packages the lock names."""
    text = lock.read_text(encoding="utf-8")
    return len(re.findall(r"^[A-Za-z0-9][\w.-]*==", text, flags=re.MULTILINE))


def _give_pip(machine: Machine, layout: Layout) -> None:
    """Bring pip into an environment that uv made without it."""
    python = str(layout.python)
    if _runs(machine, [python, "-m", "pip", "--version"]):
        return
    outcome = machine.run([python, "-m", "ensurepip"], _quiet)
    if outcome.code != 0 or not on_disk(layout.python).exists():
        raise SetUpFailed(
            "The environment has no pip and none could be added. "
            f"Delete {layout.venv} and start again."
        )


class _PipProgress:
    """Counts packages as pip meets them; says so every tenth and at each long download."""

    _LONG_MB = 5.0

    def __init__(self, machine: Machine, total: int) -> None:
        self._machine = machine
        self._total = total
        self._done = 0
        self._name = ""

    def __call__(self, line: str) -> None:
        text = line.strip()
        if text.startswith(_MET):
            self._done += 1
            self._name = re.split(r"[=;<> ]", text.removeprefix("Collecting "))[0]
            if self._done % 10 == 0 or self._done == self._total:
                self._machine.say(f"  packages: {self._done} of {self._total}")
        elif text.startswith("Downloading ") and self._is_long(text):
            size = text[text.rfind("(") :]
            self._machine.say(f"  packages: downloading {self._name} {size}, please wait")
        elif text.startswith("Installing collected packages"):
            self._machine.say("  packages: all here; unpacking, which takes a minute or two")

    def _is_long(self, text: str) -> bool:
        size = re.search(r"\((\d+(?:\.\d+)?) MB\)", text)
        return size is not None and float(size[1]) >= self._LONG_MB


class _UvProgress:
    """Passes on what uv says of its phases, not each package."""

    _TOLD = ("Resolved ", "Downloading ", "Prepared ", "Installed ", "Bytecode compiled ")

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def __call__(self, line: str) -> None:
        text = line.strip()
        if text.startswith(self._TOLD):
            self._machine.say(f"  packages: {text[0].lower()}{text[1:]}")


def _runs(machine: Machine, command: Sequence[str]) -> bool:
    return machine.run(command, _quiet).code == 0


def _quiet(line: str) -> None:
    """Take a line that nobody needs to see."""
