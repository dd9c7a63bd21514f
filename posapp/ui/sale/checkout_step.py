"""Step 3 at work: has the basket priced, loads the texts, and lets payment begin only with both."""

from __future__ import annotations

from posapp.domain.errors import MixedDestinations, NoDisclosure, SaleMoved
from posapp.domain.legal_text import Disclosure
from posapp.domain.sale import Delivery, Quote, Sale, ShippingOption
from posapp.domain.words import tr
from posapp.settle.errors import StillUnknown
from posapp.ui import messages
from posapp.ui.kit.run import Job
from posapp.ui.messages import Message
from posapp.ui.sale.address_fields import field_of
from posapp.ui.sale.checkout_page import CheckoutPage
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.legal_texts import LegalTexts
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.step import SaleStep


class CheckoutStep(SaleStep):
    """Prices, taxes, seller, texts."""

    place = Place.CHECKOUT

    def __init__(self, counter: Counter, page: CheckoutPage) -> None:
        super().__init__(counter, page)
        self.page = page
        self._texts = LegalTexts(counter, page)
        self._texts_of: Quote | None = None
        self._job: Job | None = None
        page.shipping_chosen.connect(self.price)
        page.delivery_chosen.connect(self._deliver)
        page.retried.connect(self._retry)
        page.legal_view.link_opened.connect(counter.open_link)

    def enter(self, message: Message | None) -> None:
        """Begin: price at once, unless a person must first read why the last try was refused."""
        self.page.show_no_trouble()
        super().enter(message)
        if message is not None:
            self.page.show_trouble(message)
        if _fresh(self.sale):
            self._show(self.sale)
        elif message is None or message.can_retry:
            self.price()

    def leave(self) -> None:
        """Give the question up: its answer would be about a basket nobody looks at."""
        super().leave()
        if self._job is not None:
            self._job.cancel()
        self._job = None
        self._texts.forget()
        self.page.show_busy("")

    def price(self, shipping: ShippingOption | None = None) -> None:
        """Ask the service for prices and taxes."""
        if self._job is not None and not self._job.is_done:
            return
        self.page.show_no_trouble()
        self.page.show_busy(tr("Digital River works out prices and taxes …"))
        self._job = self.counter.in_hand.ask(
            self,
            self.counter.desk.checkout(self.sale, shipping),
            done=self._on_priced,
            failed=self._on_failed,
        )

    def go_forward(self) -> None:
        """To payment; or, after a refusal, price again."""
        if not self.page.forward().is_ready:
            return
        if _fresh(self.sale):
            self.counter.route.go(Place.PAYMENT)
        else:
            self.price()

    def go_back(self) -> None:
        """To the cart, where the basket may change."""
        self.counter.route.go(Place.CART)

    def _retry(self) -> None:
        if _fresh(self.sale):
            self._want_texts()
        else:
            self.price()

    def _on_priced(self, sale: Sale) -> None:
        self._job = None
        self.counter.in_hand.take(sale)
        if not self.is_on:
            return
        self.page.show_busy("")
        self.page.show_no_trouble()
        self._show(sale)

    def _show(self, sale: Sale) -> None:
        self.page.show_sale(sale)
        ships = any(line.delivery is Delivery.SHIP for line in sale.basket.lines)
        options = self.counter.desk.shipping_options() if ships else ()
        chosen = sale.shipping or (options[0] if options else None)
        self.page.show_shipping(options, chosen)
        if (
            chosen is not None
            and chosen.price
            and sale.quote is not None
            and not sale.quote.shipping
        ):
            self.page.show_uncharged(chosen)
        self._want_texts()

    def _want_texts(self) -> None:
        quote = self.sale.quote
        if quote is None:
            return
        self.page.show_texts(None, quote.selling_entity_name)
        self._texts_of = quote
        self._texts.want(quote, done=self._on_texts, failed=self._on_no_texts)

    def _on_texts(self, disclosure: Disclosure) -> None:
        self.page.show_no_trouble()
        self.page.show_texts(disclosure)

    def _on_no_texts(self, error: Exception) -> None:
        quote = self._texts_of
        if quote is None:
            return
        self.page.legal_view.show_missing(quote.selling_entity_name)
        missing = NoDisclosure(quote.selling_entity_id, quote.disclosure_country)
        shown = error if isinstance(error, NoDisclosure) else missing
        self.page.show_trouble(messages.explain_sale(shown))

    def _deliver(self, delivery: Delivery) -> None:
        desk = self.counter.desk
        self.counter.in_hand.edit(
            lambda sale: desk.set_delivery(sale, delivery),
            done=lambda _sale: self.price(),
            failed=self._on_failed,
        )

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        if not self.is_on or isinstance(error, SaleMoved):
            self.page.show_busy("")
            return
        self.counter.play(Sound.REFUSED)
        message = messages.explain_sale(error)
        if field_of(message.field):
            self.page.show_busy("")
            self.counter.route.go(Place.CUSTOMER, message)
            return
        self.page.show_trouble(message, is_mixed=isinstance(error, MixedDestinations))
        if isinstance(error, StillUnknown):
            self.page.again.show()


def _fresh(sale: Sale) -> bool:
    return sale.quote is not None and sale.quote.basket_version == sale.basket.version
