"""Lists longer than memory:
pages come as one scrolls, rows at the other end go, news comes in where it belongs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from posapp.ui.kit.paging import PageAsk, PagedRowsModel
from posapp.ui.kit.table import Column
from posapp.ui.kit.table_view import TableView
from tests.helpers.running import real_runner
from tests.helpers.waiting import shown, until


@dataclass(frozen=True, slots=True)
class Order:
    number: int
    state: str = "ready"


COLUMNS: tuple[Column[Order], ...] = (
    Column("Order", lambda o: str(o.number)),
    Column("State", lambda o: o.state),
)
PAGE, WINDOW = 20, 60


class Shelf:
    """A long list somewhere else, newest first."""

    def __init__(self, count: int) -> None:
        self.orders = [Order(number) for number in range(count, 0, -1)]
        self.asked: list[PageAsk[Order]] = []

    async def page(self, ask: PageAsk[Order]) -> Sequence[Order]:
        self.asked.append(ask)
        await asyncio.sleep(0)
        if ask.after is not None:
            below = [o for o in self.orders if o.number < ask.after.number]
            return below[: ask.limit]
        if ask.before is not None:
            above = [o for o in self.orders if o.number > ask.before.number]
            return above[-ask.limit :]
        return self.orders[: ask.limit]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(500)


@pytest.fixture
def model(shelf: Shelf, loop: asyncio.AbstractEventLoop) -> PagedRowsModel[Order]:
    run, _errors = real_runner(loop)
    return PagedRowsModel(
        COLUMNS,
        key=lambda o: o.number,
        run=run,
        load=shelf.page,
        order=lambda o: o.number,
        belongs=lambda o: o.state != "gone",
        page=PAGE,
        window=WINDOW,
    )


async def loaded(model: PagedRowsModel[Order]) -> None:
    await until(lambda: not model.is_loading, what="the page")


def numbers(model: PagedRowsModel[Order]) -> list[int]:
    return [order.number for order in model.rows]


async def test_the_window_never_grows_however_far_one_scrolls(
    model: PagedRowsModel[Order],
) -> None:
    watch = QAbstractItemModelTester(model)
    model.reload()
    await loaded(model)
    assert numbers(model)[:PAGE] == list(range(500, 480, -1))
    for _ in range(30):
        if model.canFetchMore(QModelIndex()):
            model.fetchMore()
            await loaded(model)
        assert model.rowCount() <= WINDOW
    assert numbers(model) == list(range(WINDOW, 0, -1))
    assert not model.canFetchMore(QModelIndex())
    assert not model.is_at_top
    assert watch.model() is model


async def test_scrolling_back_up_brings_the_rows_back(model: PagedRowsModel[Order]) -> None:
    model.reload()
    await loaded(model)
    for _ in range(6):
        model.fetchMore()
        await loaded(model)
    for _ in range(10):
        model.fetch_above()
        await loaded(model)
    assert numbers(model) == list(range(500, 500 - WINDOW, -1))
    model.fetch_above()
    await loaded(model)
    assert model.is_at_top


async def test_a_new_order_comes_in_at_the_top_and_one_that_left_goes(
    model: PagedRowsModel[Order],
) -> None:
    model.reload()
    await loaded(model)
    model.upsert([Order(501), Order(499, "gone"), Order(498, "waiting")])
    assert numbers(model)[:3] == [501, 500, 498]
    assert model.row(2).state == "waiting"


async def test_news_outside_the_window_waits_for_its_page(model: PagedRowsModel[Order]) -> None:
    model.reload()
    await loaded(model)
    model.upsert([Order(100, "waiting")])
    assert 100 not in numbers(model)
    for _ in range(6):
        model.fetchMore()
        await loaded(model)
    model.upsert([Order(501)])
    assert 501 not in numbers(model)


async def test_a_row_whose_order_changes_moves(
    shelf: Shelf, loop: asyncio.AbstractEventLoop
) -> None:
    run, _errors = real_runner(loop)
    model = PagedRowsModel(
        COLUMNS,
        key=lambda o: o.number,
        run=run,
        load=shelf.page,
        order=lambda o: (o.state == "urgent", o.number),
        page=PAGE,
    )
    model.reload()
    await loaded(model)
    model.upsert([replace(model.row(5), state="urgent")])
    assert numbers(model)[:2] == [495, 500]


async def test_a_reload_keeps_the_rows_that_stay(model: PagedRowsModel[Order]) -> None:
    model.reload()
    await loaded(model)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.reload()
    await loaded(model)
    assert resets == []
    assert numbers(model) == list(range(500, 480, -1))


async def test_the_view_asks_for_the_next_page_before_one_gets_there(
    model: PagedRowsModel[Order], qtbot: QtBot
) -> None:
    view = TableView(model, name="orders_table")
    qtbot.addWidget(view)
    view.resize(400, 300)
    model.reload()
    await loaded(model)
    await shown(view)
    view.scrollToBottom()
    await until(lambda: model.rowCount() > PAGE)
    for _ in range(60):
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        await loaded(model)
    assert numbers(model)[-1] == 1
    for _ in range(60):
        view.verticalScrollBar().setValue(0)
        await loaded(model)
    assert numbers(model)[0] == 500


async def test_a_page_that_fails_is_reported_and_can_be_asked_for_again(
    loop: asyncio.AbstractEventLoop,
) -> None:
    run, errors = real_runner(loop)
    shelf = Shelf(30)

    async def broken(_ask: PageAsk[Order]) -> Sequence[Order]:
        raise ConnectionError

    model = PagedRowsModel(
        COLUMNS, key=lambda o: o.number, run=run, load=broken, order=lambda o: o.number
    )
    model.reload()
    await loaded(model)
    assert [type(error) for error in errors] == [ConnectionError]
    model.reload(shelf.page)
    await loaded(model)
    assert model.rowCount() == 30


async def test_an_empty_list_is_complete(loop: asyncio.AbstractEventLoop) -> None:
    run, _errors = real_runner(loop)
    shelf = Shelf(0)
    model = PagedRowsModel(
        COLUMNS, key=lambda o: o.number, run=run, load=shelf.page, order=lambda o: o.number
    )
    told: list[int] = []
    model.loaded.connect(lambda: told.append(1))
    model.reload()
    await loaded(model)
    assert told == [1]
    assert model.is_complete
