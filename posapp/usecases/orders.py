"""The order queue, verb by verb: look, claim, fulfil, cancel, hand over, note. The outbox sends;
nothing here does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from posapp.domain.changes import OrdersChanged, OutboxChanged
from posapp.domain.clock import Clock
from posapp.domain.errors import ClaimedByOther, NotReleased, ReasonMissing
from posapp.domain.fulfilment import (
    Fulfilment,
    FulfilmentItem,
    FulfilmentRequest,
    LineStanding,
    MoneyPreview,
    Tracking,
    check,
    preview,
    standing,
)
from posapp.domain.intent import Intent, IntentId, IntentKind
from posapp.domain.order import (
    Light,
    Order,
    OrderId,
    Outlook,
    merge_read,
    outlook,
    release_light,
)
from posapp.domain.queue import View
from posapp.domain.sale import Delivery
from posapp.domain.staff import Permission, Staff
from posapp.domain.stopped import body_seen, sight
from posapp.domain.timeline import Note, TimelineEntry
from posapp.usecases.present import Present

if TYPE_CHECKING:
    from posapp.domain.queue import Cursor, OrderRow, Page
    from posapp.gateway.river import DigitalRiver
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

LEASE = timedelta(minutes=10)
RENEW_WITHIN = LEASE / 2
"""How near its end a claim is prolonged while its holder has the order open."""


class UnknownOrder(LookupError):
    """No order of this id is in our mirror."""


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """Everything one screen shows of one order."""

    order: Order
    lines: tuple[LineStanding, ...]
    fulfilments: tuple[Fulfilment, ...]
    outbox: tuple[tuple[FulfilmentRequest, Intent], ...]
    timeline: tuple[TimelineEntry, ...]
    notes: tuple[Note, ...]
    outlook: Outlook
    seen_at: datetime | None
    claim: tuple[str, str, datetime] | None
    to_hand_over: bool

    @property
    def sending(self) -> bool:
        """Whether something decided has not been confirmed by the service."""
        return any(intent.open for _, intent in self.outbox)


@dataclass(slots=True)
class OrderDesk:
    """The orders of the shop, as this till works on them."""

    store: Store
    river: DigitalRiver
    clock: Clock
    new_id: Callable[[], str]
    present: Present
    till: str

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    async def page(
        self, view: View, after: Cursor | None = None, limit: int = 100, search: str = ""
    ) -> Page:
        """Return one page of the queue, newest first."""
        self.present.require(Permission.SEE_ORDERS)
        return await self.store.shared.read(lambda tx: tx.orders.rows(view, after, limit, search))

    async def rows(self, order_ids: Sequence[str]) -> tuple[OrderRow, ...]:
        """Return the queue rows of these orders, those we know."""
        return await self.store.shared.read(lambda tx: tx.orders.rows_of(order_ids))

    async def counts(self) -> dict[View, int]:
        """Return how many orders each view holds."""
        return await self.store.shared.read(lambda tx: tx.orders.counts())

    async def waiting_counts(self) -> tuple[int, int, int]:
        """Return how many orders are ready, what wants a manager, and what is unsent."""
        now = self.clock.now()

        def work(tx: Tx) -> tuple[int, int, int]:
            ready = tx.orders.counts().get(View.READY, 0)
            return ready, len(tx.review.items(now)), tx.outbox.count_waiting()

        return await self.store.shared.read(work)

    async def open(self, order_id: str) -> OrderSheet:
        """Return everything about one order. Raises UnknownOrder."""
        self.present.require(Permission.SEE_ORDERS)
        return await self.store.shared.read(lambda tx: _sheet(tx, order_id))

    async def refresh(self, order_id: str) -> OrderSheet:
        """Read order and fulfilments from the service now. Raises NotAllowed, GatewayError."""
        self.present.require(Permission.SEE_ORDERS)
        order = await self.river.orders.get(OrderId(order_id))
        fulfilments = await self.river.fulfilments.list(OrderId(order_id))
        now = self.clock.now()

        def work(tx: Tx) -> OrderSheet:
            for fulfilment in fulfilments:
                tx.fulfilments.save(fulfilment)
            tx.orders.save(merge_read(tx.orders.get(order_id), order).order, now)
            tx.announce(OrdersChanged(frozenset({order_id})))
            return _sheet(tx, order_id)

        return await self.store.keep(work, order_id=order_id)

    async def light(self, order_id: str) -> tuple[Light, Order]:
        """Return the release light of one order and what it rests on. Raises UnknownOrder."""
        order, seen_at = await self.store.look(
            lambda tx: (tx.orders.get(order_id), tx.orders.seen_at(order_id))
        )
        if order is None:
            raise UnknownOrder(order_id)
        age = (self.clock.now() - seen_at).total_seconds() if seen_at else float("inf")
        return release_light(order, age), order

    # ── deciding ─────────────────────────────────────────────────────────────────────────────

    def preview(self, sheet: OrderSheet, items: Sequence[FulfilmentItem]) -> MoneyPreview:
        """Foretell what sending these items would do to the money."""
        return preview(sheet.order, sheet.lines, items)

    async def fulfil(
        self,
        order_id: str,
        items: Sequence[FulfilmentItem],
        tracking: Tracking = Tracking(),  # noqa: B008  frozen
    ) -> FulfilmentRequest:
        """Decide that units leave or are cancelled; the outbox does the rest.

        Raises StateForbids, NothingOpen, TooMany, BadQuantity, ClaimedByOther, NotAllowed,
        UnknownOrder.
        """
        staff = self.present.require(Permission.FULFIL)
        if any(item.cancel_quantity for item in items):
            self.present.require(Permission.CANCEL_LINES)
        now = self.clock.now()
        request = FulfilmentRequest(
            request=self.new_id(),
            order_id=OrderId(order_id),
            items=tuple(item for item in items if item.quantity or item.cancel_quantity),
            tracking=tracking,
            decided_by=staff.name,
            decided_at=now,
        )

        def work(tx: Tx) -> None:
            tx.orders.lock(order_id)
            sheet = _sheet(tx, order_id)
            self._check_claim(sheet, staff, now)
            check(request, sheet.order, sheet.lines)
            tx.outbox.add(request, self._intent(request, sheet, now))
            tx.handover.remove(order_id)
            tx.audit.append(
                "fulfil", staff.id, now, {"order": order_id, "request": request.request}
            )
            tx.orders.reproject(order_id)
            ids = frozenset({order_id})
            tx.announce(OutboxChanged(ids), OrdersChanged(ids))

        await self.store.shared.write(work)
        return request

    async def hand_over(self, order_id: str) -> FulfilmentRequest:
        """Record that the take-away goods left with the customer.

        Raises NotReleased unless the light is green.
        """
        light, order = await self.light(order_id)
        if light is not Light.RELEASE:
            raise NotReleased(order_id, order.raw_state)
        sale = await self.store.journal.read(lambda tx: tx.sales.by_order(order_id))
        if sale is None:  # sold at another till
            sale = await self.store.look(lambda tx: tx.sales.by_order(order_id))
        taken = (
            {x.key for x in sale.basket.lines if x.delivery is not Delivery.SHIP}
            if sale is not None
            else {line.key for line in order.lines}
        )
        sheet = await self.open(order_id)
        items = [
            FulfilmentItem(x.line.id, quantity=x.open) for x in sheet.lines if x.line.key in taken
        ]
        return await self.fulfil(order_id, items)

    async def claim(self, order_id: str, *, take_over: bool = False) -> datetime:
        """Take an order in hand for ten minutes. Raises ClaimedByOther, NotAllowed."""
        permission = Permission.TAKE_OVER if take_over else Permission.FULFIL
        staff = self.present.require(permission)
        now = self.clock.now()
        until = now + LEASE

        def work(tx: Tx) -> None:
            held = tx.claims.get(order_id)
            if not tx.claims.take(order_id, staff.name, self.till, until, now, take_over=take_over):
                other = _claim(tx, order_id) or ("", "", now)
                raise ClaimedByOther(order_id, *other)
            if take_over and held is not None:
                facts = {"order": order_id, "from": held.holder}
                tx.audit.append("take over", staff.id, now, facts)
            tx.orders.reproject(order_id)
            tx.announce(OrdersChanged(frozenset({order_id})))

        await self.store.shared.write(work)
        return until

    async def renew_claim(self, order_id: str) -> bool:
        """Prolong this person's claim at this till; False when it is theirs no longer.

        Never takes an order in hand: a claim that ended, or was taken over, stays as it is.
        """
        staff = self.present.staff
        now = self.clock.now()

        def work(tx: Tx) -> bool:
            held = tx.claims.get(order_id)
            if staff is None or held is None or held.until <= now:
                return False
            if (held.holder, held.till) != (staff.name, self.till):
                return False
            if not tx.claims.take(order_id, staff.name, self.till, now + LEASE, now):
                return False
            tx.orders.reproject(order_id)
            tx.announce(OrdersChanged(frozenset({order_id})))
            return True

        return await self.store.shared.write(work)

    async def release_claim(self, order_id: str) -> None:
        """Lay an order down again; only who holds it may. A manager takes it over first.

        Raises ClaimedByOther while somebody else's claim holds, NotAllowed.
        """
        staff = self.present.require(Permission.FULFIL)
        now = self.clock.now()

        def work(tx: Tx) -> None:
            held = tx.claims.get(order_id)
            if held is not None and held.until > now and held.holder != staff.name:
                raise ClaimedByOther(order_id, held.holder, held.till, held.until)
            tx.claims.release(order_id)
            tx.orders.reproject(order_id)
            tx.announce(OrdersChanged(frozenset({order_id})))

        await self.store.shared.write(work)

    async def note(self, order_id: str, text: str) -> Note:
        """Leave a note on an order. Raises ReasonMissing for an empty one."""
        staff = self.present.require(Permission.NOTE)
        if not text.strip():
            raise ReasonMissing("note")
        note = Note(order_id, text.strip(), staff.name, self.clock.now())

        def work(tx: Tx) -> None:
            tx.notes.add(note)
            tx.orders.reproject(order_id)
            tx.announce(OrdersChanged(frozenset({order_id})))

        await self.store.shared.write(work)
        return note

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _check_claim(self, sheet: OrderSheet, staff: Staff, now: datetime) -> None:
        if sheet.claim is None:
            return
        holder, till, until = sheet.claim
        if until > now and (holder, till) != (staff.name, self.till):
            raise ClaimedByOther(sheet.order.id, holder, till, until)

    def _intent(self, request: FulfilmentRequest, sheet: OrderSheet, now: datetime) -> Intent:
        saw = sight(sheet.order, sheet.lines)
        return Intent(
            id=IntentId(self.new_id()),
            kind=IntentKind.FULFILMENT,
            resource=f"order:{request.order_id}",
            key=request.request,
            body=body_seen(sheet.fulfilments, saw),
            written_at=now,
            order_id=request.order_id,
        )


def _sheet(tx: Tx, order_id: str) -> OrderSheet:
    order = tx.orders.get(order_id)
    if order is None:
        raise UnknownOrder(order_id)
    fulfilments = tx.fulfilments.for_order(order_id)
    outbox = tx.outbox.history(order_id)
    waiting = tuple(request for request, intent in outbox if intent.open)
    return OrderSheet(
        order=order,
        lines=standing(order, fulfilments, waiting),
        fulfilments=fulfilments,
        outbox=outbox,
        timeline=tx.timeline.for_order(order_id),
        notes=tx.notes.for_order(order_id),
        outlook=outlook(order, sending=bool(waiting)),
        seen_at=tx.orders.seen_at(order_id),
        claim=_claim(tx, order_id),
        to_hand_over=order_id in {waiting for waiting, _ in tx.handover.all()},
    )


def _claim(tx: Tx, order_id: str) -> tuple[str, str, datetime] | None:
    held = tx.claims.get(order_id)
    return None if held is None else (held.holder, held.till, held.until)
