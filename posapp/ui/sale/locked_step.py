"""A sale in doubt at work: moves on by itself when the journal knows, never sends anything
again.
"""

from __future__ import annotations

from collections.abc import Callable

from posapp.domain.intent import Intent
from posapp.domain.sale import Sale, SaleState, furthest_step
from posapp.domain.words import tr
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Counter, Place, is_locked, place_of
from posapp.ui.sale.locked_page import LockedPage
from posapp.ui.sale.step import SaleStep


class LockedStep(SaleStep):
    """Waiting for the truth."""

    place = Place.LOCKED

    def __init__(self, counter: Counter, page: LockedPage, next_sale: Callable[[], None]) -> None:
        super().__init__(counter, page)
        self.page = page
        self._next_sale = next_sale
        page.look_wanted.connect(self._look)

    def enter(self, message: Message | None) -> None:
        """Begin: show what was written down so far."""
        super().enter(message)
        self.page.restart()
        self._show_ledger()

    def sale_changed(self, sale: Sale) -> None:
        """The journal says something new: it went through, or it did not."""
        super().sale_changed(sale)
        if is_locked(sale):
            self._show_ledger()
        elif sale.state is SaleState.DONE or sale.order_id:
            self.counter.route.go(Place.DONE)
        else:
            self.counter.route.go(place_of(furthest_step(sale)), _safe_again())

    def go_forward(self) -> None:
        """Serve the next customer; this sale stays as it is."""
        self._next_sale()

    def _look(self) -> None:
        self.counter.run(
            self,
            self.counter.desk.look_again(self.sale),
            done=self._on_looked,
            failed=self.explain,
            busy=self.page.look_button,
        )

    def _on_looked(self, sale: Sale) -> None:
        self.page.hush()
        self.counter.in_hand.take(sale)
        if self.is_on and is_locked(sale):
            self._show_ledger()

    def _show_ledger(self) -> None:
        sale = self.sale

        def done(ledger: tuple[Intent, ...]) -> None:
            self.page.ledger.show_ledger(sale, ledger)

        self.counter.run(self, self.counter.desk.ledger(sale), done=done, failed=self.explain)


def _safe_again() -> Message:
    return Message(
        tr("It did not go through"),
        tr("No order was made and nothing was charged. It is safe to place it again (F12)."),
        Tone.INFO,
        can_retry=True,
    )
