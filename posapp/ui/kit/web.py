"""The payment form's place in a window: its state, and what it claims. Never meets card data.

Light to import; the web engine is loaded by `warm()` or the first `open()`. Contract: drop-in.md 6.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from posapp.config import resources
from posapp.domain.legal_text import Disclosure
from posapp.domain.payment_form import (
    Authenticated,
    FormCancelled,
    FormFailed,
    FormMessage,
    FormReady,
    MethodsListed,
    PaidClaim,
    RefusedBecause,
)
from posapp.domain.words import tr
from posapp.ui.kit.web_filter import RequestRules

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEnginePage

    from posapp.ui.kit.web_engine import WebSession

PATIENCE_S: Final = 20.0
"""Seconds without a word of the page until it counts as lost."""

SMALLEST: Final = (600, 560)
"""Pixels a bank's challenge needs (drop-in.md 3)."""

_DANGEROUS: Final = {
    "QTWEBENGINE_DISABLE_SANDBOX": "switches the web engine's own protection off",
    "QTWEBENGINE_REMOTE_DEBUGGING": "lets another program read the payment form",
}
_PAGE_ERROR: Final = "page_error"


class UnsafeWebEngine(Exception):
    """The web engine is set up as no live payment may meet it; `variable` names the cause."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            f"The payment form stays closed: {variable} is set, which {_DANGEROUS[variable]}. "
            f"Nothing was charged. Start the program without {variable} to take live payments."
        )
        self.variable = variable


class Lost(StrEnum):
    """Why the form went away. In every case: ask the service for the session's state first."""

    CRASHED = "crashed"
    NOT_LOADED = "not_loaded"
    SILENT = "silent"
    SCRIPT = "script"


class FormState(StrEnum):
    """What the payment view shows."""

    EMPTY = "empty"
    LOADING = "loading"
    READY = "ready"
    LOST = "lost"


def refuse_unsafe_engine(environment: Mapping[str, str]) -> None:
    """Raise `UnsafeWebEngine` when a variable weakens the web engine."""
    for variable in _DANGEROUS:
        if environment.get(variable):
            raise UnsafeWebEngine(variable)


class ReloadBudget:
    """How often a lost form may be opened again by itself: twice in a minute (drop-in.md 6.5)."""

    def __init__(
        self, now_s: Callable[[], float], *, most: int = 2, within_s: float = 60.0
    ) -> None:
        """`now_s`: a steady clock in seconds."""
        self._now_s = now_s
        self._most = most
        self._within_s = within_s
        self._spent: deque[float] = deque()

    def spend(self) -> bool:
        """Take one reload; False when a person must decide instead."""
        now = self._now_s()
        while self._spent and now - self._spent[0] >= self._within_s:
            self._spent.popleft()
        if len(self._spent) >= self._most:
            return False
        self._spent.append(now)
        return True


