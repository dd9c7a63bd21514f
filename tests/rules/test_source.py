"""The project keeps its rules, and each rule can fail: a planted mistake is found, a near miss is
not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rules import checks
from tests.rules.source import ROOT


@dataclass(frozen=True, slots=True)
class Rule:
    """A check; a file whose every line in `bad` breaks it, and one that does not in `good`."""

    check: Callable[[Path], list[str]]
    file: str
    bad: tuple[str, ...]
    good: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.check.__name__


RULES = (
    Rule(
        checks.nested_loops,
        "posapp/ui/sale/planted.py",
        (
            "dialog.exec()",
            "menu.exec_(here)",
            "QMessageBox.question(self, a, b)",
            "QtWidgets.QFileDialog.getOpenFileName(self)",
        ),
        ("dialog.open()", "connection.exec_driver_sql(text)", "exec", "box.question(a)"),
    ),
    Rule(
        checks.colours,
        "posapp/ui/kit/planted.py",
        (
            "a = '#ff0000'",
            "a = '#abc'",
            "a = 'color: rgb(1, 2, 3)'",
            "a = f'QLabel {{ background: #12345678; {b} }}'",
            "a = Qt.GlobalColor.red",
            "a = QColor(1, 2, 3)",
        ),
        (
            "a = '#sale'",
            "a = 'order #4711'",
            "a = 'see rgb(values)'",
            "a = QColor(token)",
            "a = Qt.GlobalColor.transparent",
        ),
    ),
    Rule(
        checks.colours,
        "resources/styles/planted.qss",
        ("QLabel { color: #ff0000; }", "    border: 1px solid rgba(0, 0, 0, 10);"),
        ("#add { color: @text; }", "QLabel#abc { padding: 4px; }"),
    ),
    Rule(
        checks.loops_in_widgets,
        "posapp/ui/orders/planted.py",
        (
            "async def load(): ...",
            "import asyncio",
            "from threading import Thread",
            "from PySide6.QtCore import QThread",
        ),
        ("from PySide6.QtCore import QTimer", "def load(): ..."),
    ),
    Rule(
        checks.loops_in_widgets,
        "posapp/ui/main_window.py",
        ("import asyncio",),
        ("from posapp.ui.kit.run import Runner",),
    ),
    Rule(
        checks.tests_without_proof,
        "tests/unit/test_planted.py",
        (
            "def test_a(): sale.pay()",
            "async def test_b(): await sale.pay()",
            "def test_c(): assert True",
        ),
        (
            "def test_d(): assert sale.paid",
            "def test_e(): sale.expect_paid()",
            "def test_f():\n    with pytest.raises(ValueError): sale.pay()",
            "def helper(): sale.pay()",
        ),
    ),
    Rule(
        checks.sleeping_tests,
        "tests/ui/test_planted.py",
        ("time.sleep(1)", "asyncio.sleep(0.1)", "qtbot.wait(50)"),
        (
            "asyncio.sleep(0)",
            "qtbot.waitUntil(done)",
            "clock.sleep(3)",
            "with pytest.raises(RuntimeError): qtbot.wait(1)",
        ),
    ),
    Rule(
        checks.skipped_tests,
        "tests/ui/test_planted.py",
        ("pytest.skip('later')", "mark = pytest.mark.xfail", "pytest.importorskip('x')"),
        ("pytest.mark.timeout(3)", "order.skip()"),
    ),
    Rule(
        checks.unfinished,
        "posapp/domain/planted.py",
        ("# TO" + "DO tax", "'TO" + "DO: tax'", "# FIX" + "ME", "raise NotImplemented" + "Error"),
        (
            "todo = 1",
            "state = State.TO" + "DO",
            "currency = '" + "X" * 3 + "'",
            "try: a()\nexcept NotImplemented" + "Error: b()",
        ),
    ),
    Rule(
        checks.swallowed,
        "posapp/sync/planted.py",
        (
            "try: a()\nexcept Exception: pass",
            "try: a()\nexcept: ...",
            "with contextlib.suppress(Exception): a()",
        ),
        (
            "try: a()\nexcept KeyError: pass",
            "try: a()\nexcept Exception: log()",
            "with suppress(KeyError): a()",
        ),
    ),
    Rule(
        checks.machine_paths,
        "docs/planted.md",
        (
            "see /root/notes",
            "see /home/ada/notes",
            "see C:\\Users\\Ada",
            "https://py" + "pi.org/simple",
            "--extra-index" + "-url x",
        ),
        ("see https://example.com/home/ada", "the root of the tree", "~/.config", "/v1/root/x"),
    ),
    Rule(
        checks.missing_icons,
        "posapp/ui/sale/planted.py",
        ("icon('no_such')", "theme.icon('no_such', tone)", "Action('Pay', icon='no_such')"),
        ("icon('here')", "icon(name)", "Action('Pay', icon='here')"),
    ),
    Rule(
        checks.modules_without_purpose,
        "posapp/domain/planted.py",
        ("value = 1", "'''Too long.'''" + "\n" * 400),
        ("'''What a planted value is.'''", "'''Long enough.'''" + "\n" * 390, ""),
    ),
    Rule(
        checks.lock_addresses,
        "requirements-planted.lock",
        (
            "a==1 --hash=sha256:1\n--find-links x",
            "a==1",
            "a @ file:///x --hash=sha256:1",
            "a==1 --hash=sha256:1\n    # x\nb==2",
        ),
        ("a==1 \\\n    --hash=sha256:1\n    # via https://example.com",),
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert rule.check(ROOT) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_planted_mistake_is_found(rule: Rule, tmp_path: Path) -> None:
    for number, mistake in enumerate(rule.bad):
        _plant(tmp_path / str(number), rule.file, mistake)
        found = rule.check(tmp_path / str(number))
        assert len(found) == 1, f"{mistake!r} gave {found}"
        assert Path(rule.file).name in found[0]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_near_miss_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    for number, right in enumerate(rule.good):
        _plant(tmp_path / str(number), rule.file, right)
        assert rule.check(tmp_path / str(number)) == [], right


def test_every_check_is_among_the_rules() -> None:
    named = {name for name, value in vars(checks).items() if _is_check(value)}
    assert named == {rule.name for rule in RULES}


def _is_check(value: object) -> bool:
    hints = getattr(value, "__annotations__", {})
    public = not getattr(value, "__name__", "_").startswith("_")
    return public and hints == {"root": "Path", "return": "list[str]"}


def _plant(root: Path, file: str, text: str) -> None:
    target = root / file
    target.parent.mkdir(parents=True)
    target.write_text(text + "\n", encoding="utf-8")
    icon = root / "resources" / "icons" / "here.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text("<svg/>", encoding="utf-8")
