"""The look:
every pair of colours that meets on screen can be read, every theme fills every template, every
icon draws.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posapp.config import resources
from posapp.ui.kit import icons, theme
from posapp.ui.kit.theme import Density, Metrics, Tone, Type, UnknownToken

TEXT, MARK = 4.5, 3.0

GROUNDS = ("window", "surface", "raised", "sunken", "hover", "selection")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("text", "text_muted") for ground in GROUNDS],
    ("text", "pressed"),
    ("text", "accent_soft"),
    *[("accent_text", ground) for ground in ("window", "surface", "hover", "accent_soft")],
    *[("on_accent", face) for face in ("accent", "accent_hover", "accent_pressed")],
    *[("on_danger", face) for face in ("danger", "danger_hover", "danger_pressed")],
    *[("rail_text", ground) for ground in ("rail", "rail_hover")],
    ("rail_text_active", "rail_active"),
    *[(tone.value, f"{tone}_soft") for tone in Tone],
    *[(tone.value, ground) for tone in Tone for ground in ("surface", "window", "selection")],
    *[("text", f"{tone}_soft") for tone in Tone],
    *[(f"{tone}_on", f"{tone}_solid") for tone in Tone],
    ("training_on", "training"),
    ("test_on", "test"),
]
MARK_PAIRS = [
    *[("line_strong", ground) for ground in ("surface", "raised", "window")],
    *[("focus", ground) for ground in GROUNDS],
    *[("accent", ground) for ground in ("surface", "window", "raised")],
    *[("danger", ground) for ground in ("surface", "raised")],
    ("rail_mark", "rail"),
    ("rail_mark", "rail_active"),
    ("training", "training_stripe"),
]


def luminance(color: QColor) -> float:
    """WCAG 2.2: relative luminance."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = linear(color.redF()), linear(color.greenF()), linear(color.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2: contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> None:
    theme.apply(qapp, theme.load("light"))


@pytest.mark.parametrize("name", theme.BUILT_IN)
def test_text_and_marks_can_be_read_in_every_theme(name: str) -> None:
    look = theme.load(name)
    poor = [
        f"{ink} on {ground}: {ratio:.2f} < {least}"
        for pairs, least in ((TEXT_PAIRS, TEXT), (MARK_PAIRS, MARK))
        for ink, ground in pairs
        if (ratio := contrast(look.color(ink), look.color(ground))) < least
    ]
    assert poor == []


def test_every_theme_has_the_same_tokens() -> None:
    tokens = [set(theme.load(name).colors) for name in theme.BUILT_IN]
    assert tokens[0] == tokens[1] == tokens[2]


def test_the_extremes_of_contrast_are_known() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("white"), QColor("white")) == pytest.approx(1)


@pytest.mark.parametrize("name", theme.BUILT_IN)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_template_is_filled(name: str, scale: float) -> None:
    sheet = theme.style_sheet(theme.load(name), Metrics(scale))
    assert "$" not in sheet
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(Path(picture).is_file() for picture in pictures)


@pytest.mark.parametrize("name", theme.BUILT_IN)
def test_the_marks_drawn_by_the_style_sheet_have_the_themes_colours(name: str) -> None:
    look = theme.load(name)
    for mark, token in (("check", "on_accent"), ("dash", "on_accent"), ("chevron", "text_muted")):
        assert look.colors[token] in resources.text("themes", name, f"{mark}.svg")


def test_applying_a_theme_dresses_the_program_and_clamps_the_scale(qapp: QApplication) -> None:
    theme.apply(qapp, theme.load("dark"), scale=9, density=Density.TOUCH)
    assert theme.current().name == "dark"
    assert theme.metrics() == Metrics(2.0, Density.TOUCH)
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.current().color("window")
    assert qapp.font().pixelSize() == 28


def test_text_grows_no_further_than_the_screen_can_hold() -> None:
    touch = theme.Density.TOUCH
    assert theme.fitting(2.0, 1920, 1080) == 2.0
    assert theme.fitting(1.25, 1280, 800) == 1.25
    assert round(theme.fitting(2.0, 1280, 800), 1) == 1.5
    assert round(theme.fitting(2.0, 1280, 800, touch), 2) == 1.13
    assert theme.fitting(1.0, 800, 600) == 1.0


def test_targets_are_large_enough_for_a_finger_in_touch_density() -> None:
    sizes = Metrics(1.0, Density.TOUCH)
    assert sizes.control_height >= 44
    assert sizes.row_height >= 44
    assert Metrics().control_height >= 24


def test_figures_have_one_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetrics

    for kind in Type:
        measure = QFontMetrics(theme.font(kind))
        assert len({measure.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_an_unknown_token_is_an_error() -> None:
    with pytest.raises(UnknownToken):
        theme.current().color("mauve")


def test_a_property_dresses_a_label_anew(qtbot: QtBot) -> None:
    label = QLabel("42")
    qtbot.addWidget(label)
    theme.set_type(label, Type.DISPLAY)
    label.ensurePolished()
    assert label.font().pixelSize() == 40
    theme.set_type(label, Type.CAPTION)
    assert label.font().pixelSize() == 12


@pytest.mark.parametrize(
    "path", sorted(resources.folder().glob("icons/*.svg")), ids=lambda p: p.stem
)
def test_every_icon_is_of_the_set_and_draws_in_the_colour_asked_for(
    path: Path, qapp: QApplication
) -> None:
    drawing = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert not re.search(r"#[0-9A-Fa-f]{3,8}|rgb", drawing)
    picture = icons.tinted(path.stem, QColor("#112233").rgba(), 24, 2.0).toImage()
    assert (picture.width(), picture.height()) == (48, 48)
    pixels = [picture.pixelColor(x, y) for x in range(48) for y in range(48)]
    inked = [pixel for pixel in pixels if pixel.alpha() > 250]
    assert inked
    assert all(abs(p.red() - 0x11) + abs(p.blue() - 0x33) <= 4 for p in inked)  # rounding only


def test_every_tone_has_an_icon_and_a_missing_icon_is_an_error(qapp: QApplication) -> None:
    assert {icons.icon(name).isNull() for name in icons.FOR_TONE.values()} == {False}
    assert set(icons.FOR_TONE) == set(Tone)
    with pytest.raises(resources.ResourceMissing):
        icons.pixmap("no_such_icon")


def test_every_icon_the_kit_names_exists() -> None:
    kit = Path(icons.__file__).parent
    named = {
        name
        for module in kit.glob("*.py")
        for name in re.findall(r'icon="([a-z_]+)"', module.read_text(encoding="utf-8"))
    }
    assert named
    assert {
        name for name in named if not (resources.folder() / "icons" / f"{name}.svg").is_file()
    } == set()
