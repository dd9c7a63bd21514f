"""Where a coroutine meets a widget: the only such place. Never lets a result reach a widget that is
gone.

A screen writes `self._run(self, self._desk.place(draft), busy=self.pay_button,
done=self._on_placed)`. The runner promises: the task is kept alive; `busy` takes no input meanwhile
and shows progress after 300 ms; the outcome is delivered outside any task, so that what the screen
does next cannot wedge the loop; an error nobody asked for reaches the reporter; when `owner` is
destroyed the work is cancelled and silent.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.kit.busy import BusyOverlay

if TYPE_CHECKING:
    import asyncio  # at run time only with the first work: the window is painted before

T = TypeVar("T")

Reporter = Callable[[QObject, Exception], None]
"""Shows an error nobody else took: `report(owner, error)`;
in the program it explains and shows a sentence.
"""

PROGRESS_AFTER_S = 0.3


@runtime_checkable
class BusyMark(Protocol):
    """A widget that shows by itself that it is at work, such as a button with a turning mark."""

    def set_busy(self, busy: bool) -> None:
        """Show or hide the sign of work."""
        ...


class Job:
    """Work under way; a screen may give it up."""

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self._task = task

    @property
    def is_done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._task.done()

    def cancel(self) -> None:
        """Give it up: neither `done` nor `failed` will be called."""
        self._task.cancel()


class Runner:
    """Starts work for widgets; `app.py` builds one, tests build one that records."""

    def __init__(
        self,
        report: Reporter,
        loop: asyncio.AbstractEventLoop | None = None,
        *,
        progress_after_s: float = PROGRESS_AFTER_S,
    ) -> None:
        self._report = report
        self._loop = loop
        self._progress_after_s = progress_after_s
        self._tasks: set[asyncio.Task[Any]] = set()
        self._holds: weakref.WeakKeyDictionary[QWidget, _Hold] = weakref.WeakKeyDictionary()

    def __call__(
        self,
        owner: QObject,
        work: Coroutine[Any, Any, T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        busy: QWidget | None = None,
    ) -> Job:
        """Start `work` for `owner` and deliver its outcome to `done` or `failed`.

        Without `failed` the reporter gets the error. Never raises what the work raises.
        """
        from asyncio import get_running_loop

        loop = self._loop or get_running_loop()
        task = loop.create_task(work)
        self._tasks.add(task)
        hold = self._hold(busy, loop) if busy is not None else None
        gone = owner.destroyed.connect(lambda: _give_up(task))

        def ended(finished: asyncio.Task[T]) -> None:
            self._tasks.discard(finished)
            if hold is not None:
                hold.release()
            if not shiboken6.isValid(owner):
                _look_at(finished)
                return
            QObject.disconnect(gone)
            self._deliver(owner, finished, done, failed)

        task.add_done_callback(ended)
        return Job(task)

    def report(self, owner: QObject, error: Exception) -> None:
        """Have an error shown as one that nobody took."""
        self._report(owner, error)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    def cancel_all(self) -> None:
        """Give up everything under way, as the program does when it ends."""
        for task in tuple(self._tasks):
            task.cancel()

    def _deliver(
        self,
        owner: QObject,
        task: asyncio.Task[T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            done(task.result())
        elif not isinstance(error, Exception):
            raise error  # the program is being ended: not ours to explain
        elif failed is not None:
            failed(error)
        else:
            self._report(owner, error)

    def _hold(self, busy: QWidget, loop: asyncio.AbstractEventLoop) -> _Hold:
        hold = self._holds.get(busy)
        if hold is None or hold.is_over:
            hold = _Hold(busy, loop, self._progress_after_s)
            self._holds[busy] = hold
        hold.take()
        return hold


class _Hold:
    """One widget that takes no input while one or more pieces of work need it."""

    def __init__(
        self, widget: QWidget, loop: asyncio.AbstractEventLoop, progress_after_s: float
    ) -> None:
        self._widget = widget
        self._count = 0
        self._overlay: BusyOverlay | None = None
        parent = widget.parentWidget()
        self._was_enabled = widget.isEnabledTo(parent) if parent else widget.isEnabled()
        focus = QApplication.focusWidget()
        inside = focus is not None and (focus is widget or widget.isAncestorOf(focus))
        self._focus = focus if inside else None
        self._timer = loop.call_later(progress_after_s, self._show_progress)
        widget.setEnabled(False)

    @property
    def is_over(self) -> bool:
        return self._count == 0 or not shiboken6.isValid(self._widget)

    def take(self) -> None:
        self._count += 1

    def release(self) -> None:
        self._count -= 1
        if self._count:
            return
        self._timer.cancel()
        if not shiboken6.isValid(self._widget):
            return
        if isinstance(self._widget, BusyMark):
            self._widget.set_busy(False)
        if self._overlay is not None and shiboken6.isValid(self._overlay):
            self._overlay.hide()
            self._overlay.deleteLater()
        self._widget.setEnabled(self._was_enabled)
        self._give_focus_back()

    def _show_progress(self) -> None:
        if not shiboken6.isValid(self._widget):
            return
        if isinstance(self._widget, BusyMark):
            self._widget.set_busy(True)
        else:
            self._overlay = BusyOverlay(self._widget)
            self._overlay.start()

    def _give_focus_back(self) -> None:
        """Disabling a widget throws the focus out; put it back where it was."""
        focus = self._focus
        if focus is not None and shiboken6.isValid(focus) and focus.isVisible():
            focus.setFocus()


def _look_at(task: asyncio.Task[Any]) -> None:
    """Read the outcome nobody waits for, else asyncio complains about it."""
    if not task.cancelled():
        task.exception()


def _give_up(task: asyncio.Task[Any]) -> None:
    """Cancel the work of a widget that is gone."""
    task.cancel()
