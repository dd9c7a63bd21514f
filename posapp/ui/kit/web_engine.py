"""One hardened web page: off the record, filtered, with a bridge of one slot. Holds no card data.

Loads a 200 MB library: nothing on the start-up path may import it. Contract: drop-in.md 6.1-6.4.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QFile, QIODevice, QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineDownloadRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.payment_form import (
    FormMessage,
    FormMessageRefused,
    PaidClaim,
    RefusedBecause,
    parse_form_message,
)
from posapp.domain.words import tr
from posapp.ui.kit.web_filter import Asked, RequestRules, origin_of

_log = logging.getLogger(__name__)

_DIGITS: Final = re.compile(r"\d(?:[ -]?\d){11,18}")
_LONGEST_CONSOLE: Final = 300
_ENOUGH_LOGGED: Final = 50
_World = QWebEngineScript.ScriptWorldId.ApplicationWorld
_Setting = QWebEngineSettings.WebAttribute
_OFF: Final = (
    _Setting.PluginsEnabled,
    _Setting.LocalContentCanAccessFileUrls,
    _Setting.LocalContentCanAccessRemoteUrls,
    _Setting.JavascriptCanOpenWindows,
    _Setting.JavascriptCanAccessClipboard,
    _Setting.JavascriptCanPaste,
    _Setting.AllowRunningInsecureContent,
    _Setting.AllowGeolocationOnInsecureOrigins,
    _Setting.AllowWindowActivationFromJavaScript,
    _Setting.HyperlinkAuditingEnabled,
    _Setting.FullScreenSupportEnabled,
    _Setting.ScreenCaptureEnabled,
    _Setting.PdfViewerEnabled,
    _Setting.DnsPrefetchEnabled,
    _Setting.NavigateOnDropEnabled,
    _Setting.ErrorPageEnabled,
    _Setting.AutoLoadIconsForPage,
    _Setting.TouchIconsEnabled,
    _Setting.WebGLEnabled,
    _Setting.BackForwardCacheEnabled,
)
_ON: Final = (
    _Setting.WebRTCPublicInterfacesOnly,
    _Setting.LinksIncludedInFocusChain,
    _Setting.FocusOnNavigationEnabled,
)


def harden(settings: QWebEngineSettings) -> None:
    """Switch off what a payment form does not need."""
    for attribute in _OFF:
        settings.setAttribute(attribute, False)
    for attribute in _ON:
        settings.setAttribute(attribute, True)
    schemes = QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    settings.setUnknownUrlSchemePolicy(schemes)


class Interceptor(QWebEngineUrlRequestInterceptor):
    """Asks the rules about every request; blocks when they cannot answer."""

    def __init__(self, rules: RequestRules) -> None:
        super().__init__()
        self._rules = rules
        self.blocked: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Block unless allowed; an error on the way counts as not allowed."""
        allowed = False
        try:
            allowed = self._rules.allows(
                info.requestUrl().toString(),
                initiator=info.initiator().toString(),
                asked=_asked(info.resourceType()),
            )
        finally:
            if not allowed:
                info.block(True)
                self._note(info.requestUrl())

    def _note(self, url: QUrl) -> None:
        if len(self.blocked) < _ENOUGH_LOGGED:
            origin = origin_of(url.toString()) or f"{url.scheme()}:"
            self.blocked.append(origin)
            _log.info("payment page: blocked a request to %s", origin)


def _asked(kind: QWebEngineUrlRequestInfo.ResourceType) -> Asked:
    types = QWebEngineUrlRequestInfo.ResourceType
    if kind in {types.ResourceTypeMainFrame, types.ResourceTypeNavigationPreloadMainFrame}:
        return Asked.MAIN_FRAME
    if kind in {types.ResourceTypeSubFrame, types.ResourceTypeNavigationPreloadSubFrame}:
        return Asked.SUB_FRAME
    return Asked.RESOURCE


