"""How a parcel can be followed. Company and page follow the number until somebody writes them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from posapp.domain.fulfilment import Tracking
from posapp.domain.tracking import CARRIERS, candidates, guess, named, tidy
from posapp.domain.words import tr
from posapp.ui.kit.fields import Field
from posapp.ui.kit.panels import column, row


class TrackingFields(QWidget):
    """Three fields; all may stay empty."""

    changed = Signal()  # something was written or guessed

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tracking_fields")
        self._company_is_guess = True
        self._url_is_guess = True
        self.number = QLineEdit()
        self.number.setPlaceholderText(tr("Scan or type the label"))
        self.company = QComboBox()
        self.company.setEditable(True)
        self.company.addItem("")
        self.company.addItems([carrier.name for carrier in CARRIERS])
        self.url = QLineEdit()
        self.url.setPlaceholderText("https://")
        self.number_field = Field(
            tr("Tracking number"), self.number, is_required=False, name="tracking_number"
        )
        company = Field(tr("Company"), self.company, is_required=False, name="tracking_company")
        self.url_field = Field(
            tr("Tracking page"), self.url, is_required=False, name="tracking_url"
        )
        top = row(self.number_field, company, gap=2)
        top.setStretch(0, 3)
        top.setStretch(1, 2)
        self.setLayout(column(top, self.url_field, gap=1))
        self.number.textEdited.connect(self._on_number)
        self.company.editTextChanged.connect(self._on_company)
        self.url.textEdited.connect(self._on_url)

    def tracking(self) -> Tracking:
        """Return what stands there, the number as carriers store it."""
        return Tracking(
            self.company.currentText().strip(), tidy(self.number.text()), self.url.text().strip()
        )

    def set_tracking(self, tracking: Tracking) -> None:
        """Put back what was entered before."""
        self.number.setText(tracking.number)
        self.company.setCurrentText(tracking.company)
        self.url.setText(tracking.url)
        self._company_is_guess = not tracking.company
        self._url_is_guess = not tracking.url

    def take_scan(self, code: str) -> None:
        """Put a scanned label in, as if it had been typed."""
        self.number.setText(code)
        self._on_number(code)

    def problem(self) -> str:
        """Return what is wrong with the page's address, or nothing."""
        url = self.url.text().strip()
        wrong = bool(url) and not url.startswith("https://")
        told = tr("A tracking page begins with https://") if wrong else ""
        self.url_field.set_error(told)
        return told

    def _on_number(self, _text: str) -> None:
        number = self.number.text()
        carrier = guess(number)
        if self._company_is_guess:
            self.company.blockSignals(True)
            self.company.setCurrentText(carrier.name if carrier else "")
            self.company.blockSignals(False)
        self._follow()
        self._hint(number)
        self.changed.emit()

    def _on_company(self, text: str) -> None:
        self._company_is_guess = not text.strip()
        self._follow()
        self.changed.emit()

    def _on_url(self, text: str) -> None:
        self._url_is_guess = not text.strip()
        self.changed.emit()

    def _follow(self) -> None:
        if self._url_is_guess:
            carrier = named(self.company.currentText())
            number = self.number.text().strip()
            self.url.setText(carrier.url(number) if carrier and number else "")
        self.url_field.set_error("")

    def _hint(self, number: str) -> None:
        fitting = candidates(number)
        if not self._company_is_guess or not fitting:
            hint = ""
        elif guess(number) is not None:
            hint = tr("{company}, by the shape of the number", company=fitting[0].name)
        else:
            names = ", ".join(carrier.name for carrier in fitting)
            hint = tr("Fits several: {names}. Choose one.", names=names)
        self.number_field.note.setText(hint)
        self.number_field.note.setVisible(bool(hint))
