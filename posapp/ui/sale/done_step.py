"""Step 6 at work: keeps the light true, hands goods over, begins the next sale."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.changes import Change, OrdersChanged
from posapp.domain.intent import Intent, IntentKind
from posapp.domain.order import Light, Order, outlook
from posapp.domain.payment import ChargeState
from posapp.domain.sale import Delivery, Sale
from posapp.domain.words import tr
from posapp.ui import messages
from posapp.ui.kit.run import Job
from posapp.ui.kit.theme import Tone
from posapp.ui.messages import Message
from posapp.ui.sale.counter import Counter, Place
from posapp.ui.sale.done_page import DonePage
from posapp.ui.sale.sounds import Sound
from posapp.ui.sale.step import SaleStep
from posapp.usecases.orders import OrderSheet, UnknownOrder

READ_EVERY = {None: 1, Light.STALE: 1, Light.HOLD: 3, Light.RELEASE: 9}
"""Ticks of the page between two questions to the service: a green light is confirmed before it is
too old to trust, a waiting one is watched, a red one stays.
"""


class DoneStep(SaleStep):
    """The light, until the next customer."""

    place = Place.DONE

    def __init__(self, counter: Counter, page: DonePage) -> None:
        super().__init__(counter, page)
        self.page = page
        self._light: Light | None = None
        self._is_handed_over = False
        self._ticks = 0
        self._looking: Job | None = None  # what is asked of the store, and of the service
        self._reading: Job | None = None
        counter.changes.changed.connect(self._on_change)
        page.ticked.connect(self._on_tick)
        page.refresh_wanted.connect(self._verify)
        page.handed_over.connect(self._hand_over)

    def enter(self, message: Message | None) -> None:
        """Begin: show what is known of the order, read it if nothing is."""
        self._light = None
        self._is_handed_over = False
        self._ticks = 0
        super().enter(message)
        self.page.show_handed_over(is_done=False)
        self.page.ledger.show_verdict("", Tone.NEUTRAL)
        self.page.show_unknown()
        self._look()
        self._show_ledger()

    def go_forward(self) -> None:
        """Begin the next sale."""
        self.counter.run(
            self,
            self.counter.desk.begin(),
            done=self._on_begun,
            failed=self.explain,
        )

    def _on_begun(self, sale: Sale) -> None:
        self.counter.in_hand.take(sale)
        if self.is_on:
            self.counter.route.go(Place.CART)

    # ── the light ────────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        order_id = self.sale.order_id
        if not order_id:
            self.page.show_unnumbered()
            return

        def failed(error: Exception) -> None:
            if isinstance(error, UnknownOrder):
                self._read()
            else:
                self.explain(error)

        self._looking = self.counter.run(
            self,
            self.counter.orders.light(order_id),
            done=lambda told: self._on_light(order_id, *told),
            failed=failed,
        )

    def _on_light(self, order_id: str, light: Light, order: Order) -> None:
        if not self.is_on or order_id != self.sale.order_id:
            return
        self.page.show_order(light, order, outlook(order), to_hand_over=self._may_hand_over())
        if self._light is not None and light is not self._light and light is not Light.STALE:
            self.counter.play(Sound.DECIDED)
        self._light = light

    def _may_hand_over(self) -> bool:
        goods = self.sale.basket.lines
        taken = any(line.delivery is Delivery.TAKE_AWAY for line in goods)
        return taken and not self._is_handed_over

    def _on_change(self, change: Change) -> None:
        if not self.is_on or not isinstance(change, OrdersChanged):
            return
        if self.sale.order_id in change.order_ids:
            self._look()

    def _on_tick(self) -> None:
        """Time alone makes a light old, so it is looked at, and now and then read from the
        service. Whoever does not answer is asked once, or questions would pile up behind.
        """
        if not self.is_on or not self.sale.order_id:
            return
        self._ticks += 1
        every = READ_EVERY.get(self._light, 0)
        if every and self._ticks % every == 0 and not _is_under_way(self._reading):
            self._read()
        elif not _is_under_way(self._looking):
            self._look()

    def _read(self) -> None:
        """Ask the service quietly: without an answer the light turns grey by itself."""
        self._reading = self.counter.run(
            self,
            self.counter.orders.refresh(self.sale.order_id),
            done=lambda _sheet: self._look(),
            failed=lambda _error: self._look_quietly(),
        )

    def _look_quietly(self) -> None:
        self._looking = self.counter.run(
            self,
            self.counter.orders.light(self.sale.order_id),
            done=lambda told: self._on_light(self.sale.order_id, *told),
            failed=lambda _error: self.page.show_unknown(),
        )

    # ── proof ────────────────────────────────────────────────────────────────────────────────

    def _show_ledger(self) -> None:
        sale = self.sale

        def done(ledger: tuple[Intent, ...]) -> None:
            self.page.ledger.show_ledger(sale, ledger)

        self.counter.run(self, self.counter.desk.ledger(sale), done=done, failed=self.explain)

    def _verify(self) -> None:
        self.page.ledger.show_verdict(tr("Asking Digital River …"), Tone.WAIT)
        sale = self.sale
        if not sale.order_id:  # a manager ended the doubt: only the checkouts can tell
            self._count(sale, ())
            return
        self.counter.run(
            self,
            self.counter.orders.refresh(sale.order_id),
            done=lambda sheet: self._on_verified(sale, sheet),
            failed=self._on_not_verified,
            busy=self.page.ledger.verify_button,
        )

    def _on_verified(self, sale: Sale, sheet: OrderSheet) -> None:
        """The order was read; now every checkout of the sale is asked for an order of its own."""
        self._look()
        self._count(sale, (sheet.order,))

    def _count(self, sale: Sale, known: tuple[Order, ...]) -> None:
        self.counter.run(
            self,
            self.counter.desk.orders_made(sale),
            done=lambda made: self._on_counted(sale, (*known, *made)),
            failed=self._on_not_verified,
        )

    def _on_counted(self, sale: Sale, made: tuple[Order, ...]) -> None:
        def done(ledger: tuple[Intent, ...]) -> None:
            self.page.ledger.show_ledger(sale, ledger)
            self.page.ledger.show_verdict(*verdict(ledger, made))

        self.counter.run(self, self.counter.desk.ledger(sale), done=done, failed=self.explain)

    def _on_not_verified(self, error: Exception) -> None:
        message = messages.explain_sale(error)
        self.page.ledger.show_verdict(f"{message.title}. {message.body}", message.tone)

    # ── goods ────────────────────────────────────────────────────────────────────────────────

    def _hand_over(self) -> None:
        self.counter.run(
            self,
            self.counter.orders.hand_over(self.sale.order_id),
            done=lambda _request: self._on_handed_over(),
            failed=self._on_not_handed_over,
            busy=self.page.hand_over_button,
        )

    def _on_handed_over(self) -> None:
        self._is_handed_over = True
        self.page.hush()
        self.page.show_handed_over(is_done=True)
        self._look()

    def _on_not_handed_over(self, error: Exception) -> None:
        self.counter.play(Sound.REFUSED)
        self.explain(error)


def _is_under_way(job: Job | None) -> bool:
    return job is not None and not job.is_done


def verdict(ledger: Sequence[Intent], made: Sequence[Order]) -> tuple[str, Tone]:
    """Return whether this sale was charged once, by the service's own orders and charges."""
    orders = {order.id: order for order in made}
    live = [
        charge
        for order in orders.values()
        for charge in order.charges
        if charge.state not in (ChargeState.FAILED, ChargeState.CANCELLED)
    ]
    extra = max(0, len(orders) - 1)
    said = tr(
        "{orders} order, {charges} charge, {extra} duplicates for this sale",
        orders=len(orders),
        charges=len(live),
        extra=extra,
    )
    if any(intent.kind is IntentKind.ORDER and intent.open for intent in ledger):
        return tr("One write is still not known. {said}", said=said), Tone.WAIT
    return said, Tone.PROBLEM if extra else Tone.READY
