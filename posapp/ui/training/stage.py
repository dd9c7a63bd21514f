"""What a lesson may do with the window, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from posapp.domain.lesson import Best, Lesson, Score
from posapp.domain.sale import Sale
from posapp.ui.messages import Message


@dataclass(frozen=True, slots=True)
class Stage:
    """What a lesson may do with the window."""

    take_sale: Callable[[Sale], None]  # put this sale in hand and show it
    why_not: Callable[[], Message | None]  # why no lesson can begin now
    window: Callable[[], QWidget]  # where keys, clicks and sentences count


@dataclass(frozen=True, slots=True)
class Result:
    """A run that has come to its end; `best` is the person's best before it."""

    lesson: Lesson
    score: Score
    mistakes: tuple[str, ...]
    has_passed: bool
    why: str = ""
    best: Best | None = None

    @property
    def is_best(self) -> bool:
        """Whether this run is the person's best."""
        return self.has_passed and (self.best is None or self.score.beats(self.best.score))
