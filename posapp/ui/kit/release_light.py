"""The big light: may the goods go? Colour, icon and words always together. Shows a decision;
never makes one.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from posapp.domain.words import tr
from posapp.ui.kit import theme
from posapp.ui.kit.banner import announce
from posapp.ui.kit.panels import column, row
from posapp.ui.kit.texts import IconLabel
from posapp.ui.kit.theme import Tone, Type


class Light(StrEnum):
    """What the light says."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


_TONES = {
    Light.GREEN: (Tone.READY, "release"),
    Light.AMBER: (Tone.WAIT, "hold_goods"),
    Light.RED: (Tone.PROBLEM, "do_not_release"),
    Light.GREY: (Tone.NEUTRAL, "unknown"),
}


def words_of(light: Light) -> str:
    """Return the command the light gives, in the reader's language."""
    match light:
        case Light.GREEN:
            return tr("Release goods")
        case Light.AMBER:
            return tr("Hold")
        case Light.RED:
            return tr("Do not release")
        case Light.GREY:
            return tr("Not known")


class ReleaseLight(QWidget):
    """One large field that can be read from two metres."""

    def __init__(
        self, parent: QWidget | None = None, *, name: str = "release_light", compact: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._light = Light.GREY
        self._compact = compact
        self._icon = IconLabel("unknown", "neutral_on", 28 if compact else 64)
        self.command = QLabel(self)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.command.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self._build()
        self.set_light(Light.GREY)

    @property
    def light(self) -> Light:
        """What it shows."""
        return self._light

    def set_light(self, light: Light, reason: str = "", *, command: str = "") -> None:
        """Show a light, why, and the command in other words than the usual ones if given."""
        has_changed = light is not self._light
        self._light = light
        tone, icon = _TONES[light]
        self._icon.set_icon(icon, f"{tone}_on")
        self.command.setText(command or words_of(light))
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.setAccessibleName(f"{self.command.text()}. {reason}".strip())
        self._dress()
        if has_changed:
            announce(self, self.accessibleName(), is_urgent=light is Light.RED)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's override: the field, with an edge that shows without colour too."""
        tone, _icon = _TONES[self._light]
        colors = theme.current().tone(tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colors.solid)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(self.rect(), 12, 12)
        if self._light is Light.GREY:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.on_solid, 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.rect().adjusted(5, 5, -5, -5), 8, 8)

    def _build(self) -> None:
        words = column(self.command, self.reason, gap=0.5)
        edge = 1.5 if self._compact else 3
        line = row(self._icon, words, gap=1.5 if self._compact else 3, margins=edge)
        line.setStretch(1, 1)
        self.setLayout(line)

    def _dress(self) -> None:
        tone, _icon = _TONES[self._light]
        big, small = (Type.TITLE, Type.BODY) if self._compact else (Type.DISPLAY, Type.LEAD)
        for label, kind in ((self.command, big), (self.reason, small)):
            theme.set_type(label, kind)
            theme.set_property(label, "onSolid", tone.value)
        self.update()
