"""Start to a painted sign-in screen, against a bare PySide6 window with one label: at most twice.

Each start is a process of its own, both kinds in turn in the same run; the median of the pairs.
Ours is the program's own way to that screen: settings read, second start ruled out, themed,
painted. Both find their byte code on the disk, as every start but the first does.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 9
LIMIT = 2.0

_BARE = """
from PySide6.QtWidgets import QApplication, QLabel, QWidget, QVBoxLayout
app = QApplication([])
window = QWidget()
QVBoxLayout(window).addWidget(QLabel("posapp"))
window.resize(1280, 800)
window.show()
app.processEvents()
window.grab()
"""
_OURS = """
import os
from posapp.app import window as start_up
start = start_up.read_start([], dict(os.environ))
app = start_up.make_application()
from posapp.app.single import FirstInstance
first = FirstInstance(start.paths.data)
assert first.claim()
start_up.dress(app, start.settings)
start_up.show_window(app).grab()
"""


def main() -> int:
    """Print the ratio; returns 1 when it misses the limit."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        } | {
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPYCACHEPREFIX": f"{folder}/code",
            "POSAPP_HOME": f"{folder}/home",
        }
        pairs = [
            (_timed(_BARE, environment), _timed(_OURS, environment)) for _ in range(ROUNDS + 1)
        ][1:]
    bare, ours = (statistics.median(pair[at] for pair in pairs) for at in (0, 1))
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    verdict = "met" if ratio <= LIMIT else "NOT MET"
    print(f"bare window {bare * 1000:.0f} ms, sign-in {ours * 1000:.0f} ms: {ratio:.2f}x", end="")
    print(f" (median of {ROUNDS}; design: <= {LIMIT:.1f}x): {verdict}")
    return int(ratio > LIMIT)


def _timed(source: str, environment: dict[str, str]) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", source], env=environment, check=True, capture_output=True)
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
