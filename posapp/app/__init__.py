"""The program put together: everything is built here and handed in.

Nothing imports it but `cli` and `demo`.
"""

from __future__ import annotations


def main(arguments: list[str]) -> int:
    """Open the shop's window; returns the exit code."""
    from posapp.app.window import main as open_window

    return open_window(arguments)
