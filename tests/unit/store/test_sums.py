"""Whatever comes in whatever order: ordered = fulfilled + cancelled + waiting + open (design 8)."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.fulfilment import (
    Fulfilment,
    FulfilmentId,
    FulfilmentItem,
    FulfilmentRequest,
    standing,
)
from posapp.domain.intent import IntentId, IntentKind, IntentState
from posapp.domain.order import LineId, OrderId, OrderState
from posapp.store import schema
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_line, an_intent, an_order
from tests.helpers.postgres import PostgresServer
from tests.unit.store.conftest import build, database_at

ORDER = OrderId("231388420336")
ORDERED = {"l-1": 4, "l-2": 1, "l-3": 7}
_TOLD = an_order(lines=tuple(a_line(line, quantity) for line, quantity in ORDERED.items()))


@dataclass(frozen=True)
class Decided:
    """A decision about units of one line, and what became of it."""

    line: str
    shipped: int
    dropped: int
    end: IntentState


@st.composite
def decisions(draw: st.DrawFn) -> list[Decided]:
    """Decisions that never ask for more than a line has left: the use case's check sees to that."""
    left = dict(ORDERED)
    made = []
    for _ in range(draw(st.integers(0, 6))):
        line = draw(st.sampled_from(sorted(left)))
        shipped = draw(st.integers(0, left[line]))
        dropped = draw(st.integers(0, left[line] - shipped))
        end = draw(
            st.sampled_from(
                [IntentState.WRITTEN, IntentState.UNKNOWN, IntentState.DONE, IntentState.REFUSED]
            )
        )
        if shipped + dropped:
            left[line] -= shipped + dropped
            made.append(Decided(line, shipped, dropped, end))
    return made


def steps_of(number: int, decided: Decided) -> list[Callable[[Tx], None]]:
    """The saves that one decision brings about, in their own order."""
    key = f"req-{number}"
    item = FulfilmentItem(LineId(decided.line), decided.shipped, decided.dropped)
    request = FulfilmentRequest(key, ORDER, (item,))
    intent = an_intent(
        IntentKind.FULFILMENT,
        id=IntentId(f"i-{number}"),
        key=key,
        order_id=ORDER,
        resource=f"order:{number}",
        sale_id="",
    )
    saves: list[Callable[[Tx], None]] = [lambda tx: tx.outbox.add(request, intent)]
    if decided.end is IntentState.DONE:
        told = Fulfilment(FulfilmentId(f"f-{number}"), ORDER, (item,), NOON, request=key)

        def confirmed(tx: Tx) -> None:
            tx.outbox.set_intent(replace(intent, state=IntentState.DONE))
            tx.fulfilments.save(told)

        saves += [confirmed, lambda tx: tx.fulfilments.save(told)]
    elif decided.end is not IntentState.WRITTEN:
        saves.append(lambda tx: tx.outbox.set_intent(replace(intent, state=decided.end)))
    return saves


def check_sums(tx: Tx, decided: list[Decided]) -> None:
    order = tx.orders.get(ORDER)
    row = tx.orders.row(ORDER)
    assert order is not None and row is not None
    lines = standing(order, tx.fulfilments.for_order(ORDER), tx.outbox.waiting(ORDER))
    for line in lines:
        assert line.ordered == line.fulfilled + line.cancelled + line.waiting + line.open
        assert min(line.fulfilled, line.cancelled, line.waiting, line.open) >= 0
    assert row.units == sum(ORDERED.values())
    assert row.open_units == sum(line.open for line in lines)
    assert row.sending == sum(line.waiting for line in lines)
    units = {state: 0 for state in IntentState}
    for each in decided:
        units[each.end] += each.shipped + each.dropped
    waiting = units[IntentState.WRITTEN] + units[IntentState.UNKNOWN]
    assert row.sending == waiting
    assert row.open_units == row.units - waiting - units[IntentState.DONE]


async def run(where: Path | str, decided: list[Decided], data: st.DataObject) -> None:
    """Make the saves in a shuffled order that keeps each decision's own, in shuffled pieces."""
    queues = [steps_of(number, each) for number, each in enumerate(decided)]
    queues.append([lambda tx: tx.orders.save(_TOLD, NOON)] * 2)
    turns = data.draw(
        st.permutations([at for at, queue in enumerate(queues) for _ in queue]), label="order"
    )
    saves = [queues[at].pop(0) for at in turns]
    database = database_at(where)
    await database.with_connection(schema.prepare)
    while saves:
        size = data.draw(st.integers(1, len(saves)), label="saves in one piece of work")
        piece = list(itertools.islice(saves, size))
        del saves[:size]

        def work(tx: Tx, piece: list[Callable[[Tx], None]] = piece) -> None:
            for save in piece:
                save(tx)

        await database.write(work)
    await database.read(lambda tx: check_sums(tx, decided))
    await database.close()


@settings(max_examples=60, deadline=None)
@given(decided=decisions(), data=st.data())
def test_the_sum_holds_after_any_order_of_saves(
    decided: list[Decided], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "store.sqlite3", decided, data))
    assert sum(ORDERED.values()) >= sum(each.shipped + each.dropped for each in decided)


@pytest.mark.parametrize("seed", range(3))
def test_the_sum_holds_on_postgresql_too(postgres_server: PostgresServer, seed: int) -> None:
    checked = []

    @settings(max_examples=5, deadline=None, database=None, derandomize=True)
    @given(decided=decisions(), data=st.data())
    def example(decided: list[Decided], data: st.DataObject) -> None:
        with postgres_server.fresh(postgres_server.template("posapp_store", build)) as url:
            asyncio.run(run(url, decided, data))
        checked.append(seed)

    example()
    assert len(checked) >= 5


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.BLOCKED])
def test_nothing_is_open_on_an_order_the_service_ended(tmp_path: Path, state: OrderState) -> None:
    async def ended() -> int:
        database = database_at(tmp_path / "store.sqlite3")
        await database.with_connection(schema.prepare)
        await database.write(lambda tx: tx.orders.save(replace(_TOLD, state=state), NOON))
        row = await database.read(lambda tx: tx.orders.row(ORDER))
        await database.close()
        assert row is not None
        return row.open_units

    assert asyncio.run(ended()) == 0
