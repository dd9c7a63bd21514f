"""The first milliseconds of each start: is the environment whole, are we inside it? Slow work is
in setup.py and imported only when there is some."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from posapp.bootstrap.layout import RUNTIME, TEST, Layout
from posapp.bootstrap.stamp import find_problem, remove_stamp

_NEED_NOTHING = frozenset({"--version", "-V", "--help", "-h"})
_NEED_TESTS = frozenset({"test", "bench"})
_STOPPED = 130  # what shells expect after Ctrl-C


def group_of(arguments: Sequence[str]) -> str | None:
    """Return which lock a command needs; None if it runs without any environment."""
    first = arguments[0] if arguments else "run"
    if first in _NEED_NOTHING:
        return None
    return TEST if first in _NEED_TESTS else RUNTIME


def prepare(root: str, arguments: list[str]) -> int | None:
    """Make sure this process runs in a whole environment.

    Returns None if it does; else restarts inside (and does not return on POSIX), or returns
    the exit code to end with.
    """
    group = group_of(arguments)
    if group is None:
        return None
    layout = Layout(Path(root), windows=os.name == "nt")
    if find_problem(layout, group) is None:
        return None if is_inside(layout) else restart(layout, arguments)
    from posapp.bootstrap.failure import SetUpFailed
    from posapp.bootstrap.machine import this_machine
    from posapp.bootstrap.setup import set_up

    try:
        set_up(this_machine(), layout, group)
    except SetUpFailed as failure:
        print(f"posapp: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nposapp: set-up stopped. What was downloaded is kept; the next start goes on.",
            file=sys.stderr,
        )
        return _STOPPED
    return restart(layout, arguments)


def is_inside(layout: Layout) -> bool:
    """Whether this process is the environment's own Python."""
    return os.path.realpath(sys.prefix) == os.path.realpath(layout.venv)


def restart(layout: Layout, arguments: list[str]) -> int:
    """Run main.py again inside the environment."""
    command = [str(layout.python), str(layout.root / "main.py"), *arguments]
    sys.stdout.flush()
    if not layout.windows:
        os.execv(command[0], command)
    import subprocess

    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reaches the child too: it decides


def guard(root: str, run: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Run a command; a damaged environment ends in a sentence, and the next start mends it."""
    try:
        return run(arguments)
    except ImportError as error:
        fault = environment_fault(error)
        if fault is None:
            raise
        layout = Layout(Path(root), windows=os.name == "nt")
        remove_stamp(layout)
        print(
            f"posapp: a part of the environment is missing ({fault}). "
            "Start again: it will be checked and mended first.",
            file=sys.stderr,
        )
        return 1


def environment_fault(error: ImportError) -> str | None:
    """Return what is missing if the environment is to blame, None if the program itself is."""
    module = (error.name or "").partition(".")[0]
    text = str(error)
    if "cannot open shared object" in text or "DLL load failed" in text:
        return text
    if isinstance(error, ModuleNotFoundError) and module not in ("", "posapp", "tests"):
        return text
    return None
