"""Start to a painted sign-in screen, against a bare PySide6 window with one label: at most twice.

Each start is a process of its own, median of five, both kinds in turn in the same run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

ROUNDS = 5
LIMIT = 2.0

_BARE = """
from PySide6.QtWidgets import QApplication, QLabel, QWidget, QVBoxLayout
app = QApplication([])
window = QWidget()
QVBoxLayout(window).addWidget(QLabel("posapp"))
window.resize(1280, 800)
"""
_OURS = """
from posapp.app import window as start_up
from posapp.config.settings import Settings
app = start_up.make_application()
start_up.dress(app, Settings())
from posapp.ui.kit.run import Runner
window = start_up.MainWindow(Runner(lambda owner, error: None))
"""
_PAINT = """
window.show()
app.processEvents()
window.grab()
"""


def main() -> int:
    """Print the ratio; returns 1 when it misses the limit."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    bare: list[float] = []
    ours: list[float] = []
    for _ in range(ROUNDS + 1):
        bare.append(_timed(_BARE + _PAINT, environment))
        ours.append(_timed(_OURS + _PAINT, environment))
    base, mine = statistics.median(bare[1:]), statistics.median(ours[1:])
    ratio = mine / base
    print(f"bare window {base * 1000:.0f} ms, sign-in {mine * 1000:.0f} ms: {ratio:.2f}x", end="")
    print(f" (limit {LIMIT:.1f}x)")
    return int(ratio > LIMIT)


def _timed(source: str, environment: dict[str, str]) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", source], env=environment, check=True, capture_output=True)
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
