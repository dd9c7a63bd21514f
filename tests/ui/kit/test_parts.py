"""The smaller parts:
what they say to the eye they also say to a screen reader, in every theme and size.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.kit import theme
from posapp.ui.kit.address_form import AddressField, AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.busy import BusyOverlay
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import Field, MoneyEdit, QuantityEdit, ScanEdit
from posapp.ui.kit.mode_frame import Mode, ModeFrame, word_of
from posapp.ui.kit.panels import Card, Detail, DetailRows, Rule
from posapp.ui.kit.rail import Rail, RailItem
from posapp.ui.kit.release_light import Light, ReleaseLight, words_of
from posapp.ui.kit.spinner import Spinner
from posapp.ui.kit.status_bar import StatusBar, StatusChip
from posapp.ui.kit.step_bar import StepBar, StepState
from posapp.ui.kit.texts import Amount, IconLabel, Pill, Text
from posapp.ui.kit.theme import Density, Tone, Type
from posapp.ui.kit.timeline import Entry, Timeline
from tests.helpers.screens import colors_in, is_blank, render

STEPS = ("Cart", "Customer", "Checkout", "Payment", "Review", "Done")


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> None:
    theme.apply(qapp, theme.load("light"))


def color(token: str) -> str:
    return theme.current().color(token).name()


def a_banner() -> QWidget:
    banner = Banner()
    banner.say("No answer for 20 s", "Nothing was handed over.", tone=Tone.PROBLEM, action="Check")
    return banner


def a_light() -> QWidget:
    light = ReleaseLight()
    light.set_light(Light.AMBER, "In review.")
    return light


def a_timeline() -> QWidget:
    line = Timeline()
    line.show_entries((Entry("10:14", "Accepted", tone=Tone.READY), Entry("10:12", "Placed")))
    return line


PARTS: dict[str, Callable[[], QWidget]] = {
    "button": lambda: Button("Pay", name="pay", kind=Kind.PRIMARY, key="F12", icon="pay"),
    "pill": lambda: Pill("Ready", Tone.READY),
    "icon": lambda: IconLabel("sell"),
    "banner": a_banner,
    "empty": lambda: EmptyState("orders", "Nothing to ship", action="Show all"),
    "steps": lambda: StepBar(STEPS),
    "light": a_light,
    "timeline": a_timeline,
    "rail": lambda: Rail((RailItem("sale", "Sell", "sell"),)),
    "frame": lambda: ModeFrame(Card("Hello"), Mode.TRAINING),
    "chip": lambda: StatusChip("feed", "live, 2 s", name="feed_chip", tone=Tone.WAIT),
    "spinner": Spinner,
    "details": lambda: DetailRows((Detail("Total", "€48.79", is_amount=True),)),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", theme.BUILT_IN)
def test_every_part_is_painted_in_every_theme(
    qtbot: QtBot, qapp: QApplication, part: str, name: str
) -> None:
    theme.apply(qapp, theme.load(name), scale=1.25)
    widget = PARTS[part]()
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint().expandedTo(QSize(60, 40)))
    assert not is_blank(render(widget))


@pytest.mark.parametrize("part", ["button", "pill", "steps", "rail", "chip", "icon"])
def test_every_part_grows_with_the_text(qtbot: QtBot, qapp: QApplication, part: str) -> None:
    widget = PARTS[part]()
    qtbot.addWidget(widget)
    before = widget.sizeHint()
    theme.apply(qapp, theme.load("light"), scale=2.0)
    after = widget.sizeHint()
    assert after.height() > before.height()
    assert after.width() > before.width()


def test_where_room_is_short_a_button_gives_up_its_key_and_never_its_word(qtbot: QtBot) -> None:
    keyed, plain = Button("Ship", name="a", key="Alt+S"), Button("Ship", name="b")
    for button in (keyed, plain):
        qtbot.addWidget(button)
        button.resize(plain.sizeHint())
    assert keyed.minimumSizeHint() == plain.minimumSizeHint()
    assert keyed.sizeHint().width() > plain.sizeHint().width()
    assert keyed.grab().toImage() == plain.grab().toImage()
    keyed.resize(keyed.sizeHint())
    plain.resize(keyed.sizeHint())
    assert keyed.grab().toImage() != plain.grab().toImage()


def test_where_room_is_short_steps_are_their_numbers_and_the_current_one_has_its_word(
    qtbot: QtBot,
) -> None:
    bar = StepBar(STEPS)
    qtbot.addWidget(bar)
    bar.set_current(2)
    bar.resize(bar.sizeHint())
    whole = [bar.step_box(step).width() for step in range(6)]
    bar.resize(bar.sizeHint().width() - 40, bar.height())
    short = [bar.step_box(step).width() for step in range(6)]
    assert short[2] == whole[2]
    assert all(short[at] < whole[at] for at in (0, 1, 3, 4, 5))
    assert bar.step_box(5).right() <= bar.width()
    assert not is_blank(render(bar))


@pytest.mark.parametrize("size", Size)
def test_a_finger_can_press_every_button_in_touch_density(
    qtbot: QtBot, qapp: QApplication, size: Size
) -> None:
    theme.apply(qapp, theme.load("light"), density=Density.TOUCH)
    for text in ("Pay", ""):
        button = Button(text, name="b", icon="pay", size=size)
        qtbot.addWidget(button)
        assert button.sizeHint().height() >= 44
        assert button.sizeHint().width() >= 44


def test_a_button_shows_and_takes_its_key(qtbot: QtBot) -> None:
    window = Card()
    qtbot.addWidget(window)
    button = Button("Customer", name="customer_button", key="F12")
    window.add(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert pressed == [1]
    assert (button.objectName(), button.accessibleName()) == ("customer_button", "Customer")
    assert button.accessibleDescription() == "F12"


def test_a_button_whose_word_changed_still_takes_its_key(qtbot: QtBot) -> None:
    window = Card()
    qtbot.addWidget(window)
    button = Button("Customer", name="forward_button", key="F12")
    shown_only = Button("Fulfil", name="fulfil_button", key="F", bind=False)
    window.add(button, shown_only)
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append(button.text()))
    shown_only.clicked.connect(lambda: pressed.append("not this one"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    for word in ("Checkout", "Checkout", "Payment"):
        button.set_text(word)
        QTest.keyClick(window, Qt.Key.Key_F12)
    shown_only.set_text("Cancel")
    QTest.keyClick(window, Qt.Key.Key_F)

    assert pressed == ["Checkout", "Checkout", "Payment"]
    assert button.accessibleName() == "Payment"


def test_a_button_looks_different_when_it_has_the_keyboard_and_when_it_is_off(
    qtbot: QtBot,
) -> None:
    window = Card()
    qtbot.addWidget(window)
    button, other = Button("Pay", name="a", kind=Kind.PRIMARY), Button("x", name="b")
    window.add(button, other)
    window.show()
    window.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    rest = render(button)
    button.setFocus()
    assert render(button) != rest
    button.setEnabled(False)
    assert color("accent") not in colors_in(render(button))


def test_a_working_button_turns_and_stops(qtbot: QtBot) -> None:
    button = Button("Pay", name="pay")
    qtbot.addWidget(button)
    button.show()
    rest = render(button)
    button.set_busy(True)
    first = button.grab().toImage()
    assert first != rest
    qtbot.waitUntil(lambda: button.grab().toImage() != first)
    button.set_busy(False)
    assert render(button) == rest


def test_steps_are_done_current_or_to_do(qtbot: QtBot) -> None:
    bar = StepBar(STEPS)
    qtbot.addWidget(bar)
    bar.resize(bar.sizeHint())
    bar.show()
    chosen: list[int] = []
    bar.step_chosen.connect(chosen.append)
    bar.set_current(3, done=[0, 2])
    states = [bar.state(step) for step in range(5)]
    done, current, todo = StepState.DONE, StepState.CURRENT, StepState.TODO
    assert states == [done, todo, done, current, todo]
    assert bar.accessibleName() == "Step 4 of 6: Payment"
    for step in range(6):
        centre = bar.step_box(step).center().toPoint()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)
    assert chosen == [0, 2]


@pytest.mark.parametrize(
    ("light", "words", "token"),
    [
        (Light.GREEN, "Release goods", "ready_solid"),
        (Light.AMBER, "Hold", "wait_solid"),
        (Light.RED, "Do not release", "problem_solid"),
        (Light.GREY, "Not known", "neutral_solid"),
    ],
)
def test_the_light_says_it_in_colour_and_in_words(
    qtbot: QtBot, light: Light, words: str, token: str
) -> None:
    lamp = ReleaseLight()
    qtbot.addWidget(lamp)
    lamp.resize(600, 160)
    lamp.set_light(light, "Because.")
    assert lamp.light is light
    assert lamp.command.text() == words == words_of(light)
    assert lamp.accessibleName() == f"{words}. Because."
    assert color(token) in colors_in(render(lamp))


def test_a_banner_says_acts_and_goes(qtbot: QtBot) -> None:
    window = Card()
    qtbot.addWidget(window)
    banner = Banner()
    window.add(banner)
    window.resize(500, 400)
    window.show()
    assert not banner.isVisible()
    heard: list[str] = []
    banner.acted.connect(lambda: heard.append("acted"))
    banner.closed.connect(lambda: heard.append("closed"))
    banner.say("Stale for 4 min", "Showing 10:12. " * 12, tone=Tone.WAIT, action="Ask again")
    assert banner.isVisible()
    assert banner.accessibleName().startswith("Stale for 4 min")
    QApplication.processEvents()
    tall = banner.height()
    assert banner.body.height() >= banner.body.heightForWidth(banner.body.width())
    banner.action_button.click()
    banner.close_button.click()
    assert heard == ["acted", "closed"]
    assert not banner.isVisible()
    banner.say("Short", can_close=False)
    QApplication.processEvents()
    assert banner.height() < tall
    assert not banner.close_button.isVisible()


def test_the_rail_marks_where_one_is_and_counts_what_waits(qtbot: QtBot) -> None:
    rail = Rail(
        (RailItem("sale", "Sell", "sell"), RailItem("orders", "Orders", "orders")),
        foot=(RailItem("lock", "Lock", "lock"),),
    )
    qtbot.addWidget(rail)
    gone: list[str] = []
    rail.place_chosen.connect(gone.append)
    rail.button("orders").click()
    rail.button("lock").click()
    assert gone == ["orders", "lock"]
    assert rail.current() == "orders"
    rail.set_count("orders", 12)
    rail.set_count("nowhere", 3)
    assert rail.button("orders").accessibleName() == "Orders, 12"
    rail.set_items((RailItem("orders", "Orders", "orders"),))
    assert rail.current() == "orders"


@pytest.mark.parametrize("mode", [Mode.TRAINING, Mode.TEST])
def test_the_frame_shows_the_mode_in_colour_and_in_words(qtbot: QtBot, mode: Mode) -> None:
    frame = ModeFrame(Card(), mode)
    qtbot.addWidget(frame)
    frame.resize(600, 300)
    assert color(mode.value) in colors_in(render(frame))
    assert frame.accessibleName() == word_of(mode)
    frame.set_mode(Mode.LIVE)
    assert frame.mode is Mode.LIVE
    margins = frame.layout().contentsMargins()  # type: ignore[union-attr]
    assert (margins.left(), margins.top()) == (0, 0)
    assert color(mode.value) not in colors_in(render(frame))


def test_a_timeline_is_not_rebuilt_when_nothing_happened(qtbot: QtBot) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    entries = (Entry("10:14", "Accepted", "by Digital River"), Entry("10:12", "Placed"))
    line.show_entries(entries)
    widgets = line.findChildren(QLabel)
    line.show_entries(list(entries))
    assert line.findChildren(QLabel) == widgets
    line.show_entries((Entry("10:16", "Fulfilled"), *entries))
    assert [entry.title for entry in line.entries] == ["Fulfilled", "Accepted", "Placed"]


class Windows(QObject):
    """Remembers what was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_little_window_flashes_when_a_timeline_fills(qtbot: QtBot, qapp: QApplication) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.show()
    windows = Windows()
    qapp.installEventFilter(windows)
    try:
        line.show_entries(
            (Entry("10:14", "Accepted", "by Digital River"), Entry("10:12", "Placed"))
        )
    finally:
        qapp.removeEventFilter(windows)

    assert windows.seen == []
    told = [label.text() for label in line.findChildren(QLabel) if label.text()]
    assert told == ["Accepted", "by Digital River", "10:14", "Placed", "10:12"]


