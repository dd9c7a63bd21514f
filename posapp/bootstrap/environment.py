"""The virtual environment itself: made, judged, mended. Knows nothing of which packages go in."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from posapp.bootstrap.failure import SetUpFailed, explain_output
from posapp.bootstrap.layout import Layout, on_disk
from posapp.bootstrap.machine import Machine

_ASK = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.prefix)"
_RECORD_FIELDS = 3  # path, hash, size
_FITTING = ("3.11.", "3.12.", "3.13.")


def version_of(machine: Machine, layout: Layout) -> str | None:
    """Return the version of the environment's Python; None if it does not run or does not fit."""
    if not on_disk(layout.python).exists():
        return None
    answer = machine.run([str(layout.python), "-I", "-c", _ASK], _quiet)
    if answer.code != 0 or len(answer.lines) < 2 or not answer.lines[-2].startswith(_FITTING):
        return None
    if os.path.realpath(answer.lines[-1]) != os.path.realpath(layout.venv):
        return None
    version = answer.lines[-2]
    return version if on_disk(layout.site_packages(version)).is_dir() else None


def make(machine: Machine, layout: Layout, *, with_pip: bool) -> str:
    """Make a new environment in place of whatever is there; return its Python's version."""
    _clear_away(layout)
    command = [machine.python, "-m", "venv", str(layout.venv)]
    if not with_pip:
        command.insert(3, "--without-pip")
    outcome = machine.run(command, _quiet)
    if outcome.code != 0:
        raise explain_output(outcome.lines, "Making the environment")
    version = version_of(machine, layout)
    if version is None:
        raise SetUpFailed(
            f"The environment in {layout.venv} was made, but its Python does not run. "
            "Delete that folder and start again with another Python 3.11, 3.12 or 3.13."
        )
    return version


def drop_half_installed(layout: Layout, version: str) -> list[str]:
    """Forget each package whose files are not all there, so that it is installed again.

    Returns their names. Files that stay behind are overwritten by the new installation.
    """
    site = on_disk(layout.site_packages(version))
    dropped = []
    for record in sorted(site.glob("*.dist-info")):
        if not _is_whole(site, record / "RECORD"):
            shutil.rmtree(record)
            dropped.append(record.name.removesuffix(".dist-info"))
    return dropped


def point_scripts_here(layout: Layout) -> int:
    """After a move, let the scripts name this environment's Python again; return how many."""
    if layout.windows:
        return 0  # launchers there carry their path inside; everything is started with -m
    mended = 0
    right = f"#!{layout.python}\n".encode()
    for script in on_disk(layout.scripts).iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        first, _, rest = content.partition(b"\n")
        if first.startswith(b"#!") and b"/.venv/bin/python" in first and first + b"\n" != right:
            script.write_bytes(right + rest)
            mended += 1
    return mended


def _clear_away(layout: Layout) -> None:
    """Remove an old environment; refuse a folder of that name that is none."""
    venv = on_disk(layout.venv)
    if venv.is_symlink() or venv.is_file():
        venv.unlink()
    elif venv.is_dir():
        is_environment = (venv / "pyvenv.cfg").exists() or on_disk(layout.stamp).exists()
        half_made = {path.name for path in venv.iterdir()} <= {"bin", "lib", "lib64", "include"}
        if not is_environment and not half_made:
            raise SetUpFailed(
                f"{venv} exists and is not an environment of Python. "
                "Move it away and start again; nothing was changed."
            )
        shutil.rmtree(venv)


def _is_whole(site: Path, record: Path) -> bool:
    """Whether each file that RECORD lists with a size is there with that size."""
    try:
        with record.open(newline="", encoding="utf-8") as lines:
            return all(_has_size(site / name, size) for name, size in _files(csv.reader(lines)))
    except (OSError, csv.Error, UnicodeDecodeError):
        return False


def _files(rows: Iterator[list[str]]) -> Iterator[tuple[str, int]]:
    """Yield what must be there as it was packed: not scripts and compiled files, which change."""
    for row in rows:
        if len(row) != _RECORD_FIELDS or not row[2].isdigit():
            continue
        if not row[0].startswith("..") and not row[0].endswith(".pyc"):
            yield row[0], int(row[2])


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _quiet(line: str) -> None:
    """Take a line that nobody needs to see."""
