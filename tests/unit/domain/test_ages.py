"""Moments in the words of a person at a counter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from posapp.domain.ages import age, at_time, lasted

NOW = datetime(2026, 3, 2, 10, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (2, "2 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 00"),
        (11_100, "3 h 05"),
        (86_400, "1 d"),
        (1_000_000, "11 d"),
    ],
)
def test_a_span_is_told_in_its_largest_fitting_unit(seconds: int, words: str) -> None:
    assert lasted(timedelta(seconds=seconds)) == words
    assert age(NOW - timedelta(seconds=seconds), NOW) == words


def test_a_moment_names_its_day_only_when_that_is_not_today() -> None:
    assert at_time(NOW, NOW, UTC) == "10:41"
    assert at_time(NOW - timedelta(days=1), NOW, UTC) == "1 Mar 10:41"
    assert at_time(NOW - timedelta(days=365), NOW, UTC) == "2 Mar 2025 10:41"


def test_the_shop_reads_its_own_time() -> None:
    assert at_time(NOW, NOW, timezone(timedelta(hours=9))) == "19:41"
