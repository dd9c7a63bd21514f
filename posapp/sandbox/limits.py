"""Counts requests a second and key (contract section 15); over the limit all calls wait."""

from __future__ import annotations

PAUSE_S = 2.0


class RateLimit:
    """A window of one second for each key, and how long a key that overran it is shut out."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}
        self._shut: dict[str, float] = {}

    def wait_s(self, key: str, rate: float, now_s: float) -> float:
        """0 when the call may pass, else the seconds to wait."""
        until = self._shut.get(key, 0.0)
        if now_s < until:
            return until - now_s
        start, count = self._windows.get(key, (now_s, 0))
        if now_s - start >= 1.0:
            start, count = now_s, 0
        self._windows[key] = (start, count + 1)
        if count + 1 > rate:
            self._shut[key] = now_s + PAUSE_S
            return PAUSE_S
        return 0.0
