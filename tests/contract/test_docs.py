"""docs/sandbox.md names a test for everything, and every test it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from posapp.sandbox.cards import CARDS, LAST_NAMES
from posapp.sandbox.commands import COMMANDS
from posapp.sandbox.routes import WORK
from posapp.sandbox.scenarios import SCENARIOS
from posapp.sandbox.tables import table

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "sandbox.md").read_text("utf-8")


def test_named_tests_exist() -> None:
    written: set[str] = set()
    for folder in (
        "tests/unit/sandbox",
        "tests/unit/sandbox_form",
        "tests/ui/kit",
        "tests/contract",
    ):
        for path in (ROOT / folder).glob("test_*.py"):
            written |= set(
                re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
            )
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert named - written == set()
    assert len(named) > 100


def test_nothing_is_left_out() -> None:
    wanted = {*WORK, *COMMANDS, *SCENARIOS, *CARDS}
    wanted |= {name for names in LAST_NAMES.values() for name in names}
    wanted |= {entry.partition(":")[2] for entry in table("tax_ids")["verified"]}
    assert {word for word in wanted if word not in TEXT} == set()
