"""Named troubles, as one would tell them to a colleague (issue: faults on demand)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posapp.sandbox.clock import Pace
from posapp.sandbox.director import EventTricks, Fault, FaultKind, Next, Outcome
from posapp.sandbox.world import World


def _calm(world: World) -> None:
    world.director.clear()
    world.options.pace = Pace()
    world.options.rate_limit = None


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


def _busy_key(world: World) -> None:
    """The test key's limit is enforced."""
    world.options.rate_limit = 25


def _messy_events(world: World) -> None:
    """Events come twice, late and out of order."""
    world.director.events = EventTricks(double=0.2, late=0.3, late_s=10)


def _strict_bank(world: World) -> None:
    """Three of ten orders are not accepted at once; half of those are reviewed."""
    world.director.acceptance, world.director.review_share = 0.7, 0.5


def _slow_reviewers(world: World) -> None:
    """The next five orders are reviewed and stay so until somebody decides."""
    world.director.outcomes.extend([Next(Outcome.IN_REVIEW, seconds=None)] * 5)


def _odd_numbers(world: World) -> None:
    """Float noise and fields that nobody knows, as a tolerant reader must stand."""
    world.director.faults += [
        Fault(FaultKind.FLOAT_NOISE, times=0, chance=0.5),
        Fault(FaultKind.EXTRA_FIELDS, times=0, chance=0.5),
    ]


SCENARIOS: Mapping[str, Callable[[World], None]] = {
    "calm": _calm,
    "bad line": _bad_line,
    "flaky service": _flaky_service,
    "busy key": _busy_key,
    "messy events": _messy_events,
    "strict bank": _strict_bank,
    "slow reviewers": _slow_reviewers,
    "odd numbers": _odd_numbers,
}
