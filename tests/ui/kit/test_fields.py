"""What people fill in:
amounts read strictly, quantities within bounds, addresses that change with the country.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.money import Money
from posapp.ui.kit.address_form import AddressField, AddressForm
from posapp.ui.kit.fields import (
    Field,
    MoneyEdit,
    QuantityEdit,
    ScanEdit,
    money_words,
    plain_amount,
)
from posapp.ui.kit.panels import scrolled
from tests.helpers.waiting import settled, until


@pytest.mark.parametrize(
    ("locale", "currency", "typed", "minor"),
    [
        ("en_US", "USD", "1,234.50", 123450),
        ("en_US", "USD", "12", 1200),
        ("de_DE", "EUR", "1.234,50", 123450),
        ("de_DE", "EUR", "0,05", 5),
        ("ja_JP", "JPY", "6480", 6480),
        ("en_US", "KWD", "1.234", 1234),
    ],
)
def test_an_amount_is_read_as_the_reader_writes_it(
    qtbot: QtBot, locale: str, currency: str, typed: str, minor: int
) -> None:
    edit = MoneyEdit(currency, locale, name="amount")
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.amount() == Money(minor, currency)
    assert edit.problem() == ""


@pytest.mark.parametrize(
    ("locale", "currency", "typed"),
    [
        ("en_US", "USD", "1.234,50"),
        ("de_DE", "EUR", "1,234.50"),
        ("en_US", "USD", "12.345"),
        ("ja_JP", "JPY", "6480.5"),
        ("en_US", "USD", "-1"),
        ("en_US", "USD", "1e3"),
        ("en_US", "USD", "NaN"),
        ("en_US", "USD", ""),
        ("en_US", "USD", "abc"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(
    qtbot: QtBot, locale: str, currency: str, typed: str
) -> None:
    edit = MoneyEdit(currency, locale, name="amount")
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.amount() is None
    assert "amount" in edit.problem()


def test_an_amount_has_bounds_and_tells_when_it_changes(qtbot: QtBot) -> None:
    edit = MoneyEdit("EUR", name="amount", largest=Money(4879, "EUR"))
    qtbot.addWidget(edit)
    heard: list[Money | None] = []
    edit.amount_changed.connect(heard.append)
    edit.set_amount(Money(4879, "EUR"))
    edit.setText("48.80")
    assert heard == [Money(4879, "EUR"), None]
    assert "€48.79" in edit.problem()


def test_a_minus_is_a_true_minus() -> None:
    assert money_words(Money(-410, "EUR"), "en_US") == "\u2212€4.10"
    assert plain_amount(Money(123450, "EUR"), "de_DE") == "1.234,50"
    assert plain_amount(Money(6480, "JPY"), "en_US") == "6,480"


def test_a_quantity_stays_within_its_bounds(qtbot: QtBot) -> None:
    quantity = QuantityEdit(2, smallest=0, largest=3, name="quantity")
    qtbot.addWidget(quantity)
    heard: list[int] = []
    quantity.quantity_changed.connect(heard.append)
    QTest.keyClick(quantity.edit, Qt.Key.Key_Up)
    QTest.keyClick(quantity.edit, Qt.Key.Key_Up)
    assert not quantity.more_button.isEnabled()
    quantity.less_button.click()
    quantity.set_quantity(-5)
    assert not quantity.less_button.isEnabled()
    assert heard == [3, 2, 0]
    quantity.set_bounds(1, 2)
    assert quantity.quantity() == 1


def test_digits_typed_into_a_quantity_count_only_when_allowed(qtbot: QtBot) -> None:
    quantity = QuantityEdit(1, largest=20, name="quantity")
    qtbot.addWidget(quantity)
    quantity.edit.selectAll()
    QTest.keyClicks(quantity.edit, "15x")
    assert quantity.quantity() == 15
    QTest.keyClick(quantity.edit, Qt.Key.Key_Backspace)
    QTest.keyClick(quantity.edit, Qt.Key.Key_Backspace)
    assert quantity.quantity() == 1
    QTest.keyClick(quantity.edit, Qt.Key.Key_Return)
    assert quantity.edit.text() == "1"


def test_a_field_says_what_is_wrong_and_takes_it_back(qtbot: QtBot) -> None:
    field = Field("&Postal code", QLineEdit(), hint="Five digits.", name="postal_code")
    qtbot.addWidget(field)
    assert field.editor.objectName() == "postal_code"
    assert field.editor.accessibleName() == "Postal code"
    assert field.label.buddy() is field.editor
    field.set_error("That is not a German postal code.")
    assert field.error == "That is not a German postal code."
    assert field.editor.accessibleDescription() == field.error
    field.set_error("")
    assert field.error == ""
    assert field.note.text() == "Five digits."


def test_a_scan_field_submits_what_was_scanned_and_waits_for_typing_to_pause(
    qtbot: QtBot,
) -> None:
    scan = ScanEdit("Scan or search", name="scan_edit")
    qtbot.addWidget(scan)
    searched: list[str] = []
    submitted: list[str] = []
    scan.searched.connect(searched.append)
    scan.submitted.connect(submitted.append)
    QTest.keyClicks(scan.edit, " cab")
    assert searched == []
    qtbot.waitUntil(lambda: searched == ["cab"])
    QTest.keyClicks(scan.edit, "le")
    QTest.keyClick(scan.edit, Qt.Key.Key_Return)
    assert (searched, submitted) == (["cab", "cable"], ["cable"])
    QTest.keyClick(scan.edit, Qt.Key.Key_Escape)
    assert scan.text() == ""
    scan.clear()
    assert searched[-1] == ""


COUNTRY = AddressField("country", "Country", choices=(("DE", "Germany"), ("US", "United States")))
GERMAN = (
    COUNTRY,
    AddressField("line1", "Street and number"),
    AddressField("postal_code", "Postal code", span=2),
    AddressField("city", "City", span=4),
)
AMERICAN = (
    COUNTRY,
    AddressField("line1", "Street address"),
    AddressField("city", "City", span=3),
    AddressField("state", "State", choices=(("CA", "California"), ("NY", "New York")), span=2),
    AddressField("postal_code", "ZIP code", span=1),
    AddressField("line2", "Apartment", is_required=False),
)


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[AddressForm]:
    window = QWidget()
    qtbot.addWidget(window)
    made = AddressForm(GERMAN)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield made
    window.close()


def test_another_country_brings_other_fields_and_keeps_what_was_typed(form: AddressForm) -> None:
    form.set_values({"country": "DE", "line1": "Hauptstr. 1", "postal_code": "10115"})
    form.set_fields(AMERICAN)
    assert form.values() == {
        "country": "DE",
        "line1": "Hauptstr. 1",
        "city": "",
        "state": "",
        "postal_code": "10115",
        "line2": "",
    }
    assert form.missing() == ("city", "state")
    form.set_values({"state": "NY"})
    form.set_fields(GERMAN)
    form.set_fields(AMERICAN)
    assert form.values()["state"] == "NY"


def test_a_chosen_country_is_told_by_its_code(form: AddressForm) -> None:
    heard: list[tuple[str, str]] = []
    form.choice_changed.connect(lambda at, value: heard.append((at, value)))
    country = form.field("country").editor
    assert isinstance(country, QComboBox)
    country.setCurrentIndex(1)
    country.activated.emit(1)
    assert heard == [("country", "US")]
    country.setEditText("Atlantis")
    assert form.values()["country"] == ""


def test_errors_stand_at_their_fields_and_the_first_takes_the_keyboard(form: AddressForm) -> None:
    form.set_errors({"city": "Enter the city.", "postal_code": "Five digits."})
    assert form.field("postal_code").error == "Five digits."
    assert form.field("postal_code").editor.hasFocus()
    QTest.keyClicks(form.field("postal_code").editor, "1")
    assert form.field("postal_code").error == ""
    assert form.field("city").error == "Enter the city."


def test_enter_walks_through_the_form_and_out_of_it(form: AddressForm) -> None:
    out: list[int] = []
    form.submitted.connect(lambda: out.append(1))
    form.field("line1").editor.setFocus()
    for _ in range(2):
        focused = next(f for f in GERMAN if form.field(f.id).editor.hasFocus())
        QTest.keyClick(form.field(focused.id).editor, Qt.Key.Key_Return)
    assert form.field("city").editor.hasFocus()
    QTest.keyClick(form.field("city").editor, Qt.Key.Key_Return)
    assert out == [1]


def keyboard() -> QWidget:
    """Return who has the keyboard."""
    at = QApplication.focusWidget()
    assert at is not None
    return at


async def test_choosing_a_country_does_not_scroll_the_form_away(qtbot: QtBot) -> None:
    country = AddressField("country", "Country", choices=(("US", "America"), ("DE", "Germany")))
    rest = tuple(AddressField(f"line{at}", f"Line {at}") for at in range(9))
    form = AddressForm((country, *rest))
    area = scrolled(form)
    qtbot.addWidget(area)
    area.resize(400, 240)
    area.show()
    area.activateWindow()
    await until(area.isActiveWindow, what="the form to have the keyboard")
    form.field("country").editor.setFocus()
    form.choice_changed.connect(
        lambda *_told: form.set_fields((country, AddressField("zip", "ZIP"), *rest))
    )
    form.choice_changed.emit("country", "DE")
    await until(lambda: "zip" in form.values(), what="the fields of that country")
    await settled(turns=10)
    assert form.field("country").editor.hasFocus()
    assert area.verticalScrollBar().value() == 0


async def test_tab_walks_through_every_field_also_where_choices_stand_side_by_side(
    qtbot: QtBot,
) -> None:
    choices = (("US", "America"), ("DE", "Germany"))
    fields = [
        AddressField("name", "Name"),
        AddressField("country", "Country", choices=choices, span=3),
        AddressField("language", "Language", choices=choices, span=3),
        AddressField("line1", "Street"),
        AddressField("city", "City"),
    ]
    form = AddressForm(fields, name="form")
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    await until(form.isActiveWindow, what="the form to have the keyboard")
    for declared in (fields, [*fields, AddressField("zip", "ZIP")]):
        form.set_fields(declared)
        await settled(turns=10)
        form.field("name").editor.setFocus()
        walked = ["name"]
        for _ in declared[1:]:
            QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
            walked.append(keyboard().objectName().removeprefix("form_"))
        assert walked == [field.id for field in declared]


async def test_first_letters_choose_and_what_is_typed_replaces_what_stood_there(
    qtbot: QtBot,
) -> None:
    countries = (("GR", "Greece"), ("DE", "Germany"), ("US", "America"))
    form = AddressForm(
        [
            AddressField("name", "Name"),
            AddressField("country", "Country", choices=countries),
            AddressField("city", "City"),
        ],
        name="form",
    )
    form.set_values({"country": "US"})
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    await until(form.isActiveWindow, what="the form to have the keyboard")
    form.field("name").editor.setFocus()
    QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
    QTest.keyClicks(keyboard(), "ge")
    QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert form.values()["country"] == "DE"
    assert form.field("city").editor.hasFocus()


async def test_a_proposal_that_comes_while_one_is_there_gives_way_to_what_is_typed(
    qtbot: QtBot,
) -> None:
    languages = (("de", "German"), ("en", "English"), ("ge", "Georgian"))
    form = AddressForm(
        [AddressField("language", "Language", choices=languages), AddressField("city", "City")],
        name="form",
    )
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    await until(form.isActiveWindow, what="the form to have the keyboard")
    for field, typed, held in (("language", "geo", "ge"), ("city", "Ulm", "Ulm")):
        form.field(field).editor.setFocus()
        form.set_values({"language": "de", "city": "Bonn"})
        QTest.keyClicks(keyboard(), typed)
        QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
        assert form.values()[field] == held
