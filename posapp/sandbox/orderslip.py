"""Reads the body of a control command and says in words what is wrong with it. Knows no command."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from posapp.sandbox.wire import Json, read_time

MOST_S = 10 * 365 * 86400.0  # ten years: what is longer is a slip of the hand
MANY = 100_000


class Refused(Exception):
    """A command that makes no sense; the text says why."""


class Slip:
    """A command's body, read field by field; `end` refuses what nobody asked for."""

    def __init__(self, given: Json) -> None:
        self._left = dict(given)
        self._known: list[str] = []

    def _take(self, name: str, default: object) -> object:
        self._known.append(name)
        return self._left.pop(name, default)

    def names(self) -> list[str]:
        """The fields that were given and are not read yet."""
        return list(self._left)

    def has(self, name: str) -> bool:
        """Whether the field was given."""
        self._known.append(name)
        return name in self._left

    def is_null(self, name: str) -> bool:
        """Whether the field is null; it is then read."""
        if name in self._left and self._left[name] is None:
            self._take(name, None)
            return True
        return False

    def number(self, name: str, default: float, low: float = 0.0, high: float = MOST_S) -> float:
        """A number from `low` to `high`."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(f"{name} is a number")
        if not math.isfinite(value) or not low <= value <= high:
            raise Refused(f"{name} is a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, name: str, default: int, low: int = 0, high: int = MANY) -> int:
        """A whole number from `low` to `high`."""
        value = self.number(name, default, low, high)
        if value != int(value):
            raise Refused(f"{name} is a whole number")
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """true or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise Refused(f"{name} is true or false")
        return value

    def text(self, name: str, default: str = "") -> str:
        """A text; a number is taken for one, as ids are at times."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 2000:
            raise Refused(f"{name} is a text")
        return str(value)

    def choice(self, name: str, words: Iterable[str]) -> str:
        """One of the words."""
        known = list(words)
        value = self.text(name)
        if value not in known:
            raise Refused(f"{name} is one of: {', '.join(known)}")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, not empty."""
        value = self._take(name, [])
        if not isinstance(value, list) or not value or len(value) > MANY:
            raise Refused(f"{name} is a list of texts")
        return [str(each) for each in value]

    def time(self, name: str) -> datetime | None:
        """A UTC time, None when it was not given."""
        value = self.text(name)
        at = read_time(value) if value else None
        if value and at is None:
            raise Refused(f"{name} is a UTC time such as 2026-03-02T09:00:00Z")
        return at

    def end(self) -> None:
        """Refuses fields that no command knows."""
        for name in self._left:
            raise Refused(
                f"'{name[:80]}' is not known; one of: {', '.join(sorted(set(self._known)))}"
            )
