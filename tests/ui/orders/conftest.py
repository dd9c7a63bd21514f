"""A queue over a day's orders in memory, for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication

from posapp.domain.changes import Changes
from posapp.domain.staff import Staff
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.orders.screen import OrdersScreen
from tests.drivers.orders import OrdersDriver
from tests.helpers.clock import FakeClock
from tests.helpers.running import ReportedErrors, real_runner
from tests.ui.orders.fakes import MIA, FakeOrderDesk, fill


@dataclass
class Table:
    """The packing table: desk, clock, screen and the person's hands."""

    clock: FakeClock
    desk: FakeOrderDesk
    screen: OrdersScreen
    at: OrdersDriver
    errors: ReportedErrors


@pytest.fixture
def table(loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Iterator[Table]:
    """The screen with a manager at it and a day's orders."""
    theme.apply(qapp, theme.load("light"))
    made = _table(loop, MIA)
    yield made
    made.screen.close()
    made.screen.deleteLater()


def _table(loop: asyncio.AbstractEventLoop, staff: Staff) -> Table:
    clock, changes = FakeClock(), Changes()
    desk = FakeOrderDesk(clock, changes, staff)
    fill(desk)
    run, errors = real_runner(loop)
    signals = ChangeSignals(changes)
    screen = OrdersScreen(run, desk, signals, clock)
    signals.setParent(screen)
    return Table(clock, desk, screen, OrdersDriver(screen), errors)
