"""The test command itself: its environment, and a coverage gate that can fail."""

from __future__ import annotations

import pytest

from tests import run
from tests.run import LAYERS, judge, percent_of, suite_environment


def _report(covered: int, statements: int) -> dict[str, dict[str, dict[str, int]]]:
    return {
        f"posapp/{layer}/thing.py": {
            "summary": {"covered_lines": covered, "num_statements": statements}
        }
        for layer in LAYERS
    }


def test_layers_that_are_covered_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(_report(90, 100)) == 0
    assert "too little" not in capsys.readouterr().out


def test_one_layer_below_the_limit_fails(capsys: pytest.CaptureFixture[str]) -> None:
    files = _report(95, 100)
    files["posapp/store/more.py"] = {"summary": {"covered_lines": 0, "num_statements": 10}}

    assert judge(files) == 1
    assert capsys.readouterr().out.count("too little") == 1


def test_a_layer_that_nothing_measured_fails() -> None:
    assert percent_of([]) == 0.0
    assert judge({}) == 1


def test_the_suite_runs_off_screen_and_as_root_without_chromiums_sandbox() -> None:
    person = suite_environment({"DISPLAY": ":0"}, root=False)
    root = suite_environment({}, root=True)

    assert person["QT_QPA_PLATFORM"] == root["QT_QPA_PLATFORM"] == "offscreen"
    assert "QTWEBENGINE_DISABLE_SANDBOX" not in person
    assert root["QTWEBENGINE_DISABLE_SANDBOX"] == "1"


def test_arguments_run_just_what_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []

    def start(environment: object, *arguments: str) -> int:
        started.append(arguments)
        return 4

    monkeypatch.setattr(run, "_run", start)

    assert run.main(["tests/unit", "-k", "money"]) == 4
    assert started == [("-m", "pytest", "tests/unit", "-k", "money")]


def test_a_failing_suite_is_not_judged_by_its_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []

    def start(environment: object, *arguments: str) -> int:
        started.append(arguments)
        return 1

    monkeypatch.setattr(run, "_run", start)

    assert run.main([]) == 1
    assert len(started) == 1
    assert "--cov=posapp" in started[0]
