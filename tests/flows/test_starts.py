"""Starting the program: twice on the same files, and after it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.waiting import until

ROOT = Path(__file__).resolve().parents[2]
_MAIN = "import sys; from posapp import cli; sys.exit(cli.main(sys.argv[1:]))"
_OPEN = "its window is open already and was brought to the front"


def _environ(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSAPP_")}
    return {**kept, "POSAPP_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def _window(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", _MAIN, "run"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=_environ(home), stdout=quiet, stderr=quiet) as it:
        try:
            yield it
        finally:
            it.kill()


def _start_again(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _MAIN, "run"],
        cwd=ROOT,
        env=_environ(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _is_open(home: Path) -> bool:
    """Whether the shop's store is there: the window has been claimed long before."""
    return (home / "data" / "training.sqlite").exists()


@pytest.mark.timeout(180)
async def test_a_second_start_raises_the_first_window_and_a_killed_one_leaves_nothing_in_the_way(
    tmp_path: Path,
) -> None:
    with _window(tmp_path) as first:
        await until(lambda: _is_open(tmp_path), timeout_s=60, what="the first window's shop")
        again = _start_again(tmp_path)
        assert again.returncode == 0, again.stderr
        assert _OPEN in again.stdout
        assert first.poll() is None
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    (tmp_path / "data" / "training.sqlite").rename(tmp_path / "moved")
    with _window(tmp_path) as next_one:
        await until(lambda: _is_open(tmp_path), timeout_s=60, what="the shop after the crash")
        assert next_one.poll() is None
        assert _OPEN in _start_again(tmp_path).stdout
