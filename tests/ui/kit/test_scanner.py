"""Scans: recognised anywhere by their rhythm, never in a field, never a button's press;
typing passes untouched.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.kit.actions import Action, ActionSet
from posapp.ui.kit.buttons import Button
from posapp.ui.kit.fields import QuantityEdit
from posapp.ui.kit.scanner import ScanFilter


class Keyboard:
    """A hand or a scanner at the keys, on a clock of its own."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> float:
        return self.seconds

    def press(self, key: str | Qt.Key, *, after_s: float) -> None:
        self.seconds += after_s
        target = QApplication.focusWidget()
        assert target is not None
        if isinstance(key, Qt.Key):
            QTest.keyClick(target, key)
        else:
            QTest.keyClicks(target, key)

    def scan(self, code: str, *, end: Qt.Key = Qt.Key.Key_Return) -> None:
        for character in code:
            self.press(character, after_s=0.004)
        self.press(end, after_s=0.004)

    def type(self, text: str) -> None:
        for character in text:
            self.press(character, after_s=0.15)


class Till(QWidget):
    """A window with all a scan might hit."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.pay_button = Button("Pay", name="pay_button")
        self.quantity = QuantityEdit(1, name="quantity")
        self.name_edit = QLineEdit()
        column = QVBoxLayout(self)
        for widget in (self.pay_button, self.quantity, self.name_edit):
            column.addWidget(widget)
        self.pay_button.clicked.connect(lambda: self.pressed.append("pay"))
        self.actions_of_screen = ActionSet(
            self, [Action("fulfil", "Fulfil", lambda: self.pressed.append("fulfil"), "F")]
        )


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


@pytest.fixture
def scans(keyboard: Keyboard, qapp: QApplication) -> Iterator[tuple[ScanFilter, list[str]]]:
    heard: list[str] = []
    watcher = ScanFilter(keyboard.now)
    watcher.scanned.connect(heard.append)
    watcher.install(qapp)
    yield watcher, heard
    watcher.remove()


@pytest.fixture
def till(qtbot: QtBot) -> Till:
    made = Till()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


Scans = tuple[ScanFilter, list[str]]


def test_a_scan_never_lands_in_a_quantity(till: Till, keyboard: Keyboard, scans: Scans) -> None:
    till.quantity.edit.setFocus()
    keyboard.scan("4006381333931")
    assert scans[1] == ["4006381333931"]
    assert till.quantity.quantity() == 1
    assert till.quantity.edit.text() == "1"


def test_a_scan_never_presses_a_button_or_a_key_of_the_screen(
    till: Till, keyboard: Keyboard, scans: Scans
) -> None:
    till.pay_button.setFocus()
    keyboard.scan("FF F 77")
    assert scans[1] == ["FF F 77"]
    assert till.pressed == []


def test_a_scan_may_end_with_tab(till: Till, keyboard: Keyboard, scans: Scans) -> None:
    till.name_edit.setFocus()
    keyboard.scan("SKU-9912", end=Qt.Key.Key_Tab)
    assert scans[1] == ["SKU-9912"]
    assert till.name_edit.hasFocus()
    assert till.name_edit.text() == ""


def test_a_person_types_as_if_nothing_were_there(
    qtbot: QtBot, till: Till, keyboard: Keyboard, scans: Scans
) -> None:
    till.name_edit.setFocus()
    keyboard.type("Nina")
    qtbot.waitUntil(lambda: till.name_edit.text() == "Nina")
    keyboard.press(Qt.Key.Key_Return, after_s=0.2)
    assert till.name_edit.text() == "Nina"
    assert scans[1] == []


def test_a_quick_pair_of_keys_is_not_a_scan(
    qtbot: QtBot, till: Till, keyboard: Keyboard, scans: Scans
) -> None:
    till.name_edit.setFocus()
    keyboard.press("4", after_s=1)
    keyboard.press("2", after_s=0.01)
    keyboard.press(Qt.Key.Key_Return, after_s=0.01)
    assert till.name_edit.text() == "42"
    assert scans[1] == []


def test_a_burst_without_its_end_goes_to_the_field(
    qtbot: QtBot, till: Till, keyboard: Keyboard, scans: Scans
) -> None:
    till.name_edit.setFocus()
    for character in "12345":
        keyboard.press(character, after_s=0.005)
    assert till.name_edit.text() == ""
    qtbot.waitUntil(lambda: till.name_edit.text() == "12345")
    assert scans[1] == []


def test_a_single_letter_still_does_its_action_when_a_person_presses_it(
    qtbot: QtBot, till: Till, keyboard: Keyboard, scans: Scans
) -> None:
    till.pay_button.setFocus()
    keyboard.press("f", after_s=1)
    qtbot.waitUntil(lambda: till.pressed == ["fulfil"])
    assert scans[1] == []


def test_keys_with_control_pass_at_once(till: Till, keyboard: Keyboard, scans: Scans) -> None:
    locked: list[str] = []
    QShortcut(QKeySequence("Ctrl+L"), till).activated.connect(lambda: locked.append("locked"))
    till.name_edit.setFocus()
    QTest.keyClick(till.name_edit, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert locked == ["locked"]


def test_while_a_payment_view_exists_no_key_passes_through_the_filter(
    till: Till, keyboard: Keyboard, scans: Scans
) -> None:
    watcher, heard = scans
    first, second = watcher.stand_aside(), watcher.stand_aside()
    assert not watcher.is_watching
    till.name_edit.setFocus()
    keyboard.scan("4111111111111111")
    assert heard == []
    first()
    first()
    assert not watcher.is_watching
    second()
    assert watcher.is_watching
    keyboard.scan("SKU-1234")
    assert heard == ["SKU-1234"]


def test_once_removed_it_stays_away(till: Till, keyboard: Keyboard, scans: Scans) -> None:
    watcher, heard = scans
    come_back = watcher.stand_aside()
    watcher.remove()
    come_back()
    till.name_edit.setFocus()
    keyboard.scan("SKU-1234")
    assert heard == []
    assert till.name_edit.text() == "SKU-1234"


def test_the_filter_is_at_the_keyboard_and_never_on_the_application(
    till: Till, keyboard: Keyboard, scans: Scans, qapp: QApplication
) -> None:
    """A filter on the application meets the web engine's own objects, and Qt's binding crashes on
    them: the legal texts took the keyboard and the program was gone.
    """
    met: list[QObject] = []

    class Met(ScanFilter):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            met.append(watched)
            return super().eventFilter(watched, event)

    watcher = Met(keyboard.now)
    watcher.install(qapp)
    till.name_edit.setFocus()
    met.clear()
    QCoreApplication.sendEvent(QObject(till), QEvent(QEvent.Type.User))
    QCoreApplication.sendEvent(till.pay_button, QEvent(QEvent.Type.User))
    assert met == []
    keyboard.press("4", after_s=1)
    assert set(met) == {till.name_edit}
    till.pay_button.setFocus()
    met.clear()
    keyboard.press("5", after_s=1)
    assert set(met) == {till.pay_button}
    watcher.remove()
    met.clear()
    keyboard.press("6", after_s=1)
    assert met == []
