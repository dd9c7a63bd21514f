"""A lost answer counts as nothing only after patience and two look-ups."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from posapp.domain.intent import (
    NEXT,
    OPEN_STATES,
    IllegalIntentMove,
    IntentState,
    may_call_it_not_done,
)
from tests.helpers.builders import NOON, an_intent


@pytest.mark.parametrize(("here", "there"), list(product(IntentState, IntentState)))
def test_an_intent_moves_only_along_its_table(here: IntentState, there: IntentState) -> None:
    intent = an_intent(state=here)
    if there in NEXT[here]:
        assert intent.moved(there).state is there
    else:
        with pytest.raises(IllegalIntentMove):
            intent.moved(there)


def test_an_intent_is_open_until_its_end_is_known() -> None:
    assert {state for state in IntentState if an_intent(state=state).open} == OPEN_STATES


def test_absence_is_proof_only_after_time_limit_patience_and_two_look_ups() -> None:
    missed = an_intent(
        state=IntentState.UNKNOWN,
        limit_s=60.0,
        sent_at=NOON,
        first_missed_at=NOON + timedelta(seconds=80),
        last_lookup_at=NOON + timedelta(seconds=90),
        missed_lookups=2,
    )
    at = NOON + timedelta(seconds=90)
    assert may_call_it_not_done(missed, at)
    assert not may_call_it_not_done(missed, at - timedelta(seconds=1))
    assert not may_call_it_not_done(replace(missed, missed_lookups=1), at)
    soon = replace(missed, first_missed_at=NOON + timedelta(seconds=81))
    assert not may_call_it_not_done(soon, at)
    assert not may_call_it_not_done(replace(missed, sent_at=None), at)