class HardenedPage(QWebEnginePage):
    """A page that refuses everything but showing itself. `may_show` judges its main frame."""

    def __init__(
        self, profile: QWebEngineProfile, parent: QObject, may_show: Callable[[str], bool]
    ) -> None:
        super().__init__(profile, parent)
        self._may_show = may_show
        self.refused_navigations = 0
        harden(self.settings())
        self.permissionRequested.connect(lambda permission: permission.deny())
        self.fullScreenRequested.connect(lambda request: request.reject())
        self.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        self.fileSystemAccessRequested.connect(lambda request: request.reject())
        self.desktopMediaRequested.connect(lambda request: request.cancel())
        self.selectClientCertificate.connect(lambda selection: selection.selectNone())
        self.webAuthUxRequested.connect(lambda request: request.cancel())
        self.certificateError.connect(self._on_certificate_error)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Keep the main frame where it belongs; the interceptor judges the frames."""
        address = url.toString() if isinstance(url, QUrl) else url
        if not is_main_frame or self._may_show(address):
            return True
        self.refused_navigations += 1
        _log.info("payment page: refused to go to %s", origin_of(address) or "no web address")
        return False

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, url: str
    ) -> None:
        """Log what a script says, without digits that could be a card and without our token."""
        text = _DIGITS.sub("[digits]", message)[:_LONGEST_CONSOLE]
        _log.info("page script, %s, %s line %d: %s", level.name, origin_of(url) or "-", line, text)

    def javaScriptAlert(self, origin: QUrl | str, text: str) -> None:
        """Say nothing: a modal window would stop the till."""

    def javaScriptConfirm(self, origin: QUrl | str, text: str) -> bool:
        """Never confirm."""
        return False

    def javaScriptPrompt(self, origin: QUrl | str, text: str, preset: str) -> tuple[bool, str]:
        """Never answer."""
        return False, ""

    def chooseFiles(self, *_: object) -> list[str]:
        """No file leaves the till."""
        return []

    def _on_certificate_error(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        _log.error("payment page: the connection to %s is not secure", error.url().host())


class Bridge(QObject):
    """The one object the relay sees, with one slot. Delivers after the call has returned."""

    def __init__(self, deliver: Callable[[str], None]) -> None:
        super().__init__()
        self._deliver = deliver

    @Slot(str)
    def post(self, raw: str) -> None:
        """Take one message of the relay."""
        self._deliver(raw)


class WebSession:
    """Profile, page, view and bridge of one payment; `dispose()` is the only safe way to end it."""

    def __init__(
        self,
        parent: QWidget,
        rules: RequestRules,
        *,
        relay: str,
        language: str,
        heard: Callable[[FormMessage], None],
        refused: Callable[[RefusedBecause], None],
    ) -> None:
        """`relay`: source of relay.js. `heard` and `refused` are called by the loop, not nested."""
        self._rules = rules
        self._heard = heard
        self._refused = refused
        self._paid = False
        self._disposed = False
        self._popup: Popup | None = None
        self.profile = QWebEngineProfile()
        self.profile.setHttpAcceptLanguage(language)
        self.profile.downloadRequested.connect(self._on_download)
        self.downloads_refused = 0
        self.interceptor = Interceptor(rules)
        self.profile.setUrlRequestInterceptor(self.interceptor)
        self.view = QWebEngineView(parent)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAcceptDrops(False)
        self.page = HardenedPage(self.profile, self.view, rules.allows_main_frame)
        self.page.newWindowRequested.connect(self._on_window_wanted)
        self.view.setPage(self.page)
        self._bridge = Bridge(self._on_posted)
        self._channel = QWebChannel()
        self._channel.registerObject("till", self._bridge)
        self.page.setWebChannel(self._channel, _World.value)
        self.page.scripts().insert(_relay_script(relay, rules.page))

    @property
    def is_off_the_record(self) -> bool:
        """Whether nothing of this session reaches the disk."""
        return self.profile.isOffTheRecord()

    @property
    def popup(self) -> Popup | None:
        """The window the buyer opened from the form, if one is open."""
        return self._popup

    def dispose(self) -> None:
        """Popup, page, profile, view: another order crashes at exit. Call from a plain event."""
        if self._disposed:
            return
        self._disposed = True
        self.close_popup()
        self.profile.setUrlRequestInterceptor(None)  # type: ignore[arg-type]  # null: none
        for part in (self.page, self.profile, self.view, self._channel, self._bridge):
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def close_popup(self) -> None:
        """Close the buyer's window, if any."""
        popup, self._popup = self._popup, None
        if popup is not None and shiboken6.isValid(popup):
            popup.dispose()

    def _on_posted(self, raw: str) -> None:
        if self._disposed:
            return
        foreign = origin_of(self.page.url().toString()) != self._rules.page
        QTimer.singleShot(0, lambda: self._take(raw, foreign=foreign))

    def _take(self, raw: str, *, foreign: bool) -> None:
        if self._disposed:
            return
        try:
            message = self._read(raw, foreign=foreign)
        except FormMessageRefused as refusal:
            _log.warning("payment page: a message was dropped (%s)", refusal.reason)
            self._refused(refusal.reason)
            return
        self._heard(message)

    def _read(self, raw: str, *, foreign: bool) -> FormMessage:
        if foreign:
            raise FormMessageRefused(RefusedBecause.FOREIGN_ORIGIN)
        message = parse_form_message(raw)
        if isinstance(message, PaidClaim):
            if self._paid:
                raise FormMessageRefused(RefusedBecause.REPEATED)
            self._paid = True
        return message

    def _on_download(self, request: QWebEngineDownloadRequest) -> None:
        request.cancel()
        self.downloads_refused += 1

    def _on_window_wanted(self, request: QWebEngineNewWindowRequest) -> None:
        wanted = request.requestedUrl().toString() or "about:blank"
        if (
            not request.isUserInitiated()
            or self._popup is not None
            or not self._rules.allows_popup(wanted)
        ):
            _log.info("payment page: a window was refused")
            return
        self._popup = Popup(self.profile, self.view.window(), self._rules, self._on_popup_closed)
        request.openIn(self._popup.page)
        self._popup.show()

    def _on_popup_closed(self) -> None:
        QTimer.singleShot(0, self.close_popup)


