"""The PySide6 in the lock keeps its references: a version that loses them kills a busy till within
minutes, without an exception (docs/decisions.md says which one did)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("reference_leak.py")
TOLERANCE = 0.25  # references a call; caches fill once, a fault costs one or two at every call


def test_calls_into_qt_keep_none_true_and_false() -> None:
    drift = _measure()

    assert len(drift) == 8
    assert _faults(drift) == {}


def test_the_measure_sees_a_reference_lost_at_each_call() -> None:
    drift = _measure("--lose")

    assert _faults(drift) == {"loss own": -1.0}


def _faults(drift: dict[str, dict[str, float]]) -> dict[str, float]:
    return {
        f"{call} {name}": round(by, 2)
        for call, objects in drift.items()
        for name, by in objects.items()
        if abs(by) > TOLERANCE
    }


def _measure(*arguments: str) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        [sys.executable, str(CHILD), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr  # "none_dealloc" aborts, even after the last line
    measured: dict[str, dict[str, float]] = json.loads(done.stdout)
    return measured
