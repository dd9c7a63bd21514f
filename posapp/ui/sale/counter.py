"""What every step of the sale works with, in one hand. Never decides anything itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from posapp.domain.sale import Sale, SaleState, Step
from posapp.ui.changes import ChangeSignals
from posapp.ui.kit.run import Runner
from posapp.ui.messages import Message
from posapp.ui.sale.forms import FormPages
from posapp.ui.sale.in_hand import SaleInHand
from posapp.ui.sale.sounds import Play
from posapp.usecases.orders import OrderDesk
from posapp.usecases.sale import SaleDesk


class Place(StrEnum):
    """A page of the sale screen; all but `LOCKED` are steps of the sale."""

    CART = "cart"
    CUSTOMER = "customer"
    CHECKOUT = "checkout"
    PAYMENT = "payment"
    REVIEW = "review"
    DONE = "done"
    LOCKED = "locked"


STEPS: tuple[Place, ...] = tuple(place for place in Place if place is not Place.LOCKED)


def place_of(step: Step) -> Place:
    """Return the page of a step."""
    return Place(step.value)


class Route(QObject):
    """Where the clerk is, and the wish to go elsewhere."""

    asked = Signal(object, object)  # Place, Message | None: show this page, and say this on it
    refreshed = Signal()  # the page's title, its forward key or its busy state is different now

    def go(self, place: Place, message: Message | None = None) -> None:
        """Ask for another page."""
        self.asked.emit(place, message)


@dataclass(frozen=True, slots=True)
class Counter:
    """Runner, desks, the sale in hand, the payment pages, sounds and a way to open links."""

    run: Runner
    desk: SaleDesk
    orders: OrderDesk
    changes: ChangeSignals
    forms: FormPages
    in_hand: SaleInHand
    route: Route
    play: Play
    open_link: Callable[[str], None]

    @property
    def sale(self) -> Sale:
        """The sale in hand. Raises LookupError before the first one."""
        if self.in_hand.sale is None:
            raise LookupError("no sale in hand")
        return self.in_hand.sale


def is_locked(sale: Sale) -> bool:
    """Whether an order of this sale may exist, so that nothing of it may change."""
    return sale.state in (SaleState.PLACING, SaleState.UNKNOWN)
