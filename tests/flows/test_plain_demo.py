"""The plain line against a service that keeps the contract and is otherwise a stranger."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.helpers import contrary
from tests.helpers.contrary import RENAMED

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-this-test"
_MAIN = "import sys; from posapp import cli; sys.exit(cli.main(sys.argv[1:]))"
_CARD = {"card-number": "4444222233331111", "card-expiry": "12/30", "card-cvv": "123"}


@contextmanager
def _child(*command: str, ready: str) -> Iterator[str]:
    """Run a server and give the rest of the line that says it listens."""
    environ = {**os.environ, "POSAPP_SANDBOX_TOKEN": TOKEN}
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            line = child.stdout.readline().strip()
            assert line.startswith(ready), line
            yield line.removeprefix(ready)
        finally:
            child.terminate()


def _free_port() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.timeout(300)
def test_the_plain_line_works_against_a_stranger_that_keeps_the_contract(tmp_path: Path) -> None:
    control = _free_port()
    world = ("--data", str(tmp_path / "world"), "--port", "0", "--control-port", control)
    with (
        _child("-c", _MAIN, "sandbox", *world, ready="sandbox ready ") as sandbox,
        _child("-m", "tests.helpers.contrary", sandbox, ready=contrary.READY) as stranger,
    ):
        httpx.post(
            f"http://127.0.0.1:{control}/next",
            json={"outcome": "in_review", "seconds": 3},
            headers={"Authorization": f"Bearer {TOKEN}"},
        ).raise_for_status()
        fills = [f"#{RENAMED[name]}={value}" for name, value in _CARD.items()]
        fills.append("#DR-terms-checkbox-creditCard=yes")
        day = subprocess.run(
            [
                *(sys.executable, "-c", _MAIN, "demo", "--plain", "--out", str(tmp_path / "out")),
                *(part for fill in fills for part in ("--fill", fill)),
                *("--press", ".DR-creditCard .DR-pay-button"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "POSAPP_API_URL": stranger,
                "POSAPP_JS_URL": f"{stranger}/v1",
                "POSAPP_API_KEY": "sk_test_sandbox",
                "POSAPP_PUBLIC_KEY": "pk_test_sandbox",
            },
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert day.returncode == 0, day.stdout + day.stderr
    assert "the books agree: 1 orders" in day.stdout
    assert re.search(r"placed +order zz-\d+: amber", day.stdout), day.stdout
    assert re.search(r"green +order zz-\d+: release goods", day.stdout), day.stdout
