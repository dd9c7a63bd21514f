"""You saw, and now: kept with the decision, read back only for what we stopped ourselves."""

from __future__ import annotations

import json
from dataclasses import replace

from posapp.domain.fulfilment import standing
from posapp.domain.intent import IntentKind, IntentState
from posapp.domain.stopped import STOPPED, body_seen, body_stopped, sight, stopped
from tests.helpers.builders import a_fulfilment, a_line, an_intent, an_order


def test_what_was_seen_and_what_is_now_come_back_as_they_were_written() -> None:
    order = an_order(lines=(a_line(quantity=3),))
    before = sight(order, standing(order, [], []))
    sent = a_fulfilment(("l-1", 2, 0))
    after = sight(order, standing(order, [sent], []))
    body = body_stopped(body_seen([sent], before), after)
    intent = an_intent(IntentKind.FULFILMENT, state=IntentState.REFUSED, reason=STOPPED, body=body)

    told = stopped(intent)

    assert told is not None and told.saw is not None
    assert (told.saw.open, told.now.open) == ({"l-1": 3}, {"l-1": 1})
    assert json.loads(body)["seen"] == [sent.id]


def test_what_the_service_refused_was_not_stopped_by_us() -> None:
    refused = an_intent(IntentKind.FULFILMENT, state=IntentState.REFUSED, reason="no such line")
    assert stopped(refused) is None
    assert stopped(replace(refused, state=IntentState.DONE, reason="")) is None


def test_a_decision_made_before_sights_were_kept_still_says_how_it_stands() -> None:
    order = an_order(lines=(a_line(quantity=3),))
    body = body_stopped(json.dumps({"seen": []}), sight(order, standing(order, [], [])))
    intent = an_intent(IntentKind.FULFILMENT, state=IntentState.REFUSED, reason=STOPPED, body=body)

    told = stopped(intent)

    assert told is not None
    assert told.saw is None
    assert told.now.open == {"l-1": 3}