def test_a_pressed_chip_says_which(qtbot: QtBot) -> None:
    feed = StatusChip("feed", "live, 2 s", name="feed_chip")
    bar = StatusBar((feed,), (StatusChip("printer", "ready", name="printer_chip"),))
    qtbot.addWidget(bar)
    pressed: list[str] = []
    bar.chip_pressed.connect(pressed.append)
    feed.say("stale 4 min", Tone.WAIT, tip="Showing 10:12")
    feed.click()
    assert pressed == ["feed_chip"]
    assert feed.tone is Tone.WAIT
    assert feed.accessibleName() == "stale 4 min Showing 10:12"


def test_a_veil_covers_what_works_and_can_be_left(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    page.setGeometry(10, 20, 300, 200)
    veil = BusyOverlay(page, "Asking…", leave="Leave")
    left: list[int] = []
    veil.left.connect(lambda: left.append(1))
    window.show()
    veil.start()
    page.setGeometry(0, 0, 400, 250)
    assert veil.geometry() == page.geometry()
    veil.say("Still asking…", "Nothing is lost.")
    assert veil.detail.isVisible()
    veil.leave_button.click()
    assert left == [1]


def test_facts_stand_in_two_columns_and_are_replaced(qtbot: QtBot) -> None:
    facts = DetailRows((Detail("Subtotal", "€41.00", is_amount=True), Detail("VAT", "€7.79")))
    qtbot.addWidget(facts)
    facts.show_details((Detail("Total", "€48.79", is_amount=True, is_strong=True),))
    QApplication.processEvents()
    shown = [label for label in facts.findChildren(Text) if not label.isHidden()]
    assert [label.text() for label in shown] == ["Total", "€48.79"]
    assert shown[1].accessibleName() == "Total: €48.79"
    assert isinstance(shown[1], Amount)


def test_words_take_type_and_tone(qtbot: QtBot) -> None:
    words = Text("Charged", Type.TITLE, name="charged")
    qtbot.addWidget(words)
    words.say("Failed", Tone.PROBLEM)
    words.ensurePolished()
    assert words.text() == "Failed"
    assert words.property("tone") == "problem"
    assert words.font().pixelSize() == 17
    pill = Pill("Ready", Tone.READY, solid=True, name="pill")
    qtbot.addWidget(pill)
    pill.say("Blocked", Tone.PROBLEM)
    assert (pill.word, pill.tone, pill.accessibleName()) == ("Blocked", Tone.PROBLEM, "Blocked")
    assert color("problem_solid") in colors_in(render(pill), step=1)


def test_an_empty_place_says_what_to_do(qtbot: QtBot) -> None:
    empty = EmptyState("orders", "Nothing to ship", "They come by themselves.", action="Show all")
    qtbot.addWidget(empty)
    acted: list[int] = []
    empty.acted.connect(lambda: acted.append(1))
    empty.action_button.click()
    empty.say("search", "Nothing found", "")
    assert acted == [1]
    assert empty.sentence.text() == "Nothing found"
    assert Rule(vertical=True).width() >= 1


def test_a_banner_at_rest_asks_for_nothing(qtbot: QtBot) -> None:
    window = Card()
    qtbot.addWidget(window)
    banner = a_banner()
    window.add(banner)
    window.resize(500, 300)
    window.show()
    qtbot.waitExposed(window)
    for _ in range(20):
        QApplication.processEvents()
    asked: list[int] = []

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            asked.extend([1] if event.type() == QEvent.Type.LayoutRequest else [])
            return False

    watch = Watch()
    banner.installEventFilter(watch)
    for _ in range(20):
        QApplication.processEvents()
    assert asked == []


def test_everything_one_can_press_or_fill_has_a_name(qtbot: QtBot) -> None:
    page = Card()
    qtbot.addWidget(page)
    page.add(*[build() for build in PARTS.values()])
    page.add(
        ScanEdit("Scan or search", name="scan_edit"),
        Field("Amount", MoneyEdit("EUR", name="amount_edit")),
        QuantityEdit(1, name="quantity"),
        AddressForm((AddressField("city", "City"),)),
    )
    pressable = [*page.findChildren(QAbstractButton), *page.findChildren(QLineEdit)]
    assert len(pressable) > 12
    shown = [widget for widget in pressable if not widget.isHidden()]
    assert [w for w in shown if not w.objectName()] == []
    assert [w.objectName() for w in shown if not w.accessibleName()] == []
