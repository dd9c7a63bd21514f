"""Every filter of every list walks an index, and finds what a look at each document would."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.sandbox import (
    basket,
    customers,
    documents,
    events,
    fulfilments,
    paging,
    refunds,
    returns,
    sales,
    skus,
    tax_identifiers,
)
from posapp.sandbox.paging import Kind, Walk
from posapp.sandbox.queries import Condition
from posapp.sandbox.storage import Storage
from posapp.sandbox.tables import operations

LISTS = {
    "listCustomers": customers.KIND, "listSkus": skus.KIND, "listCheckouts": basket.KIND,
    "listTaxIdentifiers": tax_identifiers.KIND, "listOrders": sales.KIND,
    "listFulfillments": fulfilments.KIND, "listRefunds": refunds.KIND,
    "listReturns": returns.KIND, "listEvents": events.KIND, "listFileLinks": documents.LINK_KIND,
}  # fmt: skip
PAGING = {"limit", "startingAfter", "endingBefore"}
COLUMNS = {"ids": "id", "upstreamIds": "upstreamId", "types": "type", "expired": "expires"}
SHORT = {"listWebhooks", "listCountrySpecifications"}  # a handful, or no store at all


def filters() -> Iterator[tuple[Kind, str, str]]:
    """Kind, column and type of the parameter, of every filter that the contract has."""
    for operation in operations():
        if operation["id"] in LISTS:
            kind = LISTS[operation["id"]]
            for name, schema in operation["query"].items():
                if name not in PAGING:
                    yield kind, COLUMNS.get(name, name), str(schema.get("type"))


CASES = list(filters())


def test_every_list_is_looked_at() -> None:
    lists = {each["id"] for each in operations() if each["id"].startswith("list")}
    assert lists == LISTS.keys() | SHORT
    assert len(CASES) > 80


@pytest.mark.parametrize(
    ("kind", "name"), [case[:2] for case in CASES], ids=[f"{k.name}-{n}" for k, n, _ in CASES]
)
def test_every_filter_has_an_index(kind: Kind, name: str) -> None:
    assert name in ("id", paging.SEVERAL, *kind.indexed)


def _queries(name: str, type_: str) -> Iterator[tuple[list[Condition], dict[str, list[str]]]]:
    if type_ == "array":
        yield [], {name: ["a", "b"]}
    elif type_ == "object":
        for sign in ("=", "<", "<=", ">", ">="):
            yield [Condition(name, sign, 7)], {}
        yield [Condition(name, ">", 3), Condition(name, "<", 9)], {}
    else:
        yield [Condition(name, "=", "a")], {}
    if name == "type":
        yield [Condition(name, "GLOB", "order.*")], {}


@pytest.mark.parametrize("few", [True, False], ids=["few", "many"])
@pytest.mark.parametrize(
    ("kind", "name", "type_"), CASES, ids=[f"{kind.name}-{name}" for kind, name, _ in CASES]
)
def test_no_list_reads_a_whole_table(kind: Kind, name: str, type_: str, few: bool) -> None:
    storage = Storage(None, [kind])
    least = 3 if few else paging.FEW + 1
    for conditions, any_of in _queries(name, type_):
        anchors: list[dict[str, int]] = [{}, {"older_than": 5}, {"newer_than": 5}]
        for anchor in anchors:
            walk = paging.plan(kind, conditions, any_of, lambda _walk: least, **anchor)
            plan = storage.explain(Walk(walk.sql, [*walk.values, 11]))
            assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step]
            sorts = [step for step in plan if "TEMP B-TREE" in step]
            exact = len(conditions) == 1 and conditions[0].sign == "="
            if not few or exact:
                assert sorts == [], plan  # a walk through many never sorts them
            elif name != "createdTime":
                leads = [step for step in plan if step.startswith("SEARCH t USING")]
                assert leads
                assert all(f"_by_{name}" in step or name == "id" for step in leads), plan
    storage.close()


def test_the_filter_that_leaves_fewest_leads() -> None:
    kind = sales.KIND
    counts = {"state": 900, "currency": 20, "totalAmount": 300}

    def count(walk: Walk) -> int:
        name = next(name for name in counts if f'"{name}"' in walk.sql)
        return min(counts[name], int(walk.values[-1]))

    conditions = [
        Condition("state", "=", "accepted"), Condition("currency", "=", "JPY"),
        Condition("totalAmount", ">=", 5),
    ]  # fmt: skip
    walk = paging.plan(kind, conditions, {}, count)
    assert walk.sql.index('t."currency" = ?') < walk.sql.index('+t."state" = ?')
    assert '+t."totalAmount" >= ?' in walk.sql


# -- the same as looking at each ----------------------------------------------------------------

KIND = Kind(
    "thing",
    {"createdTime": "INTEGER", "updatedTime": "INTEGER", "state": "TEXT", "type": "TEXT",
     "amount": "INTEGER", "hidden": "INTEGER", "skuId": "TEXT"},
    ("createdTime", "updatedTime", "state", "type", "amount"),
)  # fmt: skip
SIGNS = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
WORDS = st.sampled_from(["a", "b", "order.a", "order.b", "refund.x"])
SMALL = st.integers(0, 6)

things = st.lists(
    st.fixed_dictionaries(
        {
            "age": SMALL, "state": WORDS | st.none(), "type": WORDS, "amount": SMALL | st.none(),
            "hidden": SMALL, "skuId": st.lists(st.sampled_from(["x", "y"]), unique=True),
        }
    ),
    max_size=12,
)  # fmt: skip
ranges = st.builds(
    Condition,
    st.sampled_from(["createdTime", "updatedTime", "amount", "hidden"]),
    st.sampled_from(list(SIGNS)),
    SMALL,
)
exacts = st.builds(Condition, st.sampled_from(["state", "type"]), st.just("="), WORDS)
globs = st.builds(
    Condition, st.just("type"), st.just("GLOB"), st.sampled_from(["order.*", "*", "*.a", "re*"])
)
goods = st.builds(Condition, st.just("skuId"), st.just("="), st.sampled_from(["x", "y"]))
wanted = st.lists(ranges | exacts | globs, max_size=3)


def _holds(row: dict[str, Any], condition: Condition) -> bool:
    value = row[condition.name]
    if condition.name == paging.SEVERAL:
        return condition.value in value
    if condition.sign == "GLOB":
        return fnmatchcase(value, condition.value)
    return value is not None and bool(SIGNS[condition.sign](value, condition.value))


@given(
    rows=things,
    conditions=wanted,
    skus=st.lists(goods, max_size=1),
    states=st.none() | st.lists(WORDS, min_size=1, max_size=2, unique=True),
    few=st.sampled_from([0, 1, 4_000]),
    size=st.integers(1, 4),
)
def test_a_list_finds_what_a_look_at_each_would(
    rows: list[dict[str, Any]],
    conditions: list[Condition],
    skus: list[Condition],
    states: list[str] | None,
    few: int,
    size: int,
) -> None:
    storage = Storage(None, [KIND])
    asked = [*conditions, *skus]
    any_of = {"state": states} if states else {}
    for number, row in enumerate(rows):
        row["createdTime"] = number // 2  # times may be equal, they never run backwards
        row["updatedTime"] = row["createdTime"] + row["age"]
        storage.put("thing", str(number), b"%d" % number, b"", row)
    matching = [
        b"%d" % number
        for number, row in enumerate(rows)
        if all(_holds(row, each) for each in asked) and (not states or row["state"] in states)
    ][::-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "FEW", few)
        found, bounds = list[bytes](), dict[str, int]()
        more = True
        while more:
            page, more = storage.page("thing", asked, any_of, size, **bounds)
            found += page
            bounds = {"older_than": storage.seq_of("thing", page[-1].decode()) or 0} if page else {}
        assert found == matching
        if matching:
            back = {"newer_than": storage.seq_of("thing", matching[-1].decode()) or 0}
            page, more = storage.page("thing", asked, any_of, size, **back)
            newer = matching[:-1]
            assert page == newer[-size:]
            assert more is (len(newer) > size)
    storage.close()


def test_a_changed_document_is_found_by_what_it_is_now() -> None:
    storage = Storage(None, [KIND])
    first = {"createdTime": 1, "updatedTime": 1, "state": "a", "type": "b", "amount": 5}
    storage.put("thing", "1", b"one", b"", first)
    storage.put("thing", "1", b"two", b"", first | {"state": "b", "amount": None})
    assert storage.page("thing", [Condition("state", "=", "a")], {}, 5) == ([], False)
    assert storage.page("thing", [Condition("state", "=", "b")], {}, 5) == ([b"two"], False)
    assert storage.page("thing", [Condition("amount", ">=", 0)], {}, 5) == ([], False)
    storage.close()


# -- what stays in memory -------------------------------------------------------------------------


class Undone(Exception):
    """Ends a transaction that must leave nothing behind."""


def _fill(storage: Storage, count: int) -> None:
    for number in range(count):
        row = {"createdTime": number, "updatedTime": number, "state": "a", "type": "b"}
        storage.put("thing", str(number), b"%04d" % number, b"", row)


def test_a_list_read_in_an_undone_step_leaves_nothing_behind() -> None:
    storage = Storage(None, [KIND])
    _fill(storage, 3)
    before = storage.page("thing", [], {}, 5)
    row = {"createdTime": 2, "updatedTime": 9, "state": "z", "type": "b"}
    with pytest.raises(Undone), storage.transaction():
        storage.put("thing", "2", b"changed", b"", row)
        assert storage.page("thing", [], {}, 5)[0][0] == b"changed"
        raise Undone
    assert storage.page("thing", [], {}, 5) == before
    storage.close()


def test_a_deleted_document_is_not_remembered() -> None:
    storage = Storage(None, [KIND])
    _fill(storage, 3)
    storage.page("thing", [], {}, 5)
    storage.delete("thing", "2")
    _fill(storage, 3)  # the last number is given out again
    assert storage.page("thing", [], {}, 5)[0] == [b"0002", b"0001", b"0000"]
    storage.drop_older("thing", 2)
    assert storage.page("thing", [], {}, 5) == ([b"0002"], False)
    storage.close()


def test_lists_keep_only_so_much_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posapp.sandbox.storage.KEPT_BYTES", 40)
    storage = Storage(None, [KIND])
    _fill(storage, 100)
    seen = set()
    for start in range(10, 100, 7):
        page, _ = storage.page("thing", [Condition("createdTime", "<", start)], {}, 5)
        assert page == [b"%04d" % number for number in range(start - 1, start - 6, -1)]
        seen |= set(page)
        assert storage.kept_bytes <= 40 + 5 * 4
    assert len(seen) > 50
    storage.close()


def test_a_word_and_a_list_of_words_on_one_column_both_count() -> None:
    storage = Storage(None, [KIND])
    _fill(storage, 3)
    alone, other = [Condition("state", "=", "a")], {"state": ["b"]}
    assert storage.page("thing", alone, other, 5) == ([], False)
    assert len(storage.page("thing", alone, {"state": ["a", "b"]}, 5)[0]) == 3
    storage.close()
