"""Whether the environment is whole, decided in a few milliseconds at each start. Changes nothing
but its own stamp, and writes that only when everything else is done."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from enum import StrEnum

from posapp.bootstrap.layout import Layout, on_disk

_FORMAT = 1


class Problem(StrEnum):
    """Why the environment has to be worked on before it can be used."""

    NEW = "first start"
    UNFINISHED = "an earlier set-up did not finish; going on with it"
    MOVED = "the folder was moved; mending the environment"
    INTERPRETER = "the Python of the environment is gone or was replaced; making it anew"
    PACKAGE = "a part of the environment is missing; installing it again"
    LOCK = "the list of packages has changed; installing what is new"


def find_problem(layout: Layout, group: str) -> Problem | None:
    """Return what keeps the environment from being used for `group`, or None if it is whole."""
    if not os.path.lexists(layout.venv):
        return Problem.NEW
    stamp = read_stamp(layout)
    if stamp is None:
        return Problem.UNFINISHED
    python = on_disk(layout.python)
    if not python.exists():
        return Problem.INTERPRETER
    if stamp.get("venv") != str(layout.venv):
        return Problem.MOVED
    if os.path.realpath(python) != stamp.get("interpreter"):
        return Problem.INTERPRETER
    if not _has_all_entries(layout, stamp):
        return Problem.PACKAGE
    locks = stamp.get("locks")
    if not isinstance(locks, dict) or locks.get(group) != digest(layout, group):
        return Problem.LOCK
    return None


def read_stamp(layout: Layout) -> Mapping[str, object] | None:
    """Return the stamp, or None where there is none that can be understood."""
    try:
        stamp = json.loads(on_disk(layout.stamp).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and stamp.get("format") == _FORMAT else None


def write_stamp(layout: Layout, groups: Mapping[str, str], version: str) -> None:
    """Declare the environment whole for `groups` (group → digest of its lock), atomically."""
    stamp = {
        "format": _FORMAT,
        "venv": str(layout.venv),
        "interpreter": os.path.realpath(layout.python),
        "python": version,
        "locks": dict(groups),
        "entries": sorted(_entries(layout, version)),
    }
    path = on_disk(layout.stamp)
    half = path.with_suffix(".half")
    half.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    half.replace(path)


def remove_stamp(layout: Layout) -> None:
    """Declare the environment unfinished."""
    on_disk(layout.stamp).unlink(missing_ok=True)


def digest(layout: Layout, group: str) -> str:
    return hashlib.sha256(on_disk(layout.requirements(group)).read_bytes()).hexdigest()


def _has_all_entries(layout: Layout, stamp: Mapping[str, object]) -> bool:
    """Look for what was there when the stamp was written, folder names only: one listing."""
    entries, version = stamp.get("entries"), stamp.get("python")
    if not isinstance(entries, list) or not isinstance(version, str):
        return False
    try:
        return _entries(layout, version).issuperset(entries)
    except OSError:
        return False


def _entries(layout: Layout, version: str) -> set[str]:
    return {path.name for path in on_disk(layout.site_packages(version)).iterdir()}
