"""Garbage is collected where Qt lives, and nowhere else."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from posapp.ui.kit.garbage import GarbageOnQtThread
from tests.helpers.waiting import until


@pytest.fixture
def keeper(qapp: object) -> Iterator[GarbageOnQtThread]:
    was_on = gc.isenabled()
    gc.enable()
    keeper = GarbageOnQtThread()
    yield keeper
    keeper.stop()
    assert gc.isenabled()
    if not was_on:
        gc.disable()


def test_another_thread_that_allocates_collects_nothing(keeper: GarbageOnQtThread) -> None:
    keeper.collect()
    lost = weakref.ref(_tie())

    def allocate() -> None:
        kept = [[index] for index in range(50_000)]
        assert len(kept) == 50_000

    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert lost() is not None
    assert not gc.isenabled()


async def test_the_loop_collects_it(keeper: GarbageOnQtThread) -> None:
    keeper.collect()
    lost = weakref.ref(_tie())
    kept = [[index] for index in range(50_000)]
    await until(lambda: lost() is None, what="the loop to collect")
    assert len(kept) == 50_000


def _tie() -> QObject:
    """An object in a cycle of its own."""

    class Loose(QObject):
        me: QObject

    loose = Loose()
    loose.me = loose
    return loose
