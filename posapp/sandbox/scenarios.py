"""Named troubles, as one would tell them to a colleague (issue: faults on demand)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posapp.sandbox.director import EventTricks, Fault, FaultKind, Next, Outcome
from posapp.sandbox.world import World


def _calm(world: World) -> None:
    """No trouble: the service as it is on a good day."""
    world.director.clear()
    world.set_speed(1.0)
    world.options.rate_limit = world.usual_rate


def _slow_answers(world: World) -> None:
    """Every answer takes two seconds."""
    world.director.faults.append(Fault(FaultKind.LATENCY, times=0, seconds=2.0))


def _dead_line(world: World) -> None:
    """The next three writes go nowhere: nothing is done, no answer comes."""
    world.director.faults.append(Fault(FaultKind.TIMEOUT, method="POST", times=3, seconds=5.0))


def _lost_orders(world: World) -> None:
    """The next three orders are made, and their answers are lost."""
    lost = Fault(FaultKind.LOST_ANSWER, method="POST", path="^/orders$", times=3, seconds=0.5)
    world.director.faults.append(lost)


def _bad_line(world: World) -> None:
    """One write in ten loses its answer, one call in ten is late."""
    world.director.faults += [
        Fault(FaultKind.LOST_ANSWER, method="POST", times=0, seconds=0.2, chance=0.1),
        Fault(FaultKind.LATENCY, times=0, seconds=1.5, chance=0.1),
    ]


def _flaky_service(world: World) -> None:
    """5xx before and after the work, and now and then a body that breaks off."""
    world.director.faults += [
        Fault(FaultKind.STATUS, times=0, status=503, chance=0.1),
        Fault(FaultKind.STATUS_AFTER, method="POST", times=0, status=502, chance=0.05),
        Fault(FaultKind.CUT_BODY, method="GET", times=0, chance=0.05),
        Fault(FaultKind.WRONG_JSON, method="GET", times=0, chance=0.05),
    ]


def _garbled_answers(world: World) -> None:
    """Every third answer breaks off or is no JSON at all."""
    world.director.faults += [
        Fault(FaultKind.CUT_BODY, times=0, chance=0.2),
        Fault(FaultKind.WRONG_JSON, times=0, chance=0.2),
    ]


def _busy_key(world: World) -> None:
    """The test key's limit is enforced."""
    world.options.rate_limit = 25


def _too_many_requests(world: World) -> None:
    """The next five calls are answered 429 with five seconds to wait."""
    world.director.faults.append(Fault(FaultKind.RATE_LIMIT, times=5, seconds=5.0))


def _rolling_outages(world: World) -> None:
    """Three outages of twenty seconds, one a minute, the first in ten seconds."""
    now = world.core.read_clock().timestamp()
    world.director.outages += [(now + at, now + at + 20) for at in (10, 70, 130)]


def _messy_events(world: World) -> None:
    """Events come twice, late and out of order."""
    world.director.events = EventTricks(double=0.2, late=0.3, late_s=10)


def _shuffled_events(world: World) -> None:
    """Half of the pages of the event list are out of order."""
    world.director.events = EventTricks(shuffle=0.5)


def _missing_events(world: World) -> None:
    """One event in five never comes: only looking tells what happened."""
    world.director.events = EventTricks(lose=0.2)


def _strict_bank(world: World) -> None:
    """Three of ten orders are not accepted at once; half of those are reviewed."""
    world.director.acceptance, world.director.review_share = 0.7, 0.5


def _slow_reviewers(world: World) -> None:
    """The next five orders are reviewed and stay so until somebody decides."""
    world.director.outcomes.extend([Next(Outcome.IN_REVIEW, seconds=None)] * 5)


def _long_reviews(world: World) -> None:
    """The next five orders are reviewed for ten minutes each."""
    world.director.outcomes.extend([Next(Outcome.IN_REVIEW, seconds=600.0)] * 5)


def _fast_clock(world: World) -> None:
    """A minute is a second: reviews, transfers and lapses come soon."""
    world.set_speed(60.0)


def _odd_numbers(world: World) -> None:
    """Float noise and fields that nobody knows, as a tolerant reader must stand."""
    world.director.faults += [
        Fault(FaultKind.FLOAT_NOISE, times=0, chance=0.5),
        Fault(FaultKind.EXTRA_FIELDS, times=0, chance=0.5),
    ]


SCENARIOS: Mapping[str, Callable[[World], None]] = {
    "calm": _calm,
    "slow answers": _slow_answers,
    "dead line": _dead_line,
    "lost orders": _lost_orders,
    "bad line": _bad_line,
    "flaky service": _flaky_service,
    "garbled answers": _garbled_answers,
    "busy key": _busy_key,
    "too many requests": _too_many_requests,
    "rolling outages": _rolling_outages,
    "messy events": _messy_events,
    "shuffled events": _shuffled_events,
    "missing events": _missing_events,
    "strict bank": _strict_bank,
    "slow reviewers": _slow_reviewers,
    "long reviews": _long_reviews,
    "fast clock": _fast_clock,
    "odd numbers": _odd_numbers,
}
