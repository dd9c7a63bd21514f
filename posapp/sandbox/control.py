"""The control port: orders troubles, outcomes and time (docs/sandbox.md). Loopback, own port.

Never part of the API's own paths: what a real service could not do must not be reachable there.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posapp.sandbox.clock import Pace
from posapp.sandbox.director import EventTricks, Fault, FaultKind, Next, Outcome
from posapp.sandbox.lifecycle import IllegalMove
from posapp.sandbox.scenarios import SCENARIOS
from posapp.sandbox.seed import web_order
from posapp.sandbox.wire import Json, Problem, encode
from posapp.sandbox.world import World

Work = Callable[[World, Json], Json]


class Refused(Exception):
    """A command that makes no sense; the text says why."""


def _given(kind: type, body: Json) -> Json:
    """The body's fields, all of them known to the dataclass."""
    known = {each.name for each in fields(kind)}
    for name in body:
        if name not in known:
            raise Refused(f"'{name}' is not known; one of: {', '.join(sorted(known))}")
    return body


def next_outcome(world: World, body: Json) -> Json:
    """POST /next {"outcome": "in_review", "seconds": 30 | null, "accept": false, "times": 1}"""
    times = int(body.pop("times", 1))
    if "seconds" in body and body["seconds"] is not None:
        body["seconds"] = float(body["seconds"])
    try:
        outcome = Outcome(body.get("outcome", ""))
    except ValueError:
        raise Refused(f"outcome is one of: {', '.join(Outcome)}") from None
    given: Json = _given(Next, body) | {"outcome": outcome}
    wish = Next(**given)
    if outcome is Outcome.OUTAGE:
        seconds = 20.0 if wish.seconds is None or wish.seconds < 0 else wish.seconds
        world.director.outage_until = world.core.read_clock().timestamp() + seconds
    else:
        world.director.outcomes.extend([wish] * times)
    return {"queued": [each.outcome for each in world.director.outcomes]}


def fault(world: World, body: Json) -> Json:
    """POST /fault {"kind": "lost_answer", "method": "POST", "path": "^/orders$", "times": 1, …}"""
    try:
        kind = FaultKind(body.get("kind", ""))
    except ValueError:
        raise Refused(f"kind is one of: {', '.join(FaultKind)}") from None
    numbers = {k: float(body[k]) for k in ("seconds", "chance") if k in body}
    given: Json = _given(Fault, body) | numbers | {"kind": kind}
    world.director.faults.append(Fault(**given))
    return {"faults": len(world.director.faults)}


def event_tricks(world: World, body: Json) -> Json:
    """POST /events {"double": 0.2, "lose": 0, "late": 0.3, "late_s": 20}"""
    plain = {name: float(value) for name, value in _given(EventTricks, body).items()}
    world.director.events = EventTricks(**plain)
    return asdict(world.director.events)


def clear(world: World, _body: Json) -> Json:
    """POST /clear {}: no trouble any more."""
    world.director.clear()
    return {"cleared": True}


def clock(world: World, body: Json) -> Json:
    """POST /clock {"advance_s": 60}: jump on, and let happen what is due."""
    seconds = float(body.get("advance_s", 0))
    if seconds < 0:
        raise Refused("the service's clock never runs backwards")
    world.turn(seconds)
    return {"now": world.now.isoformat()}


def resolve(world: World, body: Json) -> Json:
    """POST /resolve {"order": id, "decision": "accept" | "block"}: ends a review."""
    if body.get("decision") not in ("accept", "block"):
        raise Refused("decision is accept or block")
    world.resolve_review(str(body.get("order")), accept=body["decision"] == "accept")
    return {"order": body["order"]}


def funds(world: World, body: Json) -> Json:
    """POST /funds {"order": id, "arrive": true | false}: a transfer comes in, or lapses."""
    world.resolve_payment(str(body.get("order")), arrives=bool(body.get("arrive", True)))
    return {"order": body["order"]}


