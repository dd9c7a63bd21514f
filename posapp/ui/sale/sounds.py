"""The till's few sounds, each with a visible twin on the screen. Never the only sign of
anything.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtWidgets import QApplication


class Sound(StrEnum):
    """What is worth hearing without looking."""

    ADDED = "added"
    REFUSED = "refused"
    DECIDED = "decided"


Play = Callable[[Sound], None]
"""Plays one sound; the program hands in its own."""


def beep(sound: Sound) -> None:
    """Play the desktop's own beep for what must be noticed; a good scan stays silent."""
    if sound is not Sound.ADDED:
        QApplication.beep()
