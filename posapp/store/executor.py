"""Where database work runs: a thread of its own, or at once. Never knows what the work is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MakeExecutor = Callable[[str], Executor]
"""Makes the executor of a thread with this name."""


def one_thread(name: str) -> Executor:
    """Return an executor with exactly one thread, which starts with the first work."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)


class Inline(Executor):
    """Runs work at once on the caller's thread: for tests and for simulated time."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` now; its result or error is already in the future that comes back."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        return future


def inline(_name: str) -> Executor:
    """Return an executor that runs work at once."""
    return Inline()
