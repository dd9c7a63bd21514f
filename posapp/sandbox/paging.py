"""Chooses how a list walks its table: by which index, and whether it sorts. Reads no row.

A page is newest first. Where one filter leaves few documents, those are fetched by its index and
sorted; else the walk goes back in time, through the index of an exact filter when there is one, and
meets a page's worth soon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from posapp.sandbox.queries import Condition

FEW = 4_000  # documents that are sorted rather than walked to
MOST_READY = 512  # walks whose text is kept
SEVERAL = "skuId"  # the one filter that a document answers with several values
_FIRST = "createdTime"
_EXACT = "="
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Kind:
    """One table: filter columns in order, which of them carry an index, which are times after
    the creation, and which every index takes along because every list looks at them."""

    name: str
    columns: Mapping[str, str]  # contract name of the filter -> SQL type
    indexed: tuple[str, ...] = ()
    later: tuple[str, ...] = ("updatedTime",)
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """All that is asked of one indexed column."""

    name: str
    clauses: tuple[str, ...]
    values: tuple[Any, ...]
    exact: bool
    listed: bool = False  # one of several values, not a condition


@dataclass(frozen=True, slots=True)
class Walk:
    """One page as SQL, without its bodies: the numbers of its documents, in order."""

    sql: str
    values: list[Any]


def column(name: str) -> str:
    """The column of a filter, quoted."""
    return '"' + name.replace(".", "_") + '"'


def probe(kind: Kind, lead: Lead, most: int) -> Walk:
    """Counts what a lead leaves, up to `most`."""
    table = f'"{kind.name}_{SEVERAL}" AS s' if lead.name == SEVERAL else f'"{kind.name}" AS t'
    where = " AND ".join(lead.clauses)
    return Walk(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where} LIMIT ?)", [*lead.values, most]
    )


def leads(
    kind: Kind, conditions: Sequence[Condition], any_of: Mapping[str, Sequence[str]]
) -> list[Lead]:
    """What could lead to the documents: exact filters first."""
    found = []
    names = dict.fromkeys(each.name for each in conditions)
    for name in names:
        if name == _FIRST or name not in (*kind.indexed, SEVERAL):
            continue
        own = [each for each in conditions if each.name == name]
        clauses = [clause for each in own for clause in _clauses(each)]
        exact = any(each.sign == _EXACT for each in own)
        if clauses:
            texts, values = zip(*clauses, strict=True)
            found.append(Lead(name, texts, values, exact))
    for name, wanted in any_of.items():
        marks = ", ".join("?" * len(wanted))
        found.append(Lead(name, (f"t.{column(name)} IN ({marks})",), tuple(wanted), False, True))
    return sorted(found, key=lambda lead: not lead.exact)


def _clauses(condition: Condition) -> Iterator[tuple[str, Any]]:
    """The clauses an index serves, each with its value."""
    if condition.name == SEVERAL:
        yield "s.value=?", condition.value
    elif condition.sign != "GLOB":
        yield f"t.{column(condition.name)} {condition.sign} ?", condition.value
    elif prefix := _WILD.split(condition.value)[0]:
        # no type has a letter beyond "~", so this is all that begins with the prefix
        yield f"t.{column(condition.name)} >= ?", prefix
        yield f"t.{column(condition.name)} < ?", prefix + "~"


def plan(
    kind: Kind,
    conditions: Sequence[Condition],
    any_of: Mapping[str, Sequence[str]],
    count: Callable[[Walk], int],
    *,
    older_than: int | None = None,
    newer_than: int | None = None,
) -> Walk:
    """The walk of one page, its limit still open; `count` runs a probe.

    A walk that needs no probe has the same text whatever is looked for: it is made once.
    """
    bounds = {"older_than": older_than, "newer_than": newer_than}
    if any_of or any(each.sign == "GLOB" for each in conditions):
        return _plan(kind, conditions, any_of, count, **bounds)
    shape = (kind.name, older_than is None, newer_than is None,
             *[(each.name, each.sign) for each in conditions])  # fmt: skip
    ready = _READY.get(shape)
    if ready is None:
        ready = _prepare(kind, conditions, **bounds)
        if len(_READY) >= MOST_READY:
            _READY.clear()
        _READY[shape] = ready
    if not ready.sql:
        return _plan(kind, conditions, any_of, count, **bounds)
    given = [each.value for each in conditions]
    given.append(older_than if newer_than is None else newer_than)
    return Walk(ready.sql, [given[place] for place in ready.values])


_READY: dict[tuple[Any, ...], Walk] = {}


def _prepare(
    kind: Kind, conditions: Sequence[Condition], *, older_than: int | None, newer_than: int | None
) -> Walk:
    """A walk whose values are places in what is asked; no text when it needs a probe."""
    places = [Condition(each.name, each.sign, at) for at, each in enumerate(conditions)]
    found = leads(kind, places, {})
    if len(found) > 1 or (found and not found[0].exact):
        return Walk("", [])
    last = len(places)
    return _plan(
        kind, places, {}, lambda _probe: 0,
        older_than=None if older_than is None else last,
        newer_than=None if newer_than is None else last,
    )  # fmt: skip


def _plan(
    kind: Kind,
    conditions: Sequence[Condition],
    any_of: Mapping[str, Sequence[str]],
    count: Callable[[Walk], int],
    *,
    older_than: int | None,
    newer_than: int | None,
) -> Walk:
    lead, is_few = _choose(kind, leads(kind, conditions, any_of), count)
    where, values = _filters(kind, conditions, any_of, lead)
    if lead is None or not is_few:
        for each in conditions:  # what was accepted before a day was created before it
            if each.name in kind.later and each.sign in ("<", "<="):
                where.append(f"t.{column(_FIRST)} {each.sign} ?")
                values.append(each.value)
    # "+" takes a column out of the choice of an index
    mute = "+" if is_few else ""
    for sign, anchor in (("<", older_than), (">", newer_than)):
        if anchor is not None:
            # creation times never run backwards, so both orders are one; the time bounds the
            # walk of an index, the number settles ties
            where.append(f"{mute}t.seq {sign} ? AND {mute}t.{column(_FIRST)} {sign}= "
                         f'(SELECT {column(_FIRST)} FROM "{kind.name}" WHERE seq=?)')  # fmt: skip
            values += [anchor, anchor]
    way = "ASC" if newer_than is not None else "DESC"
    table, order = f'"{kind.name}" AS t', f"{mute}t.{column(_FIRST)} {way}, {mute}t.seq {way}"
    if lead is not None and lead.name == SEVERAL:
        table = f'"{kind.name}_{SEVERAL}" AS s CROSS JOIN {table} ON t.seq=s.seq'
        order = f"s.seq {way}"
    clause = f"WHERE {' AND '.join(where)}" if where else ""
    return Walk(f"SELECT t.seq AS seq FROM {table} {clause} ORDER BY {order} LIMIT ?", values)


def _choose(
    kind: Kind, found: list[Lead], count: Callable[[Walk], int]
) -> tuple[Lead | None, bool]:
    """The lead to follow, None for time itself; and whether it leaves few documents."""
    if len(found) == 1 and found[0].exact:
        return found[0], False
    best, least = None, FEW + 1
    for lead in found:
        number = count(probe(kind, lead, least))
        if number < least:
            best, least = lead, number
    if best is not None:
        return best, True
    return (found[0], False) if found and found[0].exact else (None, False)


def _filters(
    kind: Kind,
    conditions: Sequence[Condition],
    any_of: Mapping[str, Sequence[str]],
    lead: Lead | None,
) -> tuple[list[str], list[Any]]:
    """Every filter as a clause; only the lead's may choose an index, and time beside it."""
    where, values = list[str](), list[Any]()
    if lead is not None:
        where += lead.clauses
        values += lead.values
    for each in conditions:
        if each.sign != "GLOB" and _is_of(lead, each.name, listed=False):
            continue
        if each.name == SEVERAL:
            where.append(f'EXISTS (SELECT 1 FROM "{kind.name}_{SEVERAL}" AS s '
                         "WHERE s.value=? AND s.seq=t.seq)")  # fmt: skip
        else:
            mute = "" if each.name == _FIRST else "+"
            where.append(f"{mute}t.{column(each.name)} {each.sign} ?")
        values.append(each.value)
    for name, wanted in any_of.items():
        if not _is_of(lead, name, listed=True):
            where.append(f"+t.{column(name)} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    return where, values


def _is_of(lead: Lead | None, name: str, *, listed: bool) -> bool:
    return lead is not None and lead.name == name and lead.listed is listed
