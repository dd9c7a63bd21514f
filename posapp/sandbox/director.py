"""Decides what goes wrong and what comes next, on demand: outcomes of orders, faults, event tricks.

Set through the control port or by a test, never through the API's own paths (contract section 22,
point 2). Holds no document and lives in memory: a restart is a clean day.
"""

from __future__ import annotations

import random
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.sandbox.wire import ON_TIME, Delivery, Json, Request, Response, encode, problem


class Outcome(StrEnum):
    """What becomes of the next order."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    IN_REVIEW = "in_review"
    BLOCKED = "blocked"  # 409 at once
    BLOCKED_LATER = "blocked_later"  # in review, then blocked
    PENDING = "pending_payment"  # authorisation takes a while, then accepted
    PENDING_FAILS = "pending_fails"  # authorisation takes a while, then fails
    SLOW = "slow"
    LOST_ANSWER = "lost_answer"
    OUTAGE = "outage"
    WIRE_TRANSFER = "wire_transfer"


class FaultKind(StrEnum):
    """What happens to a matching request."""

    LATENCY = "latency"  # answered `seconds` late
    TIMEOUT = "timeout"  # nothing is done, no answer
    LOST_ANSWER = "lost_answer"  # done, no answer
    STATUS = "status"  # `status` instead of being done
    STATUS_AFTER = "status_after"  # done, yet answered with `status`
    RATE_LIMIT = "rate_limit"  # 429 with Retry-After `seconds`
    CUT_BODY = "cut_body"  # half an answer
    WRONG_JSON = "wrong_json"  # an answer that is no JSON
    FLOAT_NOISE = "float_noise"  # amounts with binary noise, as published samples show
    EXTRA_FIELDS = "extra_fields"  # a field nobody knows


@dataclass(slots=True)
class Next:
    """The outcome of one order to come. `seconds`: how long it stays slow, in review, away, unpaid
    (None = until resolved by hand); `accept`: how a review ends."""

    outcome: Outcome
    seconds: float | None = -1.0  # below 0: the pace's own
    accept: bool = True
    code: str = "failed-request"


@dataclass(slots=True)
class Fault:
    """A fault for the next `times` requests that match (0 = until cleared).

    `code` and `parameter` fill the body of `status` and `status_after`: so can every code that the
    service knows be had, also those that no documented input brings about (contract section 7).
    """

    kind: FaultKind
    method: str = ""  # empty = any
    path: str = ""  # regular expression searched in the path; empty = any
    times: int = 1
    seconds: float = 1.0
    status: int = 503
    chance: float = 1.0
    code: str = ""  # empty = the usual one of the status
    parameter: str = ""

    def matches(self, request: Request) -> bool:
        """Whether this request is meant."""
        return self.method in ("", request.method) and bool(re.search(self.path, request.path))


@dataclass(slots=True)
class EventTricks:
    """How the event list misbehaves: chances from 0 to 1, delays in seconds."""

    double: float = 0.0
    lose: float = 0.0
    late: float = 0.0
    late_s: float = 30.0
    shuffle: float = 0.0  # of a page of the list; its last event keeps its place, the cursor


@dataclass(slots=True)
class Director:
    """The queue of outcomes and the list of faults of one world."""

    rng: random.Random
    outcomes: deque[Next] = field(default_factory=deque)
    faults: list[Fault] = field(default_factory=list)
    events: EventTricks = field(default_factory=EventTricks)
    acceptance: float = 1.0  # share of orders accepted when no outcome is queued
    review_share: float = 0.0  # share of the others that is reviewed, the rest is declined
    transfers: dict[str, float | None] = field(default_factory=dict)
    skew_s: float = 0.0
    speed: float = 1.0  # of the service's clock; `sped_up_at` is the machine's time then
    sped_up_at: datetime | None = None
    outage_until: float | None = None  # seconds since 1970 on the service's clock
    outages: list[tuple[float, float]] = field(default_factory=list)  # windows to come, likewise

    def next(self, outcome: str, **how: object) -> None:
        """Queues the outcome of the next order."""
        self.outcomes.append(Next(Outcome(outcome), **how))  # type: ignore[arg-type] # checked by callers

    def take(self, *wanted: Outcome) -> Next | None:
        """The next outcome if it is one of `wanted` (none named = any); it is then used up."""
        if self.outcomes and (not wanted or self.outcomes[0].outcome in wanted):
            return self.outcomes.popleft()
        return None

    def by_chance(self) -> Next:
        """An outcome drawn by the acceptance rate."""
        if self.acceptance >= 1.0 or self.rng.random() < self.acceptance:
            return Next(Outcome.ACCEPTED)
        held = self.rng.random() < self.review_share
        return Next(Outcome.IN_REVIEW if held else Outcome.DECLINED)

    def funds_s(self, source_id: str) -> float | None:
        """When the transfer of a source arrives: seconds, None = by hand, below 0 = usual pace."""
        return self.transfers.pop(source_id, -1.0)

    def time(self, machine: datetime) -> datetime:
        """The service's time when the machine's clock says `machine`."""
        ahead = self.skew_s
        if self.sped_up_at is not None:
            ahead += (machine - self.sped_up_at).total_seconds() * (self.speed - 1)
        return machine + timedelta(seconds=ahead)

    def set_speed(self, speed: float, machine: datetime) -> None:
        """Lets the service's clock run at `speed` from now on; no time is lost or won by it."""
        self.skew_s = (self.time(machine) - machine).total_seconds()
        self.speed, self.sped_up_at = speed, machine

    def is_out(self, now_s: float) -> bool:
        """Whether an outage is on, `now_s` seconds since 1970 on the service's clock."""
        return self.outage_left(now_s) > 0

    def outage_left(self, now_s: float) -> float:
        """How many seconds the present outage still takes; 0 when there is none."""
        self.outages = [window for window in self.outages if now_s < window[1]]
        ends = [end for begin, end in self.outages if begin <= now_s]
        return max(0.0, *(end - now_s for end in (self.outage_until or 0.0, *ends)))

    def fault_for(self, request: Request) -> Fault | None:
        """The fault that this request meets; counts it."""
        for fault in self.faults:
            if not fault.matches(request):
                continue
            if fault.chance < 1.0 and self.rng.random() >= fault.chance:
                continue
            if fault.times:
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """Ends every fault, outcome and trick."""
        self.outcomes.clear()
        self.faults.clear()
        self.events = EventTricks()
        self.outage_until = None
        self.outages.clear()
        self.acceptance = 1.0
        self.review_share = 0.0

    def loses_event(self) -> bool:
        """Whether the next event is never seen."""
        return self.events.lose > 0 and self.rng.random() < self.events.lose

    def doubles_event(self) -> bool:
        """Whether the next event is listed twice."""
        return self.events.double > 0 and self.rng.random() < self.events.double

    def shuffled(self, page: list[bytes]) -> list[bytes]:
        """A page of the event list out of order, by chance; the last stays, callers page by it."""
        chance = self.events.shuffle
        if len(page) < 3 or chance <= 0 or self.rng.random() >= chance:
            return page
        mixed = page[:-1]
        self.rng.shuffle(mixed)
        return [*mixed, page[-1]]

    def event_delay_s(self) -> float:
        """How late the next event becomes visible, in seconds."""
        if self.events.late > 0 and self.rng.random() < self.events.late:
            return self.rng.random() * self.events.late_s
        return 0.0


