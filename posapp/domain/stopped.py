"""A decision that no longer fits its order when its turn to be sent has come: what was seen when it
was made, and how the order stands now (design 8). Decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posapp.domain.fulfilment import Fulfilment, LineStanding
from posapp.domain.intent import Intent, IntentState
from posapp.domain.order import Order

STOPPED = "stopped before sending"
"""The reason of an intent that we stopped ourselves; every other reason is the service's."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How an order stood at one moment: its state, in the service's word, and what was open on each
    line.
    """

    state: str
    open: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stopped:
    """You saw, and now. `saw` is None for a decision made before sights were kept."""

    saw: Sight | None
    now: Sight


def sight(order: Order, lines: Iterable[LineStanding]) -> Sight:
    """Return how the order stands."""
    return Sight(order.raw_state or order.state.value, {line.line.id: line.open for line in lines})


def body_seen(fulfilments: Iterable[Fulfilment], saw: Sight) -> str:
    """Return an intent's body: the fulfilments known when it was decided, and what was seen."""
    return json.dumps({"seen": [fulfilment.id for fulfilment in fulfilments], "saw": _told(saw)})


def body_stopped(body: str, now: Sight) -> str:
    """Return the body with how the order stood when the sending was stopped."""
    return json.dumps(json.loads(body) | {"now": _told(now)})


def stopped(intent: Intent) -> Stopped | None:
    """Return the comparison of a decision that we stopped, or None for any other."""
    if intent.state is not IntentState.REFUSED or intent.reason != STOPPED:
        return None
    body = json.loads(intent.body)
    saw = body.get("saw")
    return Stopped(_sight(saw) if saw else None, _sight(body["now"]))


def _told(told: Sight) -> dict[str, object]:
    return {"state": told.state, "open": dict(told.open)}


def _sight(told: dict[str, object]) -> Sight:
    units = told["open"]
    assert isinstance(units, dict)
    return Sight(str(told["state"]), units)
