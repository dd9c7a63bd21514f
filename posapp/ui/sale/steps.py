"""The seven pages of the sale and what runs them, made and wired in one place. Shows none
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from posapp.ui.sale.cart_page import CartPage
from posapp.ui.sale.cart_step import CartStep
from posapp.ui.sale.checkout_page import CheckoutPage
from posapp.ui.sale.checkout_step import CheckoutStep
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.customer_page import CustomerPage
from posapp.ui.sale.customer_step import CustomerStep
from posapp.ui.sale.done_page import DonePage
from posapp.ui.sale.done_step import DoneStep
from posapp.ui.sale.locked_page import LockedPage
from posapp.ui.sale.locked_step import LockedStep
from posapp.ui.sale.payment_page import PaymentPage
from posapp.ui.sale.payment_step import PaymentStep
from posapp.ui.sale.review_page import ReviewPage
from posapp.ui.sale.review_step import ReviewStep
from posapp.ui.sale.step import SaleStep


@dataclass(frozen=True, slots=True)
class Steps:
    """Every step by its name."""

    cart: CartStep
    customer: CustomerStep
    checkout: CheckoutStep
    payment: PaymentStep
    review: ReviewStep
    done: DoneStep
    locked: LockedStep

    @classmethod
    def made(cls, counter: Counter, next_sale: Callable[[], None]) -> Steps:
        """Make all pages and their steps. `next_sale` begins another sale."""
        payment = PaymentStep(counter, PaymentPage(), counter.desk.clock.monotonic)
        return cls(
            cart=CartStep(counter, CartPage()),
            customer=CustomerStep(counter, CustomerPage()),
            checkout=CheckoutStep(counter, CheckoutPage()),
            payment=payment,
            review=ReviewStep(counter, ReviewPage(), lambda: payment.ticked_terms_of),
            done=DoneStep(counter, DonePage()),
            locked=LockedStep(counter, LockedPage(), next_sale),
        )

    def __iter__(self) -> Iterator[SaleStep]:
        return iter(
            (
                self.cart,
                self.customer,
                self.checkout,
                self.payment,
                self.review,
                self.done,
                self.locked,
            )
        )

    def at(self, place: Place) -> SaleStep:
        """Return the step of this page."""
        return next(step for step in self if step.place is place)