def dispute(world: World, body: Json) -> Json:
    """POST /dispute {"order": id, "resolve": false, "charged_back": minor units}"""
    if body.get("resolve"):
        world.resolve_dispute(str(body.get("order")), charged_back=int(body.get("charged_back", 0)))
    else:
        world.dispute(str(body.get("order")))
    return {"order": body["order"]}


def options(world: World, body: Json) -> Json:
    """POST /options {"rate_limit": 25 | null, "risk_averse": true, "acceptance": 0.9, "pace": 1}"""
    for name, value in body.items():
        match name:
            case "rate_limit":
                world.options.rate_limit = None if value is None else float(value)
            case "risk_averse" | "expanded_events":
                setattr(world.options, name, bool(value))
            case "acceptance" | "review_share":
                setattr(world.director, name, float(value))
            case "pace":
                world.options.pace = Pace().scaled(float(value))
            case _:
                raise Refused(f"'{name}' is not an option")
    return {"set": sorted(body)}


def scenario(world: World, body: Json) -> Json:
    """POST /scenario {"name": "bad line"}: a named set of faults."""
    name = str(body.get("name", ""))
    if name not in SCENARIOS:
        raise Refused(f"name is one of: {', '.join(SCENARIOS)}")
    SCENARIOS[name](world)
    return {"scenario": name}


def order(world: World, body: Json) -> Json:
    """POST /order {"lines": ["MUG-WHT x 3"]}: somebody at home buys; the order is accepted."""
    lines = body.get("lines")
    if not isinstance(lines, list) or not lines:
        raise Refused("lines are texts such as 'MUG-WHT x 3'")
    try:
        with world.at_once():
            made = web_order(world, [str(line) for line in lines])
    except KeyError as unknown:
        raise Refused(f"nobody sells {unknown}") from None
    except RuntimeError as trouble:
        raise Refused(f"no order was made: {trouble}") from None
    return {"order": made["id"]}


def state(world: World, _body: Json) -> Json:
    """POST /state {}: what is still to come: outcomes queued, seconds of outage left, faults."""
    until = world.director.outage_until
    left = 0.0 if until is None else until - world.core.read_clock().timestamp()
    return {
        "queued": [each.outcome for each in world.director.outcomes],
        "outage_s": round(max(0.0, left), 1),
        "faults": len(world.director.faults),
    }


def check(world: World, _body: Json) -> Json:
    """POST /check {}: every broken invariant in words."""
    return {"broken": world.check()}


COMMANDS: Mapping[str, Work] = {
    "/next": next_outcome,
    "/fault": fault,
    "/events": event_tricks,
    "/clear": clear,
    "/clock": clock,
    "/resolve": resolve,
    "/funds": funds,
    "/dispute": dispute,
    "/options": options,
    "/scenario": scenario,
    "/check": check,
    "/order": order,
    "/state": state,
}


def app(world: World, token: str) -> Starlette:
    """The control app of one world; every call carries `Authorization: Bearer <token>`."""

    def endpoint(work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            sent = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(sent.encode(), token.encode()):
                return JSONResponse({"error": "The control token is missing or wrong."}, 401)
            return await _answer(world, work, request)

        return answer

    return Starlette(
        routes=[Route(path, endpoint(work), methods=["POST"]) for path, work in COMMANDS.items()]
    )


async def _answer(world: World, work: Work, request: Request) -> Response:
    try:
        raw = await request.body()
        body: Any = await request.json() if raw else {}
        if not isinstance(body, dict):
            return JSONResponse({"error": "The body is a JSON object."}, 400)
        return Response(encode(work(world, body)), media_type="application/json")
    except (Refused, IllegalMove, TypeError, ValueError) as refused:
        return JSONResponse({"error": str(refused)}, 400)
    except Problem as refused:
        return Response(encode(refused.body), refused.status, media_type="application/json")