class Popup(QWidget):
    """A window the buyer opened from the form: same profile, no bridge (drop-in.md 6.3)."""

    def __init__(
        self,
        profile: QWebEngineProfile,
        owner: QWidget,
        rules: RequestRules,
        closed: Callable[[], None],
    ) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self._closed = closed
        self.setObjectName("payment_popup")
        self.setWindowTitle(tr("Payment provider"))
        self.resize(640, 720)
        self.view = QWebEngineView(self)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.page = HardenedPage(profile, self.view, rules.allows_popup)
        self.page.windowCloseRequested.connect(closed)
        self.view.setPage(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def closeEvent(self, event: object) -> None:
        """The buyer closed the window: tell the session, which takes it down."""
        self._closed()

    def dispose(self) -> None:
        """Delete page, then window."""
        shiboken6.delete(self.page)
        shiboken6.delete(self)


def _relay_script(relay: str, origin: str) -> QWebEngineScript:
    """Channel client and relay as one script in an isolated world, main frame only."""
    script = QWebEngineScript()
    script.setName("relay")
    script.setWorldId(_World.value)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setRunsOnSubFrames(False)
    script.setSourceCode(f"{_channel_client()}\n{relay.replace('{{origin}}', origin)}")
    return script


def _channel_client() -> str:
    """Qt's own qwebchannel.js; a script tag may not load it from our page."""
    file = QFile(":/qtwebchannel/qwebchannel.js")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise FileNotFoundError("Qt's qwebchannel.js is missing from this installation")
    try:
        return file.readAll().toStdString()
    finally:
        file.close()
