"""Step 4 at work: opens the form, believes the service and not the form, and asks before opening
again.

A lost form is answered by asking the service for the session first (drop-in.md 6.5): nobody pays
twice.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from posapp.domain.errors import ClaimMismatch, NotPaid, SaleMoved
from posapp.domain.payment_form import FormFailed, PaidClaim
from posapp.domain.sale import Sale
from posapp.domain.words import tr
from posapp.ui import messages
from posapp.ui.kit.dialogs import ask
from posapp.ui.kit.theme import Tone
from posapp.ui.kit.web import Lost, ReloadBudget, UnsafeWebEngine
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.payment_page import PaymentPage
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.step import SaleStep


class PaymentStep(SaleStep):
    """The form, from opening to a payment that the service confirms."""

    place = Place.PAYMENT
    form_changed = Signal(bool)  # whether a payment form exists now

    def __init__(self, counter: Counter, page: PaymentPage, now_s: Callable[[], float]) -> None:
        """`now_s`: a steady clock in seconds, for how often a form may come back by itself."""
        super().__init__(counter, page)
        self.page = page
        self.ticked_terms_of = ""
        self._budget = ReloadBudget(now_s)
        self._claim: PaidClaim | None = None
        self._next: Message | None = None
        self._standing: Message | None = None
        page.reload_wanted.connect(self._on_reload)
        page.cancel_wanted.connect(self._on_cancel)

    def enter(self, message: Message | None) -> None:
        """Begin: with a fresh quote open the form; after a refused payment make a new checkout
        first.
        """
        super().enter(message)
        self._claim = None
        self._next = message
        quote = self.sale.quote
        if quote is None or quote.basket_version != self.sale.basket.version:
            self._renew()
        elif quote.methods or quote.session.state not in ("", "requires_source"):
            self._look_first()
        else:
            self._open(message)

    def resume(self) -> None:
        """Begin after a restart: a payment may have been made before; the service knows."""
        super().enter(None)
        self._look_first()

    def leave(self) -> None:
        """End: the form goes, whatever it was doing."""
        super().leave()
        self._close_form()

    def go_back(self) -> None:
        """Esc asks first."""
        self._on_cancel()

    # ── the form ─────────────────────────────────────────────────────────────────────────────

    def _open(self, message: Message | None = None) -> None:
        """Open a fresh form; `message` stays in sight until the buyer has paid."""
        self._close_form()
        self._standing = message
        view = self.counter.forms.make_view(self.page)
        view.ready.connect(self._on_ready)
        view.paid.connect(self._on_paid)
        view.failed.connect(self._on_form_failed)
        view.cancelled.connect(self._on_form_cancelled)
        view.lost.connect(self._on_lost)
        self.page.host(view)
        self.form_changed.emit(True)
        self._tell(tr("The payment form is opening …"))
        try:
            request = self.counter.desk.payment(self.sale)
            self.counter.forms.open_form(view, request)
        except (UnsafeWebEngine, ValueError) as error:
            self._close_form()
            self.page.show_waiting(tr("The payment form stays closed."))
            self.explain(error)

    def _close_form(self) -> None:
        if self.page.view is not None:
            self.page.drop_view()
            self.form_changed.emit(False)

    def _on_ready(self, _methods: tuple[str, ...]) -> None:
        self._tell(tr("Turn the screen to the customer."))
        if self.page.view is not None:
            self.page.view.focus_form()

    def _tell(self, words: str) -> None:
        if self._standing is not None:
            self.page.say(self._standing)
        else:
            self.page.show_status(words)

    def _on_form_failed(self, failed: FormFailed) -> None:
        """The buyer hears that it failed, never why (drop-in.md 1.3).

        An incomplete field is no failure: nothing was sent, and the form shows it at the field.
        """
        if failed.type == "validation_error":
            return
        self.counter.play(Sound.REFUSED)
        self.page.say(
            Message(
                tr("The payment was not accepted"),
                tr("Nothing was charged. Let the customer try again, or ask for another card."),
                Tone.WAIT,
            )
        )

    def _on_form_cancelled(self, _method: str) -> None:
        self.page.show_status(tr("The customer left that way to pay. Choose another one."))

    # ── the claim ────────────────────────────────────────────────────────────────────────────

    def _on_paid(self, claim: PaidClaim) -> None:
        self._claim = claim
        if claim.consents.terms_of_sale:
            self.ticked_terms_of = claim.source_id
        self._close_form()
        self._check_claim()

    def _check_claim(self) -> None:
        if self._claim is None:
            return
        self.page.hush()
        self._wait(tr("Checking the payment with Digital River …"))
        self.counter.in_hand.ask(
            self,
            self.counter.desk.paid(self.sale, self._claim),
            done=self._on_funded,
            failed=self._on_claim_failed,
        )

    def _on_funded(self, sale: Sale) -> None:
        self.counter.in_hand.take(sale)
        if self.is_on:
            self.counter.route.go(Place.REVIEW)

    def _on_claim_failed(self, error: Exception) -> None:
        if not self.is_on or isinstance(error, SaleMoved):
            return
        self.counter.play(Sound.REFUSED)
        if isinstance(error, NotPaid | ClaimMismatch):
            self._claim = None
            self._again_with(messages.explain_sale(error))
            return
        self._stand_still(error)

    # ── lost, reloaded, resumed: the service is asked first ──────────────────────────────────

    def _on_lost(self, reason: str) -> None:
        self._close_form()
        sentences = {
            Lost.CRASHED: tr("The payment form broke down."),
            Lost.NOT_LOADED: tr("The payment form could not be loaded."),
            Lost.SILENT: tr("The payment form does not answer."),
            Lost.SCRIPT: tr("The payment form could not start."),
        }
        self._next = Message(
            sentences.get(Lost(reason), sentences[Lost.CRASHED]),
            tr("Nothing was charged. It was opened again; let the customer pay here."),
            Tone.WAIT,
        )
        self._look_first(by_itself=True)

    def _on_reload(self) -> None:
        self._close_form()
        if self._claim is not None:
            self._check_claim()
        elif self.sale.quote is None:
            self._renew()
        else:
            self._look_first()

    def _look_first(self, *, by_itself: bool = False) -> None:
        self._wait(tr("Checking whether the payment went through …"))

        def failed(error: Exception) -> None:
            if not self.is_on:
                return
            if not isinstance(error, NotPaid):
                self._stand_still(error)
            elif not by_itself or self._budget.spend():
                self._again_with(self._next)
            else:
                self._give_up_reloading()

        self.counter.in_hand.ask(
            self, self.counter.desk.review(self.sale), done=self._on_funded, failed=failed
        )

    def _again_with(self, message: Message | None) -> None:
        self._next = None
        self._open(message)

    def _give_up_reloading(self) -> None:
        self.page.show_waiting(tr("The form is closed. F5 opens it once more."))
        self.page.say(
            Message(
                tr("The payment form does not stay open"),
                tr("Nothing was charged and the sale is kept. F5 opens it again; Esc goes back."),
            )
        )

    def _stand_still(self, error: Exception) -> None:
        """Nobody answers: no second form, no second charge, until somebody has."""
        self.page.show_waiting(
            tr("Not known yet whether the payment went through. F5 checks again.")
        )
        self.explain(error)

    def _wait(self, words: str) -> None:
        self.page.show_waiting(words)
        self.page.show_status(tr("One moment …"), icon="waiting")

    # ── a new checkout after a refusal; giving up ────────────────────────────────────────────

    def _renew(self) -> None:
        """The same basket, a new checkout: the clerk types nothing again."""
        self._wait(tr("A new checkout of the same basket is being made …"))

        def failed(error: Exception) -> None:
            if self.is_on:
                self.counter.route.go(Place.CHECKOUT, messages.explain_sale(error))

        def done(sale: Sale) -> None:
            self.counter.in_hand.take(sale)
            if self.is_on:
                self.page.show_sale(sale)
                self._open(self._next)

        self.counter.in_hand.ask(
            self, self.counter.desk.checkout(self.sale), done=done, failed=failed
        )

    def _on_cancel(self) -> None:
        ask(
            self.page,
            tr("Give up this payment?"),
            tr("Nothing was charged. The basket and the customer are kept."),
            yes=tr("Give it up"),
            no=tr("Keep the form"),
            on_yes=self._give_up,
            tone=Tone.WAIT,
        )

    def _give_up(self) -> None:
        self._close_form()
        self._wait(tr("Going back …"))

        def done(sale: Sale) -> None:
            self.counter.in_hand.take(sale)
            if self.is_on:
                self.counter.route.go(Place.CHECKOUT)

        self.counter.in_hand.ask(
            self,
            self.counter.desk.give_up_payment(self.sale),
            done=done,
            failed=self._stand_still,
        )
