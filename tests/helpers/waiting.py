"""How coroutine tests wait: for a condition or a signal, with a limit.
Never sleeps a fixed time, never nests a Qt loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

T = TypeVar("T")

LIMIT_S = 5.0
_STEP_S = 0.004


async def until(condition: Callable[[], T], *, timeout_s: float = LIMIT_S, what: str = "") -> T:
    """Return the first truthy answer of `condition`, asked between turns of the loop.

    Raises AssertionError after `timeout_s` seconds, naming `what` was waited for.
    """
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        answer = condition()
        if answer:
            return answer
        if asyncio.get_running_loop().time() > deadline:
            name = what or getattr(condition, "__qualname__", repr(condition))
            raise AssertionError(f"waited {timeout_s} s in vain for {name}; last answer {answer!r}")
        await asyncio.sleep(_STEP_S)


class Emitted:
    """The next emission of a signal:

    listens from the moment it is made, `await` gives the arguments.
    """

    def __init__(
        self, signal: SignalInstance, timeout_s: float, check: Callable[..., bool] | None
    ) -> None:
        self._signal = signal
        self._timeout_s = timeout_s
        self._check = check
        self._heard: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()
        signal.connect(self._on_emitted)

    @property
    def is_heard(self) -> bool:
        """Whether the signal has come."""
        return self._heard.done()

    def __await__(self) -> Generator[Any, None, tuple[Any, ...]]:
        return self._wait().__await__()

    async def _wait(self) -> tuple[Any, ...]:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._heard
        except TimeoutError:
            raise AssertionError(
                f"waited {self._timeout_s} s in vain for signal {self._signal}"
            ) from None

    def _on_emitted(self, *arguments: object) -> None:
        if self._heard.done() or (self._check is not None and not self._check(*arguments)):
            return
        self._signal.disconnect(self._on_emitted)
        self._heard.set_result(arguments)


def emitted(
    signal: SignalInstance, *, timeout_s: float = LIMIT_S, check: Callable[..., bool] | None = None
) -> Emitted:
    """Listen to `signal` from now on: `heard = emitted(button.clicked); …; await heard`.

    Only an emission for which `check(*arguments)` is true counts.
    """
    return Emitted(signal, timeout_s, check)


async def shown(widget: QWidget, *, timeout_s: float = LIMIT_S) -> None:
    """Show the widget and return once its window is exposed, so that it has a size and can be
    painted.
    """
    widget.show()
    await until(
        lambda: widget.window().isVisible() and widget.window().windowHandle().isExposed(),
        timeout_s=timeout_s,
        what=f"{type(widget).__name__} to be on the screen",
    )


async def settled(*, turns: int = 3) -> None:
    """Let the loop turn a few times, so that callbacks already due have run."""
    for _ in range(turns):
        await asyncio.sleep(0)
