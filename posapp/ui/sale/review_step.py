"""Step 5 at work: places the order once, and knows what to do with every answer, no answer
included.
"""

from __future__ import annotations

from collections.abc import Callable

from posapp.domain.errors import NoDisclosure, NotPaid, SaleUnsettled
from posapp.domain.legal_text import Disclosure
from posapp.domain.order import Order
from posapp.domain.sale import Quote, Sale
from posapp.domain.words import tr
from posapp.gateway.errors import DetailsMissing, FraudRefused, OrderRefused
from posapp.settle.errors import StillUnknown
from posapp.ui import messages
from posapp.ui.kit.dialogs import ask
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Counter, Place, is_locked
from posapp.ui.sale.legal_texts import LegalTexts
from posapp.ui.sale.review_page import ReviewPage
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.step import SaleStep


class ReviewStep(SaleStep):
    """The last look, and the order."""

    place = Place.REVIEW

    def __init__(
        self, counter: Counter, page: ReviewPage, ticked_terms_of: Callable[[], str]
    ) -> None:
        """`ticked_terms_of` names the source in whose form the buyer ticked the terms, or
        nothing.
        """
        super().__init__(counter, page)
        self.page = page
        self._ticked_terms_of = ticked_terms_of
        self._texts = LegalTexts(counter, page)
        self._disclosure: Disclosure | None = None
        self._quote: Quote | None = None
        page.retried.connect(self._want_texts)
        page.legal_view.link_opened.connect(counter.open_link)

    def enter(self, message: Message | None) -> None:
        """Begin: the texts of this very quote must be there."""
        self.page.reset()
        super().enter(message)
        self._want_texts()

    def leave(self) -> None:
        """End."""
        super().leave()
        self._texts.forget()

    def go_forward(self) -> None:
        """Make the order. A second press while one is under way does nothing."""
        if self.page.is_placing or not self.page.forward().is_ready:
            return
        where = tr("payment form") if self._ticked_in_form() else tr("review screen")
        self.page.hush()
        self.page.show_placing(is_placing=True)
        self.counter.run(
            self,
            self.counter.desk.place(self.sale, self._disclosure, where=where),
            done=self._on_placed,
            failed=self._on_refused,
        )

    def go_back(self) -> None:
        """Give the payment up, after asking: it cannot be used again."""
        if self.page.is_placing:
            return
        ask(
            self.page,
            tr("Give up this payment?"),
            tr("Nothing was charged. The customer would have to pay again."),
            yes=tr("Give it up"),
            no=tr("Stay here"),
            on_yes=self._give_up,
            tone=Tone.WAIT,
        )

    # ── the texts ────────────────────────────────────────────────────────────────────────────

    def _ticked_in_form(self) -> bool:
        method = self.sale.method
        return (
            method is not None
            and bool(method.source_id)
            and (self._ticked_terms_of() == method.source_id)
        )

    def _want_texts(self) -> None:
        quote = self.sale.quote
        if quote is None:
            return
        self._quote = quote
        self._disclosure = None
        self.page.show_texts(None, needs_tick=not self._ticked_in_form())
        self._texts.want(quote, done=self._on_texts, failed=self._on_no_texts)

    def _on_texts(self, disclosure: Disclosure) -> None:
        self._disclosure = disclosure
        self.page.show_texts(disclosure, needs_tick=not self._ticked_in_form())

    def _on_no_texts(self, error: Exception) -> None:
        if self._quote is None:
            return
        missing = NoDisclosure(self._quote.selling_entity_id, self._quote.disclosure_country)
        shown = error if isinstance(error, NoDisclosure) else missing
        self.page.show_missing(messages.explain_sale(shown), self._quote.selling_entity_name)

    # ── the order ────────────────────────────────────────────────────────────────────────────

    def _on_placed(self, order: Order) -> None:
        self._read_again(lambda _sale: self._go(Place.DONE), order_id=order.id)

    def _on_refused(self, error: Exception) -> None:
        self.counter.play(Sound.REFUSED)
        message = messages.explain_sale(error)
        self._read_again(lambda sale: self._react(error, message, sale))

    def _read_again(self, then: Callable[[Sale], None], order_id: str = "") -> None:
        """The journal knows how the sale stands now; the screen follows it."""
        before = self.sale

        def done(sale: Sale | None) -> None:
            self.page.show_placing(is_placing=False)
            if sale is not None:
                self.counter.in_hand.take(sale)
            then(sale or before)

        def failed(error: Exception) -> None:
            self.page.show_placing(is_placing=False)
            self.explain(error)
            if order_id:
                self._go(Place.LOCKED)

        self.counter.run(self, self.counter.desk.get(before.id), done=done, failed=failed)

    def _react(self, error: Exception, message: Message, sale: Sale) -> None:
        if sale.order_id:  # it was made; what failed came afterwards
            self._go(Place.DONE)
            return
        if is_locked(sale) or isinstance(error, StillUnknown | SaleUnsettled):
            self._go(Place.LOCKED)
            return
        match error:
            case DetailsMissing():
                self._go(Place.CUSTOMER, message)
            case FraudRefused():
                self._go(Place.CHECKOUT, message)
            case OrderRefused() | NotPaid():
                self._go(Place.PAYMENT, message)
            case _:
                self.page.show_sale(sale)
                self.page.say(message)

    def _go(self, place: Place, message: Message | None = None) -> None:
        if self.is_on:
            self.counter.route.go(place, message)

    def _give_up(self) -> None:
        def done(sale: Sale) -> None:
            self.counter.in_hand.take(sale)
            self._go(Place.CHECKOUT)

        self.counter.in_hand.ask(
            self,
            self.counter.desk.give_up_payment(self.sale),
            done=done,
            failed=self.explain,
        )
