"""Step 2 at work: choose, walk in, or store a new customer; errors go back to their field."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.customer import Address, BuyerKind, Customer, Party, check_party
from posapp.domain.errors import BadField
from posapp.domain.sale import Sale
from posapp.ui import messages
from posapp.ui.messages import Message
from posapp.ui.sale.address_fields import field_of
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.customer_page import CustomerPage, FormKind
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.step import SaleStep


class CustomerStep(SaleStep):
    """Who buys."""

    place = Place.CUSTOMER

    def __init__(self, counter: Counter, page: CustomerPage) -> None:
        super().__init__(counter, page)
        self.page = page
        self._mended: Customer | None = None
        page.searched.connect(self.search)
        page.chosen.connect(self.use)
        page.walk_in_wanted.connect(lambda: self._open_form(FormKind.WALK_IN))
        page.new_wanted.connect(lambda: self._open_form(FormKind.NEW))
        page.filled.connect(self._on_filled)

    def enter(self, message: Message | None) -> None:
        """Begin with the search, or at the field that must be put right."""
        customer = self.sale.customer
        field = field_of(message.field) if message is not None else ""
        super().enter(message)
        if message is not None and field and customer is not None:
            self._mend(customer, field, message.title)
            return
        self.page.show_search()
        self.search(self.page.search_box.text())

    def search(self, text: str) -> None:
        """Look for customers as somebody types."""
        self.counter.run(
            self,
            self.counter.desk.customers(text),
            done=lambda found: self.page.show_customers(text, found),
            failed=self.explain,
        )

    def go_forward(self) -> None:
        """Use what is on the page."""
        self.page.submit()

    def go_back(self) -> None:
        """From the form to the search, from there to the cart."""
        self.page.hush()
        if self.page.is_form:
            self.page.show_search()
        else:
            self.counter.route.go(Place.CART)

    def _open_form(self, kind: FormKind) -> None:
        """A walk-in lives near the shop more often than not: city and country are there already."""
        self.page.hush()
        here = self.counter.desk.shop.address
        place = Address("", here.city, "", here.country, here.state)
        known = self.sale.customer
        walk_in = known is not None and not known.registered and kind is FormKind.WALK_IN
        if walk_in and known is not None:
            self.page.show_form(kind, known.party, known.kind)
        else:
            self.page.show_form(kind, Party("", "", place), BuyerKind.INDIVIDUAL)

    def _on_filled(self, party: Party, kind: BuyerKind) -> None:
        try:
            check_party(party, business=kind is BuyerKind.BUSINESS)
        except BadField as error:
            self._on_failed(error)
            return
        if self.page.form_kind is FormKind.NEW:
            self._register(party, kind)
            return
        known = self._mended if self.page.form_kind is FormKind.MEND else None
        made = Customer(None, party, kind, self.counter.desk.shop.locale)
        self.use(replace(known, party=party, kind=kind) if known else made)

    def _mend(self, customer: Customer, field: str, sentence: str) -> None:
        """Open the form with a customer's data at the field that is wrong."""
        self._mended = customer
        self.page.show_form(FormKind.MEND, customer.party, customer.kind)
        self.page.show_errors({field: sentence})

    def use(self, customer: Customer) -> None:
        """Let this customer buy."""
        self._mended = customer
        self.counter.in_hand.edit(
            lambda sale: self.counter.desk.choose(sale, customer),
            done=self._on_chosen,
            failed=self._on_failed,
        )

    def _register(self, party: Party, kind: BuyerKind) -> None:
        sale = self.sale
        self.counter.in_hand.ask(
            self,
            self.counter.desk.register(sale, party, kind),
            done=self._on_registered,
            failed=self._on_failed,
            busy=self.page.views,
        )

    def _on_registered(self, sale: Sale) -> None:
        self.counter.in_hand.take(sale)
        self._on_chosen(sale)

    def _on_chosen(self, sale: Sale) -> None:
        if self.is_on:
            self.page.hush()
            self.counter.route.go(Place.CHECKOUT if sale.basket.lines else Place.CART)

    def _on_failed(self, error: Exception) -> None:
        self.counter.play(Sound.REFUSED)
        message = messages.explain_sale(error)
        field = field_of(message.field) or message.field
        if isinstance(error, BadField) and not self.page.is_form and self._mended is not None:
            self._mend(self._mended, field, message.title)
        elif self.page.is_form and field in {one.id for one in self.page.form.declared}:
            self.page.hush()
            self.page.show_errors({field: message.title})
        else:
            self.page.say(message)
