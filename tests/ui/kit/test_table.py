"""Tables: a refresh tells the view only what differs, so that selection and scroll survive it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.ui.kit.filter import FilterProxy
from posapp.ui.kit.table import (
    Align,
    CellKind,
    Column,
    IconRole,
    RowRole,
    RowsModel,
    SortRole,
    ToneRole,
    runs,
)
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.theme import Tone


@dataclass(frozen=True, slots=True)
class Parcel:
    number: str
    state: str
    cents: int


COLUMNS: tuple[Column[Parcel], ...] = (
    Column("Order", lambda p: p.number, width=14),
    Column(
        "State",
        lambda p: p.state,
        tone=lambda p: Tone.READY if p.state == "ready" else Tone.WAIT,
        icon=lambda p: "release" if p.state == "ready" else "waiting",
        tip=lambda p: f"order {p.number} is {p.state}",
        kind=CellKind.STATUS,
    ),
    Column(
        "Total",
        lambda p: f"{p.cents / 100:.2f}",
        sort=lambda p: p.cents,
        align=Align.END,
        kind=CellKind.MONEY,
    ),
)


def parcels(*numbers: str) -> list[Parcel]:
    return [Parcel(number, "waiting", 1000 + 7 * at) for at, number in enumerate(numbers)]


def a_model(*numbers: str) -> RowsModel[Parcel]:
    model = RowsModel(COLUMNS, key=lambda p: p.number)
    model.set_rows(parcels(*numbers))
    return model


class Told:
    """What the model told its views."""

    def __init__(self, model: RowsModel[Parcel]) -> None:
        self.said: list[tuple[str, int, int]] = []
        model.dataChanged.connect(lambda a, b: self.said.append(("changed", a.row(), b.row())))
        model.rowsInserted.connect(lambda _p, a, b: self.said.append(("in", a, b)))
        model.rowsRemoved.connect(lambda _p, a, b: self.said.append(("out", a, b)))
        model.layoutChanged.connect(lambda: self.said.append(("order", 0, 0)))
        model.modelReset.connect(lambda: self.said.append(("reset", 0, 0)))


def test_qt_finds_nothing_wrong_with_the_model(qtmodeltester: ModelTester) -> None:
    model = a_model("1", "2", "3")
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    watch = QAbstractItemModelTester(model)
    model.set_rows(parcels("3", "9", "1"))
    model.upsert([Parcel("1", "ready", 5), Parcel("12", "ready", 5)])
    model.remove(["9", "nowhere"])
    assert [row.number for row in model.rows] == ["3", "1", "12"]
    assert watch.model() is model


def test_a_refresh_with_the_same_rows_says_nothing() -> None:
    model = a_model("1", "2", "3")
    told = Told(model)
    model.set_rows(parcels("1", "2", "3"))
    model.upsert(parcels("1", "2"))
    assert told.said == []


def test_only_rows_that_differ_are_repainted() -> None:
    model = a_model("1", "2", "3", "4")
    told = Told(model)
    changed = [replace(row, state="ready") for row in model.rows if row.number in {"2", "3"}]
    model.upsert(changed)
    assert told.said == [("changed", 1, 2)]
    assert model.data(model.index(1, 1), ToneRole) is Tone.READY


def test_new_rows_come_in_where_they_stand_and_old_ones_go() -> None:
    model = a_model("1", "2", "5")
    told = Told(model)
    model.set_rows([*parcels("1"), *model.rows[1:2], *parcels("3", "4")])
    assert [row.number for row in model.rows] == ["1", "2", "3", "4"]
    assert told.said == [("out", 2, 2), ("in", 2, 3)]


def test_the_selection_stays_on_its_row_when_the_order_changes() -> None:
    model = a_model("1", "2", "3")
    held = QPersistentModelIndex(model.index(0, 1))
    told = Told(model)
    model.set_rows(sorted(model.rows, key=lambda p: p.number, reverse=True))
    assert model.row(held.row()).number == "1"
    assert held.column() == 1
    assert told.said == [("order", 0, 0)]


def test_any_two_lists_end_in_the_second_one() -> None:
    chance = random.Random(7)
    model = a_model()
    watch = QAbstractItemModelTester(model)
    for _ in range(200):
        numbers = chance.sample(range(30), chance.randint(0, 30))
        wanted = [Parcel(str(n), chance.choice(["ready", "waiting"]), n) for n in numbers]
        model.set_rows(wanted)
        assert list(model.rows) == wanted
        assert all(model.position(row.number) == at for at, row in enumerate(wanted))
    assert watch.model() is model


def test_each_role_answers_what_it_says() -> None:
    model = a_model("1")
    state, total = model.index(0, 1), model.index(0, 2)
    assert model.data(state) == "waiting"
    assert model.data(state, IconRole) == "waiting"
    assert model.data(state, ToneRole) is Tone.WAIT
    assert model.data(state, int(Qt.ItemDataRole.ToolTipRole)) == "order 1 is waiting"
    assert model.data(total, RowRole) == Parcel("1", "waiting", 1000)
    assert model.data(total, SortRole) == 1000
    assert model.data(total, int(Qt.ItemDataRole.TextAlignmentRole)) == int(Align.END)
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Total"
    assert model.data(total, int(Qt.ItemDataRole.BackgroundRole)) is None
    assert model.rowCount(state) == 0


def test_amounts_sort_as_amounts_and_not_as_text() -> None:
    model = RowsModel(COLUMNS, key=lambda p: p.number)
    model.set_rows([Parcel("a", "ready", 900), Parcel("b", "ready", 10000), Parcel("c", "x", 20)])
    proxy = FilterProxy(model)
    proxy.sort(2)
    assert [proxy.row(at).number for at in range(3)] == ["c", "a", "b"]
    proxy.keep(lambda p: p.state == "ready")
    assert [proxy.row(at).number for at in range(proxy.rowCount())] == ["a", "b"]
    proxy.keep(None)
    assert proxy.rowCount() == 3


def test_j_and_k_walk_and_enter_opens(qtbot: QtBot) -> None:
    view = TableView(a_model("1", "2", "3"), name="orders_table")
    qtbot.addWidget(view)
    opened: list[str] = []
    view.row_opened.connect(lambda row: opened.append(row.number))
    view.choose_first()
    QTest.keyClick(view, Qt.Key.Key_J)
    QTest.keyClick(view, Qt.Key.Key_J)
    QTest.keyClick(view, Qt.Key.Key_K)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened == ["2"]
    assert view.choose("3")
    assert view.chosen().number == "3"
    assert not view.choose("7")


def test_news_above_does_not_move_what_is_being_read(qtbot: QtBot) -> None:
    model = a_model(*[str(n) for n in range(200)])
    view = TableView(model, name="orders_table")
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    qtbot.waitExposed(view)
    view.verticalScrollBar().setValue(50)
    read = model.row(view.rowAt(0)).number
    model.set_rows([*parcels("new 1", "new 2"), *model.rows])
    assert model.row(view.rowAt(0)).number == read
    model.remove(["new 1", "new 2"])
    assert model.row(view.rowAt(0)).number == read


def test_runs_are_unbroken_stretches() -> None:
    assert list(runs([1, 2, 3, 7, 9, 10])) == [(1, 3), (7, 7), (9, 10)]
    assert list(runs([])) == []
