"""One step of the sale: its page, and what its keys do. Each step talks to the desks, no page
does.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.domain.sale import Sale
from posapp.ui import messages
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.page import SalePage


class SaleStep(QObject):
    """A page and its verbs. The screen enters and leaves it."""

    place: Place

    def __init__(self, counter: Counter, page: SalePage) -> None:
        super().__init__(page)
        self.counter = counter
        self.sale_page = page
        self.is_on = False
        page.forwarded.connect(self.go_forward)
        page.went_back.connect(self.go_back)

    @property
    def sale(self) -> Sale:
        """The sale in hand."""
        return self.counter.sale

    def enter(self, message: Message | None) -> None:
        """Begin: the page is on show now."""
        self.is_on = True
        self.sale_page.hush()
        if message is not None:
            self.sale_page.say(message)
        self.sale_page.show_sale(self.sale)
        self.sale_page.enter()

    def leave(self) -> None:
        """End: another page is coming."""
        self.is_on = False

    def sale_changed(self, sale: Sale) -> None:
        """The sale in hand is different now."""
        self.sale_page.show_sale(sale)

    def go_forward(self) -> None:
        """The primary key."""

    def go_back(self) -> None:
        """Esc."""

    def explain(self, error: Exception) -> None:
        """Show the sentence for an error on this page."""
        self.sale_page.say(messages.explain_sale(error))
