"""Step 1 at work: scans and searches, and changes of the basket. Each one counts, in its order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from posapp.domain.catalogue import Product
from posapp.domain.errors import EmptyBasket, UnknownProduct
from posapp.domain.sale import BasketLine, Delivery, Sale
from posapp.ui import messages
from posapp.ui.messages import Message
from posapp.ui.sale.basket import BasketPanel
from posapp.ui.sale.cart_page import CartPage, wanted
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.step import SaleStep


class CartStep(SaleStep):
    """Products into the basket."""

    place = Place.CART

    def __init__(self, counter: Counter, page: CartPage) -> None:
        super().__init__(counter, page)
        self.page = page
        page.searched.connect(self.search)
        page.submitted.connect(self._on_submitted)
        page.chosen.connect(self._add)

    def enter(self, message: Message | None) -> None:
        """Begin: the shelf is shown until something is searched."""
        super().enter(message)
        self.search("")

    def search(self, text: str) -> None:
        """Look for products as somebody types."""
        self.counter.run(
            self,
            self.counter.desk.products(text),
            done=lambda found: self.page.show_products(text, found),
            failed=self.explain,
        )

    def take_scan(self, code: str) -> None:
        """Add what a scanner read: three of it after "3*", typed before it or read along with it,
        for a quick hand is taken for a scanner.
        """
        before = self.page.search_box.text()
        quantity, rest = wanted(before)
        if before and not rest:
            self.page.clear_search()
        else:
            quantity, code = wanted(code)
        self.scan(code, quantity)

    def scan(self, code: str, quantity: int = 1, best: Product | None = None) -> None:
        """Add what was scanned or typed: an exact number first, else the best that was found."""

        def failed(error: Exception) -> None:
            if not isinstance(error, UnknownProduct):
                self._refuse(error)
            elif best is not None:
                self._add(quantity, best)
            else:
                self._look_for(code, quantity)

        self.counter.in_hand.edit(
            lambda sale: self.counter.desk.scan(sale, code, quantity),
            done=self._on_added,
            failed=failed,
        )

    def go_forward(self) -> None:
        """On to the customer, or past it when one is chosen."""
        if not self.sale.basket.lines:
            self._refuse(EmptyBasket())
            return
        known = self.sale.customer is not None
        self.counter.route.go(Place.CHECKOUT if known else Place.CUSTOMER)

    def _on_submitted(self, quantity: int, text: str) -> None:
        best = self.page.found(text)
        self.page.clear_search()
        self.scan(text, quantity, best)

    def _add(self, quantity: int, product: Product) -> None:
        self.counter.in_hand.edit(
            lambda sale: self.counter.desk.add(sale, product, quantity),
            done=self._on_added,
            failed=self._refuse,
        )

    def _look_for(self, text: str, quantity: int) -> None:
        """The list was not there yet: ask for the best hit before saying that there is none."""

        def done(found: tuple[Product, ...]) -> None:
            if found:
                self._add(quantity, found[0])
            else:
                self._refuse(UnknownProduct(text))

        self.counter.run(self, self.counter.desk.products(text, 1), done=done, failed=self._refuse)

    def _on_added(self, _sale: Sale) -> None:
        self.page.hush()
        self.counter.play(Sound.ADDED)

    def _refuse(self, error: Exception) -> None:
        self.counter.play(Sound.REFUSED)
        self.explain(error)


class BasketEdits(QObject):
    """What the keys beside the basket do, on whatever page they are open."""

    def __init__(
        self, counter: Counter, basket: BasketPanel, refuse: Callable[[Message], None]
    ) -> None:
        super().__init__(basket)
        self._counter = counter
        self._say = refuse
        basket.stepped.connect(self._step)
        basket.counted.connect(self._count)
        basket.removed.connect(self._remove)
        basket.delivery_chosen.connect(self._deliver)

    def _step(self, line: BasketLine, by: int) -> None:
        """One more or less than the line has when this step's turn comes."""
        desk = self._counter.desk

        def now(sale: Sale) -> int:
            found = sale.basket.line(line.key)
            return max(0, (found.quantity if found else 0) + by)

        self._counter.in_hand.edit(
            lambda sale: desk.set_quantity(sale, line.key, now(sale)), failed=self._refuse
        )

    def _count(self, line: BasketLine, quantity: int) -> None:
        desk = self._counter.desk
        self._counter.in_hand.edit(
            lambda sale: desk.set_quantity(sale, line.key, quantity), failed=self._refuse
        )

    def _remove(self, line: BasketLine) -> None:
        desk = self._counter.desk
        self._counter.in_hand.edit(lambda sale: desk.remove(sale, line.key), failed=self._refuse)

    def _deliver(self, delivery: Delivery) -> None:
        desk = self._counter.desk
        self._counter.in_hand.edit(
            lambda sale: desk.set_delivery(sale, delivery), failed=self._refuse
        )

    def _refuse(self, error: Exception) -> None:
        self._counter.play(Sound.REFUSED)
        self._say(messages.explain_sale(error))
