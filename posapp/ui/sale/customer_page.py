"""Step 2: who buys. Find a known customer, or fill in a short form that says why it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QStackedWidget

from posapp.domain.customer import BuyerKind, Customer, Party
from posapp.domain.words import tr
from posapp.ui.kit.address_form import AddressForm
from posapp.ui.kit.buttons import Button, Size
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.filter import SearchBox
from posapp.ui.kit.panels import Card, column, holder, row, scrolled
from posapp.ui.kit.table import CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import Text
from posapp.ui.sale.address_fields import buyer_fields, party_of, values_of
from posapp.ui.sale.page import Back, Forward, SalePage


class FormKind(StrEnum):
    """What the form is filled in for."""

    WALK_IN = "walk-in"
    NEW = "new"
    MEND = "mend"


def customer_columns() -> tuple[Column[Customer], ...]:
    """Return the columns of the customers found."""
    return (
        Column(
            tr("Name"),
            lambda found: found.party.organization or found.party.name,
            icon=lambda found: "business" if found.kind is BuyerKind.BUSINESS else "customer",
            kind=CellKind.STRONG,
            width=0,
        ),
        Column(tr("E-mail"), lambda found: found.party.email, width=22),
        Column(tr("Phone"), lambda found: found.party.phone, kind=CellKind.MUTED, width=14),
        Column(
            tr("City"),
            lambda found: f"{found.party.address.city} {found.party.address.country}",
            kind=CellKind.MUTED,
            width=15,
        ),
    )


class CustomerPage(SalePage):
    """Known customers above, or the form."""

    searched = Signal(str)  # part of a name, an e-mail, a phone number
    chosen = Signal(object)  # Customer
    walk_in_wanted = Signal()  # the short form, please
    new_wanted = Signal()  # the form that stores the customer
    filled = Signal(object, object)  # Party, BuyerKind: F12 on the form

    def __init__(self) -> None:
        super().__init__("customer_page")
        self._kind = FormKind.WALK_IN
        self._buyer = BuyerKind.INDIVIDUAL
        self.search_box = SearchBox(
            tr("Find by name, e-mail or phone"), name="customer_search", icon="search", key="F3"
        )
        self.customers: RowsModel[Customer] = RowsModel(
            customer_columns(), lambda found: found.id or found.party.email
        )
        self.results = TableView(
            self.customers, name="customer_results", label=tr("Customers found")
        )
        self.nothing = EmptyState("customer", "", name="customer_empty")
        self.walk_in_button = Button(tr("Walk-in"), name="walk_in_button", icon="walk_in", key="F8")
        self.new_button = Button(
            tr("New customer"), name="new_button", icon="new_customer", key="F9"
        )
        self.form_title = Text("", name="form_title")
        self.form_reason = Text("", muted=True, wrap=True, name="form_reason")
        self.person_button = Button(
            tr("Person"), name="person_button", icon="person", key="Alt+P", size=Size.SMALL
        )
        self.firm_button = Button(
            tr("Business"), name="firm_button", icon="business", key="Alt+B", size=Size.SMALL
        )
        self.form = AddressForm(name="buyer_form")
        self.views = QStackedWidget()
        self._build()
        self._connect()

    @property
    def is_form(self) -> bool:
        """Whether the form is on show."""
        return self.views.currentIndex() == 1

    @property
    def form_kind(self) -> FormKind:
        """What the form is filled in for."""
        return self._kind

    def forward(self) -> Forward:
        """The primary key: the form's data, or the chosen customer."""
        if self.is_form:
            return Forward(tr("Checkout"))
        return Forward(tr("Checkout"), "forward", self.results.chosen() is not None)

    def back(self) -> Back:
        """To the cart, or from the form to the search."""
        return Back(tr("Back to the search") if self.is_form else tr("Cart"))

    def enter(self) -> None:
        """Take the keyboard."""
        if not self.is_form:
            self.search_box.focus()

    def show_customers(self, text: str, found: Sequence[Customer]) -> None:
        """Show who was found for `text`; late answers for other words are not shown."""
        if self.search_box.text() != text:
            return
        self.customers.set_rows(found)
        if found:
            self.results.choose_first()
        title = tr("Nobody found for “{words}”", words=text) if text else tr("No customers yet")
        self.nothing.say("customer", title, tr("F8 sells to a walk-in; F9 stores a new customer."))
        self.forward_changed.emit()

    def show_search(self) -> None:
        """Show known customers."""
        self.views.setCurrentIndex(0)
        self.search_box.focus()
        self.forward_changed.emit()

    def show_form(self, kind: FormKind, party: Party, buyer: BuyerKind) -> None:
        """Show the form with what is known of the buyer."""
        self._kind = kind
        titles = {
            FormKind.WALK_IN: tr("Walk-in customer"),
            FormKind.NEW: tr("New customer"),
            FormKind.MEND: tr("Put the customer’s data right"),
        }
        reasons = {
            FormKind.WALK_IN: tr(
                "Digital River sells these goods and needs to know whom the invoice goes to. "
                "Nothing is stored as a customer."
            ),
            FormKind.NEW: tr("Stored for the next visit, with a saved card if the buyer wishes."),
            FormKind.MEND: tr("Digital River did not accept the marked field."),
        }
        self.form_title.setText(titles[kind])
        self.form_reason.setText(reasons[kind])
        self._set_buyer(buyer)
        self.form.set_fields(buyer_fields(party.address.country, buyer))
        self.form.set_values(values_of(party))
        self.form.set_errors({})
        self.views.setCurrentIndex(1)
        first = "organization" if buyer is BuyerKind.BUSINESS else "given_name"
        self.form.field(first).setFocus()
        self.forward_changed.emit()

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show sentences at their fields."""
        self.form.set_errors(errors)

    def values(self) -> dict[str, str]:
        """Return what the form holds."""
        return self.form.values()

    def submit(self) -> None:
        """Hand over what is on the page: the form, or the chosen customer."""
        if self.is_form:
            self.form.set_errors({})
            self.filled.emit(party_of(self.form.values()), self._buyer)
        elif isinstance(customer := self.results.chosen(), Customer):
            self.chosen.emit(customer)

    def _build(self) -> None:
        self.form_title.setProperty("type", "title")
        self.results.set_empty_state(self.nothing)
        found = Card(padding=0, name="customer_card").add(self.results)
        tools = row(self.search_box, self.walk_in_button, self.new_button)
        tools.setStretch(0, 1)
        find = column(tools, found, gap=1.5)
        find.setStretch(1, 1)
        for button in (self.person_button, self.firm_button):
            button.setCheckable(True)
        group = QButtonGroup(self)
        group.addButton(self.person_button)
        group.addButton(self.firm_button)
        head = row(self.form_title, 1, self.person_button, self.firm_button, gap=0.5)
        inside = holder(column(self.form, 1))
        sheet = Card(name="buyer_card")
        sheet.body.addLayout(head)
        sheet.add(self.form_reason)
        sheet.body.addSpacing(8)
        sheet.add(scrolled(inside, name="buyer_scroll", is_form=True))
        self.views.addWidget(holder(find))
        self.views.addWidget(sheet)
        self.lines.addWidget(self.views, 1)
        self.find_key = QShortcut(QKeySequence("F3"), self)

    def _connect(self) -> None:
        self.find_key.activated.connect(self._on_find)
        self.search_box.searched.connect(self.searched)
        self.search_box.submitted.connect(lambda _text: self.submit())
        self.search_box.moved_down.connect(self.results.setFocus)
        self.results.row_opened.connect(self.chosen)
        self.results.row_chosen.connect(lambda _row: self.forward_changed.emit())
        self.walk_in_button.clicked.connect(self.walk_in_wanted)
        self.new_button.clicked.connect(self.new_wanted)
        self.person_button.clicked.connect(lambda: self._change_buyer(BuyerKind.INDIVIDUAL))
        self.firm_button.clicked.connect(lambda: self._change_buyer(BuyerKind.BUSINESS))
        self.form.choice_changed.connect(self._on_choice)
        self.form.submitted.connect(self.submit)

    def _on_find(self) -> None:
        if not self.is_form:
            self.search_box.focus()

    def _set_buyer(self, buyer: BuyerKind) -> None:
        self._buyer = buyer
        self.person_button.setChecked(buyer is BuyerKind.INDIVIDUAL)
        self.firm_button.setChecked(buyer is BuyerKind.BUSINESS)

    def _change_buyer(self, buyer: BuyerKind) -> None:
        self._set_buyer(buyer)
        self._redeclare()

    def _on_choice(self, field: str, _value: str) -> None:
        if field == "country":
            self._redeclare()

    def _redeclare(self) -> None:
        self.form.set_fields(buyer_fields(self.form.values()["country"], self._buyer))
