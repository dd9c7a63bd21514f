"""The look: tokens, type scale, spacing, palette, style sheet. The only reader of
`resources/themes`. Knows no screen.

    theme.apply(app, theme.load("dark"), scale=1.25, density=Density.TOUCH)
    theme.current().color("accent"), theme.metrics().space(2), theme.font(Type.TITLE)

A widget that paints itself asks `current()` while painting, and repaints when Qt sends it a style
change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from posapp.config import resources

BUILT_IN = ("light", "dark", "contrast")
STYLES = ("00_base.qss", "10_controls.qss", "20_tables.qss", "30_parts.qss")
SMALLEST_SCALE, LARGEST_SCALE = 1.0, 2.0


class UnknownToken(KeyError):
    """The code names a colour that no theme has: a fault of ours."""


class Tone(StrEnum):
    """What a state means to the person who looks; always shown with an icon and a word."""

    NEUTRAL = "neutral"
    INFO = "info"
    WAIT = "wait"
    READY = "ready"
    DONE = "done"
    PROBLEM = "problem"


class Density(StrEnum):
    """How large targets are: for a mouse, or at least 44 px for a finger."""

    MOUSE = "mouse"
    TOUCH = "touch"


class Type(StrEnum):
    """The type scale; the value is the `type` property that style sheets know."""

    CAPTION = "caption"
    BODY = "body"
    STRONG = "strong"
    LEAD = "lead"
    TITLE = "title"
    HEADING = "heading"
    AMOUNT = "amount"
    DISPLAY = "display"


# Pixels at 100 %, and the weight (400 regular, 600 strong).
_TYPES: Mapping[Type, tuple[int, int]] = {
    Type.CAPTION: (12, 400),
    Type.BODY: (14, 400),
    Type.STRONG: (14, 600),
    Type.LEAD: (16, 400),
    Type.TITLE: (17, 600),
    Type.HEADING: (22, 600),
    Type.AMOUNT: (28, 600),
    Type.DISPLAY: (40, 600),
}


@dataclass(frozen=True, slots=True)
class ToneColors:
    """The four colours of one tone:

    words and marks, their soft ground, a solid ground, words on the solid one.
    """

    mark: QColor
    soft: QColor
    solid: QColor
    on_solid: QColor


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colour tokens."""

    name: str
    title: str
    is_dark: bool
    colors: Mapping[str, str]

    def color(self, token: str) -> QColor:
        """Return the colour of this token. Raises UnknownToken."""
        try:
            return QColor(self.colors[token])
        except KeyError:
            raise UnknownToken(token) from None

    def tone(self, tone: Tone) -> ToneColors:
        """Return the colours of a tone."""
        return ToneColors(
            self.color(tone.value),
            self.color(f"{tone}_soft"),
            self.color(f"{tone}_solid"),
            self.color(f"{tone}_on"),
        )


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes in device-independent pixels at one text scale and density."""

    scale: float = 1.0
    density: Density = Density.MOUSE

    def space(self, steps: float = 1) -> int:
        """Return a distance on the 8 px grid: one step is 8 px."""
        return round(8 * steps)

    def px(self, at_100_percent: float) -> int:
        """Return a size that grows with the text."""
        return round(at_100_percent * self.scale)

    def font_px(self, kind: Type) -> int:
        """Return the height of this type in pixels."""
        return self.px(_TYPES[kind][0])

    @property
    def control_height(self) -> int:
        """Height of buttons and fields: 36 px for a mouse, 48 px for a finger."""
        return self.px(36 if self.density is Density.MOUSE else 48)

    @property
    def row_height(self) -> int:
        """Height of a table's row: 36 px for a mouse, 48 px for a finger."""
        return self.px(36 if self.density is Density.MOUSE else 48)

    @property
    def icon(self) -> int:
        """Side of an icon beside text."""
        return self.px(18)

    @property
    def radius(self) -> int:
        """Radius of a control's corner."""
        return 6


@cache
def load(name: str) -> Theme:
    """Read a theme: "light", "dark" or "contrast". Raises ResourceMissing."""
    read = tomllib.loads(resources.text("themes", f"{name}.toml"))
    return Theme(name, str(read["title"]), bool(read["is_dark"]), dict(read["colors"]))


