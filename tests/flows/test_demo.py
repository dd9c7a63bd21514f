"""The whole day in the real window, with the real web view, over real HTTP, as `main.py demo`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _bare_environment() -> dict[str, str]:
    """A shell without anything of the suite's: the program must set what it needs itself."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QT", "POSAPP_"))}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}


_MAIN = "import sys; from posapp import cli; sys.exit(cli.main(sys.argv[1:]))"


def _demo(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _MAIN, "demo", *arguments],
        cwd=ROOT,
        env={**_bare_environment(), **environ},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.timeout(300)
def test_the_demo_sells_reviews_declines_blocks_cancels_and_the_books_agree(tmp_path: Path) -> None:
    day = _demo("--out", str(tmp_path))
    assert day.returncode == 0, day.stdout + day.stderr
    assert "the books agree: 5 orders" in day.stdout
    pictures = {file.name.split("-", 1)[1] for file in tmp_path.glob("*.png")}
    assert {
        "checkout.png",
        "green.png",
        "captured.png",
        "on-review.png",
        "declined.png",
        "blocked.png",
        "part-sent.png",
        "released.png",
    } <= pictures


def test_the_demo_refuses_a_live_key(tmp_path: Path) -> None:
    refused = _demo("--out", str(tmp_path), POSAPP_API_KEY="sk_live_1")
    assert refused.returncode == 2
    assert "sk_test_" in refused.stderr


@pytest.mark.parametrize(
    ("given", "missing"), [({}, "secret"), ({"POSAPP_API_KEY": "sk_test_1"}, "public")]
)
def test_the_plain_demo_says_which_key_is_missing(
    tmp_path: Path, given: dict[str, str], missing: str
) -> None:
    service = {"POSAPP_API_URL": "http://127.0.0.1:9", "POSAPP_JS_URL": "http://127.0.0.1:9/v1"}
    refused = _demo("--plain", "--out", str(tmp_path), **service, **given)
    assert refused.returncode == 2
    assert f"The {missing} key is missing" in refused.stderr
