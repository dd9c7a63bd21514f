"""The event list: filters, wildcards, 30 days (contract sections 13 and 14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from posapp.sandbox.core import EVENT_DAYS, Call, Core, reply
from posapp.sandbox.paging import Kind
from posapp.sandbox.queries import Condition
from posapp.sandbox.wire import Json, Response, invalid, micros, not_found

KIND = Kind(
    "event",
    {"createdTime": "INTEGER", "type": "TEXT", "visible": "INTEGER", "orderId": "TEXT"},
    ("createdTime", "orderId", "type"),
    beside=("visible",),
)
MOST_TYPES = 20
PRUNE = "events.prune"


def list_(core: Core, call: Call) -> Response:
    """GET /events"""
    query = call.query
    conditions = [each for each in query.conditions if each.name != "type"]
    wanted = [each.value for each in query.conditions if each.name == "type"]
    lists = dict(query.lists)
    types = lists.pop("types", ())
    if wanted and types:
        raise invalid("types", "Give either type or types.")
    if len(types) > MOST_TYPES:
        raise invalid("types", f"At most {MOST_TYPES} names.")
    for name in wanted[:1]:
        if "*" in name:
            conditions.append(Condition("type", "GLOB", _pattern(name)))
        else:
            conditions.append(Condition("type", "=", name))
    plain = [name for name in types if "*" not in name]
    if len(plain) != len(types):
        raise invalid("types", "No wildcard in a list of names.")
    if plain:
        lists["type"] = tuple(plain)
    reach = micros(core.now - timedelta(days=EVENT_DAYS))
    conditions.append(Condition("visible", "<=", micros(core.now)))
    conditions.append(Condition("createdTime", ">=", reach))
    call.query = replace(query, conditions=tuple(conditions), lists=lists)
    pieces, more = core.page("event", call.query, {})
    return core.paged(core.director.shuffled(pieces), more=more)


def _pattern(name: str) -> str:
    return name.replace("[", "[[]").replace("?", "[?]")


def get(core: Core, call: Call) -> Response:
    """GET /events/{id}"""
    row = core.row("event", call.id)
    if not is_kept(core, row.id):
        raise not_found()
    return reply(200, row.wire)


def prune(core: Core, ref: str, _args: Json) -> None:
    """Once a day, what nobody can read any more leaves the disk."""
    core.storage.drop_older("event", micros(core.now - timedelta(days=EVENT_DAYS)))
    core.after(86400, PRUNE, ref)


def is_kept(core: Core, id_: str) -> bool:
    """Whether an event is young enough to be read."""
    kept = core.storage.page(
        "event",
        [Condition("createdTime", ">=", micros(core.now - timedelta(days=EVENT_DAYS)))],
        {"id": [id_]},
        1,
    )[0]
    return bool(kept)


def matches(wanted: str, kind: str) -> bool:
    """Whether a subscription word (a name, or a prefix with a star) means this type."""
    if wanted.endswith("*"):
        return kind.startswith(wanted[:-1])
    return wanted == kind