class _Look:
    """What is applied now; one for the program, as the style sheet is."""

    def __init__(self) -> None:
        self.theme: Theme | None = None
        self.metrics = Metrics()


_look = _Look()


def current() -> Theme:
    """Return the theme in use; light until one is applied."""
    if _look.theme is None:
        _look.theme = load("light")
    return _look.theme


def metrics() -> Metrics:
    """Return the sizes in use."""
    return _look.metrics


_LEAST_ROOM = {Density.MOUSE: (853, 533), Density.TOUCH: (1130, 707)}  # px at 100 % text


def fitting(scale: float, width: int, height: int, density: Density = Density.MOUSE) -> float:
    """Return the text scale asked for, or the largest below it that a screen of this size holds:
    150 % at 1280×800, 113 % there in touch density, 200 % at 1920×1080.
    """
    least_width, least_height = _LEAST_ROOM[density]
    return max(SMALLEST_SCALE, min(scale, width / least_width, height / least_height))


def apply(
    app: QApplication,
    theme: Theme,
    *,
    scale: float = 1.0,
    density: Density = Density.MOUSE,
) -> None:
    """Dress the whole program; every widget repaints. `scale` is clamped to 1–2."""
    _look.theme = theme
    _look.metrics = Metrics(min(max(scale, SMALLEST_SCALE), LARGEST_SCALE), density)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(theme))
    app.setFont(font(Type.BODY))
    app.setStyleSheet(style_sheet(theme, _look.metrics))


def font(kind: Type = Type.BODY) -> QFont:
    """Return the font of this type: the system's, with figures of one width."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    made.setFamilies([*made.families(), "Segoe UI", "Noto Sans", "DejaVu Sans"])
    made.setPixelSize(metrics().font_px(kind))
    made.setWeight(QFont.Weight(_TYPES[kind][1]))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def set_type(widget: QWidget, kind: Type) -> None:
    """Give a label a place in the type scale (the style sheet does the rest)."""
    set_property(widget, "type", kind.value)


def set_tone(widget: QWidget, tone: Tone | None) -> None:
    """Give a widget a tone, or none."""
    set_property(widget, "tone", tone.value if tone else "")


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that style sheets select by, and dress the widget anew if it differs."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette in this theme's colours, for whatever the style sheet leaves alone."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, token in {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "sunken",
        role.Text: "text",
        role.PlaceholderText: "text_muted",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "on_danger",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent_text",
        role.LinkVisited: "accent_text",
        role.Accent: "accent",
        role.Light: "line",
        role.Midlight: "line",
        role.Mid: "line_strong",
        role.Dark: "line_strong",
        role.Shadow: "line_strong",
    }.items():
        made.setColor(which, theme.color(token))
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        made.setColor(QPalette.ColorGroup.Disabled, which, theme.color("text_faint"))
    return made


def style_sheet(theme: Theme, sizes: Metrics) -> str:
    """Return the style sheet: the templates filled with this theme's tokens."""
    tokens: dict[str, object] = dict(theme.colors)
    tokens |= {f"font_{kind}": f"{sizes.font_px(kind)}px" for kind in Type}
    tokens |= {f"space_{n}": f"{sizes.space(n)}px" for n in (1, 2, 3, 4)}
    tokens |= {
        "space_half": f"{sizes.space(0.5)}px",
        "radius": f"{sizes.radius}px",
        "radius_card": f"{sizes.radius + 4}px",
        "control": f"{sizes.control_height - 4}px",  # the two borders of 2 px are extra
        "control_small": f"{max(sizes.px(28), 44 if sizes.density is Density.TOUCH else 0)}px",
        "row": f"{sizes.row_height}px",
        "box": f"{sizes.px(18)}px",
        "box_round": f"{sizes.px(18) // 2 + 2}px",
        "dot": f"{sizes.px(8)}px",
        "dot_edge": f"{(sizes.px(18) + 4 - sizes.px(8)) // 2}px",
        "theme_dir": resources.path("themes", theme.name, "check.svg").parent.as_posix(),
    }
    return "\n".join(_filled(name, tokens) for name in STYLES)


def _filled(name: str, tokens: Mapping[str, object]) -> str:
    try:
        return Template(resources.text("styles", name)).substitute(tokens)
    except KeyError as missing:
        raise UnknownToken(f"{missing.args[0]} in styles/{name}") from None
