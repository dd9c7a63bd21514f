"""`bench start`: what the bootstrap adds to a start, against starting without it.

With: `python3 main.py setup`, that is the system's Python, the stamp, the restart. Without: the
environment's own Python running the same command. Both end before any window.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from posapp.bootstrap.layout import RUNTIME, Layout
from posapp.bootstrap.stamp import find_problem, read_stamp

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 5
LIMIT_S = 0.150
_WITHOUT = "import sys; from posapp import cli; sys.exit(cli.main(['setup']))"


def main() -> int:
    """Print medians, difference and ratio; return 1 if the difference is above the limit."""
    layout = Layout(ROOT, windows=sys.platform == "win32")
    problem = find_problem(layout, RUNTIME)
    stamp = read_stamp(layout)
    if problem is not None or stamp is None:
        print(f"start: the environment is not ready ({problem}); run: python3 main.py setup")
        return 1
    with_bootstrap = [str(stamp["interpreter"]), str(ROOT / "main.py"), "setup"]
    without = [str(layout.python), "-c", _WITHOUT]
    for command in (with_bootstrap, without):
        seconds(command)  # warms the file cache and writes what has to be compiled
    pairs = [(seconds(with_bootstrap), seconds(without)) for _ in range(ROUNDS)]
    long = statistics.median(pair[0] for pair in pairs)
    short = statistics.median(pair[1] for pair in pairs)
    verdict = "ok" if long - short <= LIMIT_S else "TOO SLOW"
    print(
        f"start: through main.py {long * 1e3:.0f} ms, without the bootstrap {short * 1e3:.0f} ms: "
        f"{(long - short) * 1e3:+.0f} ms, {long / short:.2f}x "
        f"(median of {ROUNDS}; limit {LIMIT_S * 1e3:+.0f} ms): {verdict}"
    )
    return 0 if verdict == "ok" else 1


def seconds(command: Sequence[str]) -> float:
    """Return how long a command takes from its start to its end."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
