"""The window on top: sign-in first, then the shop floor. The only place that knows every screen."""

from __future__ import annotations

from posapp.ui.main_window.window import MainWindow

__all__ = ["MainWindow"]
