"""The computer as the set-up sees it, in one value that tests replace. Decides nothing."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_FONT_KINDS = frozenset({".ttf", ".otf", ".ttc", ".pfb"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code (127: no such command) and every line it printed."""

    code: int
    lines: tuple[str, ...]


Run = Callable[[Sequence[str], Callable[[str], None]], Outcome]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the set-up asks of the computer, handed in."""

    system: str  # "Linux", "Darwin" or "Windows"
    distribution: frozenset[str]  # ids of /etc/os-release: {"debian"}, {"ubuntu", "debian"} …
    python: str  # the interpreter that makes the environment
    version: str  # its version, such as 3.11.2
    is_root: bool
    run: Run
    can_load: Callable[[str], bool]  # whether a shared library of this name is installed
    has_font: Callable[[], bool]
    free_bytes: Callable[[str], int]
    say: Callable[[str], None]
    now: Callable[[], float]  # seconds, for durations only

    @property
    def has_apt(self) -> bool:
        return self.system == "Linux" and "debian" in self.distribution


def this_machine() -> Machine:
    """Describe the computer the program runs on."""
    return Machine(
        system=platform.system(),
        distribution=_distribution(Path("/etc/os-release")),
        python=getattr(sys, "_base_executable", None) or sys.executable,
        version=platform.python_version(),
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        run=run,
        can_load=can_load,
        has_font=has_font,
        free_bytes=lambda folder: shutil.disk_usage(folder).free,
        say=say,
        now=time.monotonic,
    )


def run(command: Sequence[str], on_line: Callable[[str], None]) -> Outcome:
    """Run a command to its end; each line it prints goes to `on_line` at once."""
    lines: list[str] = []
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=child_environment(os.environ),
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return Outcome(127, (str(error),))
    with process:
        for line in process.stdout or ():
            lines.append(line.rstrip("\n"))
            on_line(lines[-1])
    return Outcome(process.returncode, tuple(lines))


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for installers: no questions, no translations, no other Python."""
    kept = {name: value for name, value in environ.items() if name not in _MISLEADING}
    return kept | {
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
    }


_MISLEADING = frozenset({"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET"})


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Whether any font file is installed where the system's font search looks."""
    return any(
        path.suffix.lower() in _FONT_KINDS
        for folder in _FONT_FOLDERS
        for path in Path(folder).expanduser().rglob("*")
    )


def say(text: str) -> None:
    print(text, flush=True)


def _distribution(os_release: Path) -> frozenset[str]:
    """Return ID and ID_LIKE of os-release; empty where the file is not there."""
    try:
        text = os_release.read_text(encoding="utf-8")
    except OSError:
        return frozenset()
    ids: set[str] = set()
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name in ("ID", "ID_LIKE"):
            ids.update(value.strip("\"'").split())
    return frozenset(ids)
