"""Lessons in the whole program, with the real payment form and the sandbox as a child."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(200)
def test_a_declined_card_and_a_transfer_are_learnt_at_the_real_form(tmp_path: Path) -> None:
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("QT", "POSAPP_"))}
    walked = subprocess.run(
        [sys.executable, "-m", "tests.flows.lesson_walk", str(tmp_path)],
        cwd=ROOT,
        env={**bare, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr[-4000:]
    declined, transfer, ahead = walked.stdout.strip().splitlines()
    # F12, F12, F12, F10 and what must be ticked: nothing of what the customer typed.
    assert declined == "declined {'passed': True, 'keys': 4, 'slips': ()}"
    assert transfer == "wire_transfer {'passed': True, 'keys': 3, 'slips': ()}"
    assert ahead == "Next: declined"
