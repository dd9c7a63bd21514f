"""How long to wait before the next try: growing, capped, with jitter, so that tills do not march in
step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """Waits in seconds: `first`, doubled up to `most`, less up to a quarter at random."""

    random: Callable[[], float]
    first: float = 1.0
    most: float = 60.0
    _failures: int = 0

    @property
    def failures(self) -> int:
        """How many tries failed in a row."""
        return self._failures

    def failed(self) -> float:
        """Count a failure and return the wait before the next try."""
        self._failures += 1
        full = min(self.most, self.first * 2.0 ** min(self._failures - 1, 16))
        return full * (1.0 - 0.25 * self.random())

    def succeeded(self) -> None:
        """Start over."""
        self._failures = 0
