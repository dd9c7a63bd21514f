"""Reads list parameters: paging, exact matches, ranges (contract section 2). Never touches data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from posapp.sandbox.shapes import MOST
from posapp.sandbox.wire import invalid, micros, problem, read_time

SCALE = 10_000  # amounts are compared as whole ten-thousandths of the major unit
PAGE = 10
MOST_IN_PAGE = 100
MOST_IN_LIST = 500  # values of one parameter
SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass(frozen=True, slots=True)
class Condition:
    """`name sign value`, value as the store keeps it; `name` is the contract's."""

    name: str
    sign: str
    value: Any


@dataclass(frozen=True, slots=True)
class Query:
    """What one list call asks for."""

    conditions: tuple[Condition, ...] = ()
    limit: int = PAGE
    starting_after: str | None = None
    ending_before: str | None = None
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)


Reader = Callable[[Sequence[tuple[str, str]]], Query]


def compile_query(schemas: Mapping[str, Mapping[str, Any]]) -> Reader:
    """The reader of one operation's query; raises Problem 400 on anything else."""
    kinds = {name: _kind(schema) for name, schema in schemas.items()}

    @lru_cache(maxsize=256)  # who polls asks the same again
    def read(pairs: tuple[tuple[str, str], ...]) -> Query:
        draft: dict[str, Any] = {}
        conditions: list[Condition] = []
        lists: dict[str, list[str]] = {}
        flags: dict[str, bool] = {}
        for raw, text in pairs:
            name, _, rest = raw.partition("[")
            kind = kinds.get(name) or kinds.get(raw)
            if kind is None:
                raise problem(400, "unknown_parameter", "Not a known parameter.", raw[:80])
            if kind == "list" and rest in ("", "]"):
                lists.setdefault(name, []).extend(text.split(","))
            elif kind in ("time", "amount"):
                conditions.append(_ranged(name, kind, rest, text, raw))
            elif rest:
                raise problem(400, "unknown_parameter", "Not a known parameter.", raw[:80])
            elif kind == "flag":
                flags[name] = _flag(name, text)
            elif name in ("limit", "startingAfter", "endingBefore"):
                draft[name] = text
            else:
                conditions.append(Condition(name, "=", _exact(name, text, schemas[name])))
        for name, values in lists.items():
            most = schemas[name].get("maxItems", MOST_IN_LIST)
            if len(values) > most:
                raise invalid(name, f"At most {most} values.")
        return Query(
            tuple(conditions),
            _limit(draft.get("limit")),
            draft.get("startingAfter"),
            draft.get("endingBefore"),
            {name: tuple(filter(None, values)) for name, values in lists.items()},
            flags,
        )

    return lambda pairs: read(tuple(pairs))


def _kind(schema: Mapping[str, Any]) -> str:
    if schema.get("type") == "object":
        return "time" if schema["properties"]["gt"]["type"] == "string" else "amount"
    return {"array": "list", "boolean": "flag"}.get(str(schema.get("type")), "exact")


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE
    if not (text.isascii() and text.isdigit() and len(text) <= len("100")):
        raise invalid("limit", "A whole number from 1 to 100.")
    if not 1 <= int(text) <= MOST_IN_PAGE:
        raise invalid("limit", "A whole number from 1 to 100.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise invalid(name, "true or false.")
    return text == "true"


def _exact(name: str, text: str, schema: Mapping[str, Any]) -> str:
    if "enum" in schema and text not in schema["enum"]:
        raise invalid(name, "Not one of the known values.")
    return text


def _ranged(name: str, kind: str, rest: str, text: str, raw: str) -> Condition:
    sign = "="
    if rest:
        if not rest.endswith("]") or rest[:-1] not in SIGNS:
            raise problem(400, "unknown_parameter", "Not a known parameter.", raw[:80])
        sign = SIGNS[rest[:-1]]
    return Condition(name, sign, _time(name, text) if kind == "time" else amount(name, text))


def _time(name: str, text: str) -> int:
    # a "+" of an offset arrives as a blank when the caller forgot to escape it
    at = read_time(text.replace(" ", "+"))
    if at is None:
        raise invalid(name, "A UTC time such as 2024-03-23T17:40:00Z.")
    return micros(at)


def amount(name: str, text: str) -> int:
    """A decimal text as the store keeps amounts; raises Problem 400."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise invalid(name, "A decimal number.") from None
    if not number.is_finite() or abs(number) >= MOST:
        raise invalid(name, "A decimal number.")
    return int(number * SCALE)