class PaymentView(QWidget):
    """Shows one payment page at a time; `open()` again replaces it, `dispose()` ends it."""

    ready = Signal(object)  # tuple[str, ...]: payment methods on screen
    paid = Signal(object)  # PaidClaim: read the source at the service before any step with money
    failed = Signal(object)  # FormFailed
    cancelled = Signal(str)  # payment method the buyer gave up
    authenticated = Signal(object)  # Authenticated
    disclosure = Signal(object)  # Disclosure
    methods = Signal(object)  # tuple[OfferedMethod, ...]
    lost = Signal(str)  # Lost: the form is gone
    refused = Signal(str)  # RefusedBecause: a message was dropped, for the audit log

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        live: bool = True,
        patience_s: float = PATIENCE_S,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """`live`: real money, so an unsafe engine is refused and nothing may reach in."""
        super().__init__(parent)
        self._live = live
        self._environment = environment
        self._session: WebSession | None = None
        self._neighbours: tuple[QWidget | None, QWidget | None] = (None, None)
        self._zoom = 1.0
        self._state = FormState.EMPTY
        self.setObjectName("payment_view")
        self.setMinimumSize(*SMALLEST)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(round(patience_s * 1000))
        self._patience.timeout.connect(lambda: self._lose(Lost.SILENT))
        self._build()

    @property
    def state(self) -> FormState:
        """What is on screen now."""
        return self._state

    @property
    def is_live(self) -> bool:
        """Whether real cards may be typed here."""
        return self._live

    def open(
        self, page_url: str, allowed_origins: tuple[str, ...], *, language: str = "en"
    ) -> None:
        """Show the page; replaces the one before, with a fresh profile.

        `language`: Accept-Language of the page, as `de-DE`. Raises `UnsafeWebEngine` in live mode
        with an unsafe environment, ValueError for an address that is no web address.
        """
        if self._live:
            refuse_unsafe_engine(self._environment)
        from posapp.ui.kit.web_engine import WebSession

        rules = RequestRules.of(page_url, allowed_origins)
        self._end_session()
        self._show_state(FormState.LOADING)
        session = WebSession(
            self,
            rules,
            relay=resources.text("web", "relay.js"),
            language=language,
            heard=self._on_heard,
            refused=self._on_refused,
        )
        self._session = session
        session.view.setObjectName("payment_web_view")
        session.view.setAccessibleName(tr("Payment form"))
        self._stack.addWidget(session.view)
        session.page.loadFinished.connect(self._on_load_finished)
        session.page.renderProcessTerminated.connect(self._on_process_ended)
        session.page.setZoomFactor(self._zoom)
        self._patience.start()
        session.page.load(page_url)

    def dispose(self) -> None:
        """Take the page and everything it knew away. Safe to call twice; call it before closing."""
        self._patience.stop()
        self._end_session()
        self._show_state(FormState.EMPTY)

    def page(self) -> QWebEnginePage | None:
        """The page, for the demo and tests; None in live mode."""
        return None if self._live or self._session is None else self._session.page

    def session(self) -> WebSession | None:
        """What is open, for tests; None in live mode."""
        return None if self._live else self._session

    def set_text_scale(self, factor: float) -> None:
        """Follow the till's text size: 1.0, 1.25, 1.5."""
        self._zoom = factor
        if self._session is not None:
            self._session.page.setZoomFactor(factor)

    def set_neighbours(self, before: QWidget | None, after: QWidget | None) -> None:
        """The widgets that Tab comes from and goes to; set again after each load by itself."""
        self._neighbours = (before, after)
        self._join_tab_order()

    def focus_form(self) -> None:
        """Put the keyboard into the form."""
        target = self._session and self._session.view.focusProxy()
        (target or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def has_form_focus(self) -> bool:
        """Whether keys go into the form: single-key shortcuts of the till must sleep then."""
        proxy = self._session.view.focusProxy() if self._session is not None else None
        return proxy is not None and proxy.hasFocus()

    def event(self, event: QEvent) -> bool:
        """Tear the page down in the right order when the widget itself is about to go."""
        if event.type() == QEvent.Type.DeferredDelete:
            self._end_session()
        return super().event(event)

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        # The form lies under the notice from the start: it is laid out and painted before it shows.
        self._stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._notice = QLabel(self)
        self._notice.setAutoFillBackground(True)
        self._notice.setObjectName("payment_notice")
        self._notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._notice.setWordWrap(True)
        self._notice.setMargin(24)
        self._stack.addWidget(self._notice)

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._stack.setCurrentWidget(self._notice)
            self._stack.removeWidget(session.view)
            session.dispose()

    def _show_state(self, state: FormState) -> None:
        self._state = state
        words = {
            FormState.EMPTY: "",
            FormState.LOADING: tr("The payment form is opening …"),
            FormState.READY: tr("The payment form is open."),
            FormState.LOST: tr(
                "The payment form has gone. Checking whether the payment went through …"
            ),
        }[state]
        self._notice.setText(words)
        self._notice.setAccessibleName(words)
        ready = state is FormState.READY and self._session is not None
        self._stack.setCurrentWidget(
            self._session.view if ready and self._session else self._notice
        )

    def _on_load_finished(self, ok: bool) -> None:
        if not ok:
            self._lose(Lost.NOT_LOADED)
        elif self._session is not None:
            self._session.page.setZoomFactor(self._zoom)
            self._join_tab_order()

    def _on_process_ended(self, *_: object) -> None:
        self._lose(Lost.CRASHED)

    def _lose(self, reason: Lost) -> None:
        """Show it at once, tell it in a turn of its own: the listener may open or dispose."""
        if self._session is None or self._state is FormState.LOST:
            return
        self._patience.stop()
        self._show_state(FormState.LOST)
        QTimer.singleShot(0, self, lambda: self.lost.emit(reason.value))

    def _join_tab_order(self) -> None:
        """The view itself takes no focus; its inner widget does, a new one after each load."""
        proxy = self._session.view.focusProxy() if self._session is not None else None
        if proxy is None:
            return
        before, after = self._neighbours
        if before is not None:
            QWidget.setTabOrder(before, proxy)
        if after is not None:
            QWidget.setTabOrder(proxy, after)

    def _on_refused(self, reason: RefusedBecause) -> None:
        self.refused.emit(reason.value)

    def _on_heard(self, message: FormMessage) -> None:
        if self._state is FormState.LOST:
            return
        if isinstance(message, FormFailed) and message.type == _PAGE_ERROR:
            self._lose(Lost.SCRIPT)
            return
        self._patience.stop()
        match message:
            case FormReady():
                self._show_state(FormState.READY)
                self._join_tab_order()
                self.ready.emit(message.methods)
            case PaidClaim():
                self.paid.emit(message)
            case FormFailed():
                self.failed.emit(message)
            case FormCancelled():
                self.cancelled.emit(message.method)
            case Authenticated():
                self.authenticated.emit(message)
            case MethodsListed():
                self.methods.emit(message.methods)
            case Disclosure():
                self.disclosure.emit(message)


def blanked_grab(widget: QWidget, *, show_sandbox: bool = False) -> QPixmap:
    """A picture of `widget` with every payment form painted over: the way to take screenshots.

    `show_sandbox`: leave forms of training and test mode visible. Live forms never are.
    """
    picture = widget.grab()
    found = [
        *([widget] if isinstance(widget, PaymentView) else []),
        *widget.findChildren(PaymentView),
    ]
    painter = QPainter(picture)
    for view in found:
        seen = view is widget or view.isVisibleTo(widget)
        if seen and (view.is_live or not show_sandbox):
            area = view.rect().translated(view.mapTo(widget, view.rect().topLeft()))
            painter.fillRect(area, view.palette().window())
            painter.setPen(view.palette().windowText().color())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("Payment form (not shown)"))
    painter.end()
    return picture


def warm(done: Callable[[], None] | None = None) -> None:
    """Load the web engine and start its processes; call from a timer after the first paint."""
    from posapp.ui.kit.web_warm import warm_engine

    warm_engine(done)
