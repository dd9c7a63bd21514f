"""The log: a line for each record, nothing private in it, and no way to stop the till."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.config import logs
from posapp.config.redaction import HIDDEN, luhn, redact


@pytest.fixture
def running(tmp_path: Path) -> Iterator[logs.Logs]:
    """A running log."""
    started = logs.start(tmp_path / "logs", is_known="4006381333931007".__eq__)
    yield started
    started.stop()


def _lines(running: logs.Logs) -> list[dict[str, Any]]:
    running.stop()
    return [json.loads(line) for line in running.file.read_text(encoding="utf-8").splitlines()]


def test_a_record_becomes_one_line(running: logs.Logs) -> None:
    log = logging.getLogger("posapp.test")
    log.info("order %s accepted", 231388420336, extra={"order_id": "231388420336", "shoe": 44})
    log.debug("not this")
    line = _lines(running)[-1]
    assert line["what"] == "order 231388420336 accepted"
    assert (line["level"], line["from"], line["order_id"]) == (
        "INFO",
        "posapp.test",
        "231388420336",
    )
    assert line["at"].endswith("Z")
    assert "shoe" not in line  # only listed facts


def test_a_traceback_is_kept_and_redacted(running: logs.Logs) -> None:
    try:
        int("anna@example.com")
    except ValueError:
        logging.getLogger("posapp.test").info("failed", exc_info=True)
    line = _lines(running)[-1]
    assert "ValueError" in line["trace"]
    assert "anna" not in line["trace"]


def test_what_private_text_never_reaches_the_disk(running: logs.Logs) -> None:
    log = logging.getLogger("posapp.test")
    log.info("headers {'Authorization': 'Bearer sk_test_abc', 'x': 1}")
    log.info("body %s", json.dumps({"email": "anna@example.com", "name": 'Anna "A" Berg'}))
    log.info("card 4444 2222 3333 1111 and 4444222233331111 and 5466-1600-0000-0008")
    log.info("secret 59a5bf5c-b842-5811-a667-ec1046b9842b_a0017622-2d10-5313-9f4b-e3ae3fe475a0")
    log.info("db postgresql://shop:hunter2@db/pos", extra={"reference": "pk_live_123"})
    log.info("barcode 4006381333931007")
    text = "\n".join(json.dumps(line) for line in _lines(running))
    for private in (
        "sk_test", "anna@", "Anna", "Berg", "4444", "5466", "a0017622", "hunter2", "pk_live",
    ):  # fmt: skip
        assert private not in text
    assert "4006381333931007" in text  # ours, and known
    assert "postgresql://shop" in text


def test_the_file_rolls_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_FILE", 2_000)
    started = logs.start(tmp_path)
    for number in range(200):
        logging.getLogger("posapp.test").info("line %d", number)
    started.stop()
    kept = sorted(file.name for file in tmp_path.iterdir())
    assert len(kept) == logs.FILES_KEPT + 1


def test_a_log_that_cannot_be_written_is_told_and_does_no_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    started = logs.start(tmp_path / "logs")
    logging.getLogger("posapp.test").info("still selling")
    started.stop()
    assert "cannot be written" in started.problem
    assert "still selling" in capsys.readouterr().err


def test_stopping_leaves_logging_as_it_was(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    logs.start(tmp_path).stop()
    assert (root.level, list(root.handlers)) == before


@pytest.mark.parametrize(
    "text",
    [
        "order 231388420336 accepted",
        "POST /orders 201 812 ms req-7",
        "checkout 614fa5a0-4779-5b90-badf-f66ef01fac88",
        "number 4444222233331112",  # fails the check
        "serial 9444222233331111",  # no card begins with 9
        "12 digits 444422223333",
        "x4444222233331111x",
    ],
)
def test_what_is_harmless_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def",
        "authorization=Basic c2s6",
        '"clientSecret":"x y z"',
        "client_secret=abc&x=1",
        "'name': 'Anna Berg'",
        "postalCode: 95969",
        '{"address":{"line1":"1 High Street","city":"X"}}',
        "pin=1234",
        "cvv: 123",
    ],
)
def test_fields_are_hidden_by_name(text: str) -> None:
    hidden = redact(text)
    assert HIDDEN in hidden
    for private in ("abc", "c2s6", "x y z", "Anna", "95969", "High", "1234", "123"):
        assert private not in hidden


@given(st.from_regex(r"\A[2-6][0-9]{12,18}\Z"), st.sampled_from(["", " ", "-"]))
def test_every_card_number_is_hidden_and_nothing_else(digits: str, gap: str) -> None:
    written = gap.join(digits[at : at + 4] for at in range(0, len(digits), 4))
    assert (redact(f"<{written}>") == f"<{HIDDEN}>") is luhn(digits)


@given(st.text())
def test_redaction_takes_any_text(text: str) -> None:
    assert isinstance(redact(text), str)
