"""Careless tills leave the pretend service's books in order."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.fuzz import run


@pytest.mark.parametrize("seed", [1, 2])
def test_random_calls_leave_the_books_in_order(seed: int) -> None:
    tills, broken = run(1500, seed)
    assert broken == []
    assert {200, 201, 400, 409} <= set(tills.statuses)
