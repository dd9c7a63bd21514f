"""Time and chance of the pretend service, handed in so that tests can turn them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Real UTC time."""
    return datetime.fromtimestamp(time.time(), UTC)


class HandClock:
    """A clock that stands still until it is turned."""

    def __init__(self, at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def turn(self, seconds: float) -> None:
        """Moves time on."""
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the service takes for what it does by itself, in seconds."""

    capture: float = 0.8
    cancel: float = 0.8
    refund: float = 1.5
    late_failure: float = 3.0  # "pending, later failed" cards
    fulfilled: float = 0.2  # order.fulfilled after the captures
    invoice: float = 0.3
    review: float = 4.0
    funds: float = 20.0  # a transfer arrives
    redirect: float = 1.0  # back end work after a redirect
    tax_check: float = 1.0
    webhook_retries: tuple[float, ...] = (5.0, 60.0, 600.0)  # three tries in test (section 22, 18)

    def scaled(self, factor: float) -> Pace:
        """Everything `factor` times slower; 0 makes it all immediate."""
        plain = {f.name: getattr(self, f.name) * factor for f in fields(self) if f.type == "float"}
        return replace(self, **plain)


class Ids:
    """Opaque identifiers from handed-in randomness; numbers come from the caller's counters."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def uuid(self) -> str:
        """A random UUID."""
        bits = f"{self.rng.getrandbits(128):032x}"
        variant = "89ab"[int(bits[16], 16) & 3]
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{variant}{bits[17:20]}-{bits[20:]}"

    def digits(self, count: int) -> str:
        """That many random digits."""
        return "".join(str(self.rng.randrange(10)) for _ in range(count))
