"""Icons by meaning: single-colour drawings, tinted and rendered for the screen they stand on.
Never a colour of its own.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from posapp.config import resources
from posapp.ui.kit import theme
from posapp.ui.kit.theme import Tone

FOR_TONE = {
    Tone.NEUTRAL: "dot",
    Tone.INFO: "info",
    Tone.WAIT: "waiting",
    Tone.READY: "release",
    Tone.DONE: "check",
    Tone.PROBLEM: "warning",
}


def pixmap(name: str, color: str = "text", size: int | None = None, dpr: float = 0) -> QPixmap:
    """Return the icon in the colour of a theme token, `size` logical pixels wide.

    Raises ResourceMissing for a name without a drawing, UnknownToken for a colour no theme has.
    """
    ratio = dpr or _screen_ratio()
    return tinted(name, theme.current().color(color).rgba(), size or theme.metrics().icon, ratio)


def icon(name: str, color: str = "text", size: int | None = None) -> QIcon:
    """Return the icon for a Qt widget, with its disabled state;
    widgets ask again when the theme changes.
    """
    made = QIcon()
    for ratio in {1.0, 2.0, _screen_ratio()}:
        made.addPixmap(pixmap(name, color, size, ratio), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, "text_faint", size, ratio), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=2048)
def tinted(name: str, rgba: int, size: int, dpr: float) -> QPixmap:
    """Return the drawing in one colour (0xAARRGGBB) at `size` logical pixels for a pixel ratio."""
    drawing = _drawing(name).replace("currentColor", QColor.fromRgba(rgba).name())
    made = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(QColor.fromRgba(rgba).alphaF())
    QSvgRenderer(QByteArray(drawing.encode())).render(
        painter, QRectF(0, 0, made.width(), made.height())
    )
    painter.end()
    made.setDevicePixelRatio(dpr)
    return made


@cache
def _drawing(name: str) -> str:
    return resources.text("icons", f"{name}.svg")


def _screen_ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio()