def refusal(fault: Fault) -> Response | None:
    """The answer of a fault that keeps the request from being done; None lets it be done."""
    match fault.kind:
        case FaultKind.TIMEOUT:
            return Response(504, b"", delivery=Delivery(lost=True, delay_s=fault.seconds))
        case FaultKind.STATUS:
            return failure(fault.status, fault.code, fault.parameter)
        case FaultKind.RATE_LIMIT:
            return slow_down(fault.seconds)
    return None


def failure(status: int, code: str = "", parameter: str = "") -> Response:
    """A refusal on demand, by default a fault of the service's own, with the documented body."""
    usual = {401: None, 408: "request_timeout", 429: "too_many_requests"}
    named: str | None = code or usual.get(status, "unknown_error")
    body: Json = problem(status, named, "Please try again later.", parameter or None).body
    headers = {"Retry-After": "1"} if status == 429 else {}
    return Response(status, encode(body), headers)


def slow_down(seconds: float) -> Response:
    """429 with whole seconds to wait."""
    body = encode(problem(429, "too_many_requests", "Slow down.").body)
    return Response(429, body, {"Retry-After": str(max(1, round(seconds)))})


def spoil(fault: Fault, answer: Response) -> Response:
    """What a fault makes of an answer that was given."""
    headers, body, status, delivery = answer.headers, answer.body, answer.status, ON_TIME
    match fault.kind:
        case FaultKind.LATENCY:
            delivery = Delivery(delay_s=fault.seconds)
        case FaultKind.LOST_ANSWER:
            delivery = Delivery(delay_s=fault.seconds, lost=True)
        case FaultKind.CUT_BODY:
            delivery = Delivery(cut=True)
        case FaultKind.STATUS_AFTER:
            return failure(fault.status, fault.code, fault.parameter)
        case FaultKind.WRONG_JSON:
            body = b"<html><body>upstream says: " + body[: len(body) // 2]
        case FaultKind.FLOAT_NOISE:
            body = re.sub(rb"(\d+\.\d[1-9])(?=[,}])", rb"\g<1>000000000001", body)
        case FaultKind.EXTRA_FIELDS:
            body = re.sub(rb"^{", b'{"unheardOf":{"a":[1,null]},', body)
    return Response(status, body, headers, delivery)
