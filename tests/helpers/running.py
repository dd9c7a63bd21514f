"""A runner that records what a screen asked for and lets the test decide the outcome.
Never runs the work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.ui.kit.run import Job, Runner

T = TypeVar("T")


@dataclass(slots=True)
class Asked:
    """One piece of work a screen asked for, named by its coroutine function."""

    name: str
    arguments: dict[str, Any]
    owner: QObject
    busy: QWidget | None
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    report: Callable[[QObject, Exception], None]
    is_cancelled: bool = False

    def finish(self, result: object = None) -> None:
        """Deliver this result, as if the work had ended well."""
        if not self.is_cancelled:
            self.done(result)

    def fail(self, error: Exception) -> None:
        """Deliver this error, as if the work had failed."""
        if self.is_cancelled:
            return
        if self.failed is not None:
            self.failed(error)
        else:
            self.report(self.owner, error)


class _RecordedJob(Job):
    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def is_done(self) -> bool:
        return self._asked.is_cancelled

    def cancel(self) -> None:
        self._asked.is_cancelled = True


class RecordingRunner(Runner):
    """Stands in for the runner in tests of one widget: `runner.last.finish(order)`."""

    def __init__(self) -> None:
        self.reported: list[Exception] = []
        super().__init__(lambda _owner, error: self.reported.append(error))
        self.asked: list[Asked] = []

    @property
    def last(self) -> Asked:
        """The latest piece of work asked for."""
        assert self.asked, "the screen asked for nothing"
        return self.asked[-1]

    def __call__(
        self,
        owner: QObject,
        work: Coroutine[Any, Any, T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        busy: QWidget | None = None,
    ) -> Job:
        """Record the work and put it away unstarted."""
        frame = getattr(work, "cr_frame", None)
        arguments = dict(frame.f_locals) if frame is not None else {}
        arguments.pop("self", None)
        asked = Asked(
            getattr(work, "__name__", "?"), arguments, owner, busy, done, failed, self._report
        )
        work.close()
        self.asked.append(asked)
        return _RecordedJob(asked)


class ReportedErrors(list[Exception]):
    """A reporter that keeps what it is told: `Runner(report=errors.report)`."""

    def report(self, _owner: QObject, error: Exception) -> None:
        """Keep the error."""
        self.append(error)


def real_runner(
    loop: asyncio.AbstractEventLoop, *, progress_after_s: float = 0.3
) -> tuple[Runner, ReportedErrors]:
    """Return a runner on this loop and the list that gathers the errors nobody took."""
    errors = ReportedErrors()
    return Runner(errors.report, loop, progress_after_s=progress_after_s), errors
