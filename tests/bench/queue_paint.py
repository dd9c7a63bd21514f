"""What a scrolled frame of the queue costs beside Qt's own SQL model, each in its own process.

Run: `python -m tests.bench.queue_paint`. A frame moves the scroll bar three rows and repaints the
table. Both tables show the same 1,000 orders, nine columns, in one window size; the rounds take
turns, so that noise of the machine hits both.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

ROWS = 1_000
FRAMES = 400
ROUNDS = 7
STEP = 3
P50_TARGET, P99_TARGET, FRAME_MS = 1.0, 1.2, 16.7
_COLUMNS = "state order_id sale_number buyer lines open total age claimed_by"


def main() -> int:
    """Print the figures of both; return 1 when a target is missed."""
    if len(sys.argv) == 3:
        {"ours": _ours, "qt": _qt}[sys.argv[1]](Path(sys.argv[2]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "queue.db"
        _write(database)
        rounds = [(_measure("ours", database), _measure("qt", database)) for _ in range(ROUNDS)]
    ours = [statistics.median(one[0][at] for one in rounds) for at in (0, 1)]
    theirs = [statistics.median(one[1][at] for one in rounds) for at in (0, 1)]
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    print(f"queue, {ROWS:,} rows: frame p50 {ours[0]:.2f} ms, p99 {ours[1]:.2f} ms")
    print(f"QSqlTableModel:    frame p50 {theirs[0]:.2f} ms, p99 {theirs[1]:.2f} ms")
    good = [
        _told("p50 ratio", ratios[0], P50_TARGET),
        _told("p99 ratio", ratios[1], P99_TARGET),
        _told("p99, ms of a 60 Hz frame", ours[1], FRAME_MS),
    ]
    return 0 if all(good) else 1


def _told(what: str, measured: float, target: float) -> bool:
    is_met = measured <= target
    print(f"{what} {measured:.2f} (design: <= {target}): {'met' if is_met else 'NOT MET'}")
    return is_met


def _measure(which: str, database: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench.queue_paint", which, str(database)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    p50, p99 = told.stdout.split()[-2:]
    return float(p50), float(p99)


def _orders() -> list[tuple[str, ...]]:
    words = ("To fulfil", "Sending", "In review", "Awaiting payment", "Blocked", "Complete")
    return [
        (
            words[n % len(words)],
            f"{231388420000 + n}",
            f"{1000 + n}",
            f"Customer {n * 7919 % 100_003}",
            str(1 + n % 5),
            f"{n % 4} of {3 + n % 4}",
            f"{10 + n * 131 % 900}.99 EUR",
            f"{n % 60} min",
            "Finn" if n % 9 == 0 else "",
        )
        for n in range(ROWS)
    ]


def _write(database: Path) -> None:
    columns = ", ".join(f"{name} text" for name in _COLUMNS.split())
    with sqlite3.connect(database) as connection:
        connection.execute(f"create table orders ({columns})")
        marks = ", ".join("?" * len(_COLUMNS.split()))
        connection.executemany(f"insert into orders values ({marks})", _orders())
    connection.close()


def _frames(paint: Callable[[int], None], most: int) -> None:
    """Scroll down and up again; print p50 and p99 in milliseconds."""
    took = []
    for n in range(FRAMES):
        down = n * STEP % (2 * most)
        started = time.perf_counter()
        paint(down if down <= most else 2 * most - down)
        took.append(1000 * (time.perf_counter() - started))
    took = sorted(took[20:])  # the first frames fill caches on both sides
    print(took[len(took) // 2], took[int(len(took) * 0.99)])


def _ours(_database: Path) -> None:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from posapp.domain.changes import Changes
    from posapp.ui.changes import ChangeSignals
    from posapp.ui.kit import theme
    from posapp.ui.kit.run import Runner
    from posapp.ui.orders.queue import QueueScreen
    from tests.helpers.clock import FakeClock
    from tests.helpers.waiting import until
    from tests.ui.orders.fakes import FakeOrderDesk, fill

    app = QApplication([])
    theme.apply(app, theme.load("light"))
    loop = QEventLoop(app)
    clock, changes = FakeClock(), Changes()
    desk = FakeOrderDesk(clock, changes)
    fill(desk)

    async def look() -> None:
        queue = QueueScreen(Runner(_raise, loop), desk, ChangeSignals(changes), clock)
        queue.resize(1240, 1290)
        queue.show()
        await until(lambda: queue.model.rowCount() > 0, what="the queue")
        some = queue.model.rows
        rows = [
            replace(
                some[n % len(some)],
                order_id=f"{231388420000 + n}",
                created_at=clock.now() - timedelta(minutes=n),
                claimed_by="Finn" if n % 9 == 0 else "",
            )
            for n in range(ROWS)
        ]
        queue.model.set_rows(rows)
        bar = queue.table.verticalScrollBar()
        await until(bar.maximum, what="the rows to be laid out")

        def paint(value: int) -> None:
            bar.setValue(value)
            queue.table.viewport().repaint()
            app.processEvents()

        _frames(paint, bar.maximum())
        queue.close()

    asyncio.set_event_loop(loop)
    loop.run_until_complete(look())
    sys.stdout.flush()
    os._exit(0)


def _raise(_owner: object, error: Exception) -> None:
    raise error


def _qt(database: Path) -> None:
    from PySide6.QtSql import QSqlDatabase, QSqlTableModel
    from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

    from posapp.ui.kit import theme

    app = QApplication([])
    theme.apply(app, theme.load("light"))  # the same house style on both
    store = QSqlDatabase.addDatabase("QSQLITE")
    store.setDatabaseName(str(database))
    assert store.open()
    model = QSqlTableModel(db=store)
    model.setTable("orders")
    model.select()
    while model.canFetchMore():
        model.fetchMore()
    view = QTableView()
    view.setModel(model)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(36)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    view.setWordWrap(False)
    view.resize(1240, 1200)
    view.show()
    app.processEvents()
    bar = view.verticalScrollBar()

    def paint(value: int) -> None:
        bar.setValue(value)
        view.viewport().repaint()
        app.processEvents()

    _frames(paint, bar.maximum())
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
