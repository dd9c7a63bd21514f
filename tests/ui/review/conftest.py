"""A manager's list over a day's concerns in memory, for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication

from posapp.domain.changes import Changes
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit import theme
from posapp.ui.review.screen import ReviewScreen
from tests.drivers.review import ReviewDriver
from tests.helpers.clock import FakeClock
from tests.helpers.running import ReportedErrors, real_runner
from tests.ui.orders.fakes import MIA, FakeOrderDesk
from tests.ui.review.fakes import FakeReviewDesk, fill


@dataclass
class Office:
    """The manager's office: desks, clock, screen and the manager's hands."""

    clock: FakeClock
    desk: FakeReviewDesk
    orders: FakeOrderDesk
    screen: ReviewScreen
    at: ReviewDriver
    errors: ReportedErrors


@pytest.fixture
def office(loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Iterator[Office]:
    """The screen with a manager at it and a day's concerns."""
    theme.apply(qapp, theme.load("light"))
    clock, changes = FakeClock(), Changes()
    orders = FakeOrderDesk(clock, changes, MIA)
    desk = FakeReviewDesk(clock, changes, orders)
    fill(desk, orders)
    run, errors = real_runner(loop)
    signals = ChangeSignals(changes)
    screen = ReviewScreen(run, desk, orders, signals, clock)
    signals.setParent(screen)
    yield Office(clock, desk, orders, screen, ReviewDriver(screen), errors)
    screen.close()
    screen.deleteLater()
