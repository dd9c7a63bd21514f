"""How long until the queue of a million orders is painted, and painted again when filtered, beside
Qt's own SQL model.

Run: `python -m tests.bench.queue_first [ORDERS]`. Each in a process of its own, on a file of its
own, both in the house style and one window size; the rounds take turns. Ours reads a page and every
count through desk and store; Qt's model reads as many rows as it likes of the same table.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

from posapp.domain.changes import Changes
from posapp.store import schema
from posapp.store.engine import Database
from posapp.store.executor import inline
from posapp.store.home import Home
from tests.bench.store_queue import _fill

ORDERS = 1_000_000
ROUNDS = 5
FIRST_TARGET, FILTER_TARGET = 1.5, 2.0
_WIDTH, _HEIGHT = 1240, 1000


def main() -> int:
    """Print the figures of both; return 1 when a target is missed."""
    if len(sys.argv) == 3:
        {"ours": _ours, "qt": _qt}[sys.argv[1]](Path(sys.argv[2]))
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    with tempfile.TemporaryDirectory() as folder:
        ours, copy = Path(folder) / "ours.db", Path(folder) / "qt.db"
        asyncio.run(_made(ours, count))
        shutil.copy(ours, copy)
        rounds = [(_measure("ours", ours), _measure("qt", copy)) for _ in range(ROUNDS + 1)][1:]
    mine = [statistics.median(one[0][at] for one in rounds) for at in (0, 1)]
    theirs = [statistics.median(one[1][at] for one in rounds) for at in (0, 1)]
    print(f"queue of {count:,}: first paint {mine[0]:.1f} ms, filtered {mine[1]:.1f} ms")
    print(f"QSqlTableModel:    first paint {theirs[0]:.1f} ms, filtered {theirs[1]:.1f} ms")
    good = True
    for at, (what, target) in enumerate((("first paint", FIRST_TARGET), ("filter", FILTER_TARGET))):
        ratio = statistics.median(one[0][at] / one[1][at] for one in rounds)
        good &= ratio <= target
        verdict = "met" if ratio <= target else "NOT MET"
        print(f"{what} ratio {ratio:.2f} (design: <= {target}): {verdict}")
    return 0 if good else 1


async def _made(path: Path, count: int) -> None:
    database = Database(
        path, changes=Changes(), home=Home("1", "here", bytes), make_executor=inline
    )
    await database.with_connection(schema.prepare)
    await _fill(database, count)
    await database.close()


def _measure(which: str, path: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench.queue_first", which, str(path)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    first, filtered = told.stdout.split()[-2:]
    return float(first), float(filtered)


def _ours(path: Path) -> None:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from posapp.domain.queue import View
    from posapp.domain.staff import Role, Staff, StaffId
    from posapp.store.store import Identity, Store
    from posapp.ui.changes import ChangeSignals
    from posapp.ui.kit import theme
    from posapp.ui.kit.run import Runner
    from posapp.ui.orders.queue import QueueScreen
    from posapp.usecases.orders import OrderDesk
    from posapp.usecases.present import Present
    from tests.helpers.clock import FakeClock

    app = QApplication([])
    theme.apply(app, theme.load("light"))
    loop = QEventLoop(app)
    clock, changes = FakeClock(), Changes()

    async def look() -> None:
        store = await Store.open(path, changes=changes, identity=Identity("test"), till="1")
        present = Present(changes)
        present.enter(Staff(StaffId("mia"), "Mia", Role.MANAGER))
        nobody = cast(Any, None)
        desk = OrderDesk(store, nobody, clock, lambda: "id", present, "1")
        await desk.counts()  # both have their file open
        queue = QueueScreen(Runner(_raise, loop), desk, ChangeSignals(changes), clock)
        queue.resize(_WIDTH, _HEIGHT)
        painted: asyncio.Future[None] = loop.create_future()

        def paint() -> None:
            queue.table.viewport().repaint()
            if queue.model.rowCount() and not painted.done():
                painted.set_result(None)

        queue.model.loaded.connect(paint)
        begun = time.perf_counter()
        queue.show_view(View.ALL)
        queue.show()
        await painted
        first = _ms(begun)
        painted = loop.create_future()
        begun = time.perf_counter()
        queue.show_view(View.REVIEW)
        await painted
        print(first, _ms(begun))
        queue.close()

    asyncio.set_event_loop(loop)
    loop.run_until_complete(look())
    sys.stdout.flush()
    os._exit(0)


def _raise(_owner: object, error: Exception) -> None:
    raise error


def _qt(path: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtSql import QSqlDatabase, QSqlTableModel
    from PySide6.QtWidgets import QApplication, QTableView

    from posapp.ui.kit import theme

    app = QApplication([])
    theme.apply(app, theme.load("light"))
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(str(path))
    assert database.open()
    model = QSqlTableModel(db=database)
    model.setTable("orders")
    model.setSort(model.fieldIndex("place"), Qt.SortOrder.DescendingOrder)
    view = QTableView()
    view.verticalHeader().setDefaultSectionSize(36)
    view.resize(_WIDTH, _HEIGHT)
    begun = time.perf_counter()
    assert model.select()
    view.setModel(model)
    view.show()
    app.processEvents()
    view.viewport().repaint()
    first = _ms(begun)
    begun = time.perf_counter()
    model.setFilter("view = 'review'")
    app.processEvents()
    view.viewport().repaint()
    print(first, _ms(begun))
    sys.stdout.flush()
    os._exit(0)


def _ms(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
