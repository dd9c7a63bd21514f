"""Starts the web engine before the first customer pays. Never touches the network."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from posapp.ui.kit import web_engine


def warm_engine(done: Callable[[], None] | None = None) -> None:
    """Load an empty page in a throw-away profile, then take it down and call `done`."""
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    web_engine.harden(page.settings())

    def end() -> None:
        shiboken6.delete(page)
        shiboken6.delete(profile)
        if done is not None:
            done()

    page.loadFinished.connect(lambda _ok: QTimer.singleShot(0, end))
    page.setHtml("<!doctype html><title></title>")
