"""The whole window with somebody signed in, as the training room's tests open it."""

from __future__ import annotations

from tests.ui.training.conftest import garbage_on_qt_thread, room_of

__all__ = ["garbage_on_qt_thread", "room_of"]
