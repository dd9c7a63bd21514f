"""What the control port can be told to do (docs/sandbox.md). Each command checks its whole body
before it does anything; none is reachable under the API's own paths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict

from posapp.sandbox.clock import Pace
from posapp.sandbox.director import EventTricks, Fault, FaultKind, Next, Outcome
from posapp.sandbox.orderslip import MANY, MOST_S, Refused, Slip
from posapp.sandbox.scenarios import SCENARIOS
from posapp.sandbox.seed import web_order
from posapp.sandbox.wire import STATUS_TYPES, Json, decode
from posapp.sandbox.world import World

Work = Callable[[World, Slip], Json]

METHODS = ("", "GET", "POST", "PUT", "PATCH", "DELETE")
FASTEST = 100_000.0  # a day in less than a second
# the resource that an event of a name carries, longest prefix first
CARRIES: Mapping[str, str] = {
    "customer.tax_identifier.": "tax_identifier", "customer.source.": "source",
    "order.charge.reauth.": "order", "order.charge.": "charge", "tax_identifier.": "tax_identifier",
    "checkout.": "checkout", "customer.": "customer", "fulfillment.": "fulfilment",
    "fileLink.": "file_link", "refund.": "refund", "return.": "return", "source.": "source",
    "order.": "order", "sku.": "sku",
}  # fmt: skip


def next_outcome(world: World, slip: Slip) -> Json:
    """POST /next {"outcome": "in_review", "seconds": 30 | null, "accept": false, "times": 1}"""
    outcome = Outcome(slip.choice("outcome", Outcome))
    by_hand = slip.has("seconds") and slip.is_null("seconds")
    seconds = None if by_hand else slip.number("seconds", -1.0, low=-1.0)
    accept = slip.flag("accept", default=True)
    code, times = slip.text("code", "failed-request"), slip.whole("times", 1, low=1)
    slip.end()
    if outcome is Outcome.OUTAGE:
        wait = 20.0 if seconds is None or seconds < 0 else seconds
        world.director.outage_until = world.core.read_clock().timestamp() + wait
    else:
        world.director.outcomes.extend([Next(outcome, seconds, accept, code)] * times)
    return {"queued": [each.outcome for each in world.director.outcomes]}


def fault(world: World, slip: Slip) -> Json:
    """POST /fault {"kind": "lost_answer", "method": "POST", "path": "^/orders$", "times": 1, …}"""
    made = Fault(
        FaultKind(slip.choice("kind", FaultKind)),
        method=slip.choice("method", METHODS) if slip.has("method") else "",
        path=slip.text("path"),
        times=slip.whole("times", 1),
        seconds=slip.number("seconds", 1.0),
        status=slip.whole("status", 503),
        chance=slip.number("chance", 1.0, high=1.0),
        code=slip.text("code"),
        parameter=slip.text("parameter"),
    )
    slip.end()
    if made.status not in STATUS_TYPES:
        raise Refused(f"status is one of: {', '.join(map(str, STATUS_TYPES))}")
    try:
        re.compile(made.path)
    except re.error as wrong:
        raise Refused(f"path is a regular expression ({wrong})") from None
    world.director.faults.append(made)
    return {"faults": len(world.director.faults)}


def event_tricks(world: World, slip: Slip) -> Json:
    """POST /events {"double": 0.2, "lose": 0, "late": 0.3, "late_s": 20, "shuffle": 0.5}"""
    chances = {
        name: slip.number(name, 0.0, high=1.0) for name in ("double", "lose", "late", "shuffle")
    }
    late_s = slip.number("late_s", 30.0)
    slip.end()
    world.director.events = EventTricks(**chances, late_s=late_s)
    return asdict(world.director.events)


def emit(world: World, slip: Slip) -> Json:
    """POST /emit {"type": "order.charge.completed", "id": charge id, "times": 1}

    An event that nothing here brings about: the twin names, a name nobody has heard of, an old
    event once more. It carries the resource of that id as it is now.
    """
    kind, id_ = slip.text("type"), slip.text("id")
    times = slip.whole("times", 1, low=1, high=1000)
    slip.end()
    if not re.fullmatch(r"[A-Za-z_]+(\.[A-Za-z_]+)+", kind):
        raise Refused("type is a dotted name such as order.accepted")
    world.emit(kind, _snapshot(world, kind, id_), id_, times)
    return {"type": kind, "times": times}


def _snapshot(world: World, kind: str, id_: str) -> Json:
    for prefix, resource in CARRIES.items():
        wire = world.core.storage.wire(resource, id_) if kind.startswith(prefix) else None
        if wire is not None:
            found: Json = decode(wire)
            return found
    return {"id": id_}


def clear(world: World, slip: Slip) -> Json:
    """POST /clear {}: no trouble any more; the clock runs at its own speed again."""
    slip.end()
    world.director.clear()
    world.set_speed(1.0)
    return {"cleared": True}


def clock(world: World, slip: Slip) -> Json:
    """POST /clock {"advance_s": 60} or {"to": time}: jumps on; {"speed": 60}: runs faster."""
    seconds = slip.number("advance_s", 0.0, low=-MOST_S)
    to = slip.time("to")
    speed = slip.number("speed", 1.0, low=0.001, high=FASTEST) if slip.has("speed") else None
    slip.end()
    if to is not None:
        seconds += (to - world.core.read_clock()).total_seconds()
    if not 0 <= seconds <= MOST_S:
        raise Refused("the service's clock never runs backwards, and ten years on at most")
    if speed is not None:
        world.set_speed(speed)
    world.turn(seconds)
    return {"now": world.now.isoformat(), "speed": world.director.speed}


def outage(world: World, slip: Slip) -> Json:
    """POST /outage {"after_s": 10, "for_s": 20, "every_s": 60, "times": 3}: windows of 503."""
    begin, length = slip.number("after_s", 0.0), slip.number("for_s", 20.0)
    every, times = slip.number("every_s", 60.0), slip.whole("times", 1, low=1, high=1000)
    slip.end()
    now = world.core.read_clock().timestamp()
    for number in range(times):
        at = now + begin + number * every
        world.director.outages.append((at, at + length))
    return {"windows": len(world.director.outages)}


def resolve(world: World, slip: Slip) -> Json:
    """POST /resolve {"order": id, "decision": "accept" | "block"}: ends a review."""
    order_id = slip.text("order")
    if (decision := slip.text("decision")) not in ("accept", "block"):
        raise Refused("decision is accept or block")
    slip.end()
    world.resolve_review(order_id, accept=decision == "accept")
    return {"order": order_id}


def funds(world: World, slip: Slip) -> Json:
    """POST /funds {"order": id, "arrive": true | false}: a transfer comes in, or lapses."""
    order_id, arrives = slip.text("order"), slip.flag("arrive", default=True)
    slip.end()
    world.resolve_payment(order_id, arrives=arrives)
    return {"order": order_id}


def dispute(world: World, slip: Slip) -> Json:
    """POST /dispute {"order": id, "resolve": false, "charged_back": minor units}"""
    order_id, ends = slip.text("order"), slip.flag("resolve", default=False)
    lost = slip.whole("charged_back", 0, high=10**12)
    slip.end()
    if ends:
        world.resolve_dispute(order_id, charged_back=lost)
    else:
        world.dispute(order_id)
    return {"order": order_id}


def options(world: World, slip: Slip) -> Json:
    """POST /options {"rate_limit": 25 | null, "risk_averse": true, "acceptance": 0.9, "pace": 1}"""
    account, given = world.options, sorted(slip.names())
    wanted: Json = {}
    if slip.has("rate_limit"):
        off = slip.is_null("rate_limit")
        wanted["rate_limit"] = None if off else slip.number("rate_limit", 25.0, high=MANY)
    for name in ("risk_averse", "expanded_events"):
        wanted[name] = slip.flag(name, default=getattr(account, name))
    for name in ("authorisation_days", "transfer_days"):
        wanted[name] = slip.number(name, getattr(account, name))
    chances = {
        name: slip.number(name, getattr(world.director, name), high=1.0)
        for name in ("acceptance", "review_share")
    }
    if slip.has("pace"):
        wanted["pace"] = Pace().scaled(slip.number("pace", 1.0, high=MANY))
    slip.end()
    for name, value in wanted.items():
        setattr(account, name, value)
    for name, chance in chances.items():
        setattr(world.director, name, chance)
    return {"set": given}


def scenario(world: World, slip: Slip) -> Json:
    """POST /scenario {"name": "bad line"}: a named set of faults."""
    name = slip.choice("name", SCENARIOS)
    slip.end()
    SCENARIOS[name](world)
    return {"scenario": name}


def order(world: World, slip: Slip) -> Json:
    """POST /order {"lines": ["MUG-WHT x 3"]}: somebody at home buys; the order is accepted."""
    lines = slip.texts("lines")
    slip.end()
    try:
        with world.at_once():
            made = web_order(world, lines)
    except KeyError as unknown:
        raise Refused(f"nobody sells {unknown}") from None
    except RuntimeError as trouble:
        raise Refused(f"no order was made: {trouble}") from None
    return {"order": made["id"]}


def state(world: World, slip: Slip) -> Json:
    """POST /state {}: what is still to come: outcomes queued, seconds of outage left, faults."""
    slip.end()
    left = world.director.outage_left(world.core.read_clock().timestamp())
    return {
        "queued": [each.outcome for each in world.director.outcomes],
        "outage_s": round(left, 1),
        "faults": len(world.director.faults),
    }


def check(world: World, slip: Slip) -> Json:
    """POST /check {}: every broken invariant in words."""
    slip.end()
    return {"broken": world.check()}


COMMANDS: Mapping[str, Work] = {
    "/next": next_outcome,
    "/fault": fault,
    "/events": event_tricks,
    "/emit": emit,
    "/clear": clear,
    "/clock": clock,
    "/outage": outage,
    "/resolve": resolve,
    "/funds": funds,
    "/dispute": dispute,
    "/options": options,
    "/scenario": scenario,
    "/check": check,
    "/order": order,
    "/state": state,
}
