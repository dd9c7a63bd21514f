"""The inbox applied:
each event once, in order, with its effect in the same transaction (design 7).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from posapp.domain.changes import OrdersChanged
from posapp.domain.clock import Clock
from posapp.domain.errors import WrongMode
from posapp.domain.event import RawEvent
from posapp.domain.order import Order, OrderId, merge, merge_charge, merge_read
from posapp.gateway.errors import Garbled, GatewayError, NotFound
from posapp.gateway.events import parse_event

if TYPE_CHECKING:
    from posapp.domain.event import Event
    from posapp.gateway.river import DigitalRiver
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

log = logging.getLogger(__name__)

BATCH = 500

Waiting = list[tuple[RawEvent, "Event | None"]]
"""Events as they came and as they were understood."""


@dataclass(slots=True)
class Inbox:
    """Applies what the feed fetched."""

    river: DigitalRiver
    store: Store
    clock: Clock
    live: bool

    async def apply(self) -> int:
        """Apply all that waits and return how many events that was; then read again what only a
        read can tell.
        """
        done = 0
        while True:
            waiting = await self.store.shared.read(self._next)
            if not waiting:
                break
            done += await self._batch(waiting)
        await self._read_again()
        return done

    def _next(self, tx: Tx) -> Waiting:
        """Return what waits, understood: on the store's thread, so that no frame waits for it."""
        return [(raw, self._parse(raw)) for raw in tx.inbox.next(BATCH)]

    async def _batch(self, waiting: Waiting) -> int:
        now = self.clock.now()

        # What the service told can be asked of it again: the disk need not be waited for.
        await self.store.shared.write(lambda tx: self._merge(tx, waiting), durable=False)
        log.debug("applied %d events at %s", len(waiting), now)
        return len(waiting)

    def _parse(self, raw: RawEvent) -> Event | None:
        try:
            event = parse_event(raw.body)
        except GatewayError:
            log.warning("event %s (%s) cannot be read; it is kept", raw.id, raw.type)
            return None
        if event.live_mode != self.live:
            raise WrongMode(event.live_mode)
        return event

    def _merge(self, tx: Tx, waiting: Waiting) -> None:
        """Merge a batch into the mirror, and remember which orders must be read again."""
        known = tx.orders.many(event.order_id for _raw, event in waiting if event is not None)
        changed: dict[str, None] = {}
        saved: dict[str, datetime] = {}
        reread: set[str] = set()
        outcomes = []
        for raw, event in waiting:
            order_id, outcome = self._one(tx, event, known, saved, reread)
            outcomes.append((raw.id, order_id, outcome))
            if order_id:
                changed[order_id] = None
        tx.inbox.applied_all(outcomes)
        tx.inbox.want(sorted(reread))
        for order_id, seen_at in saved.items():
            tx.orders.save(known[order_id], seen_at)
        for order_id in changed:
            if order_id in known and order_id not in saved:
                tx.orders.reproject(order_id)
        if changed:
            tx.announce(OrdersChanged(frozenset(changed)))

    def _one(
        self,
        tx: Tx,
        event: Event | None,
        known: dict[str, Order],
        saved: dict[str, datetime],
        reread: set[str],
    ) -> tuple[str, str]:
        """Merge one event into `known`; returns the order it is about, and a word for the
        record. What is to be kept goes to `saved`, with the moment it was told.
        """
        if event is None:
            return "", "unreadable"
        if not event.order_id:
            return "", "noted"
        held = known.get(event.order_id)
        if event.fulfilment is not None:
            tx.fulfilments.save(event.fulfilment)
            reread.add(event.order_id)
            return event.order_id, "fulfilment"
        if event.order is not None:
            merged = merge(held, event.order)
        elif event.charge is not None and held is not None:
            merged = merge_charge(held, event.charge)
        else:
            reread.add(event.order_id)
            return event.order_id, "to read"
        if merged.changed:
            known[event.order_id] = merged.order
            saved[event.order_id] = event.created_at
        if merged.reread:
            reread.add(event.order_id)
        return event.order_id, "merged" if merged.changed else "known"

    async def _read_again(self) -> None:
        """Read what is wanted, whichever till or start of the program the wish is of."""
        while wanted := await self.store.shared.read(lambda tx: tx.inbox.wanted(BATCH)):
            for order_id, asked in wanted:
                try:
                    await self.read(order_id, asked)
                except Garbled as error:  # it stays as it was, and keeps nothing waiting
                    log.warning("order %s cannot be read: %s", order_id, error)
                    await self._forget(order_id, asked)

    async def _forget(self, order_id: str, asked: int) -> None:
        await self.store.shared.write(lambda tx: tx.inbox.was_read(order_id, asked))

    async def read(self, order_id: str, asked: int = 0) -> None:
        """Read one order and its fulfilments from the service into the mirror.

        `asked`: how often the inbox had asked for it by then. Raises GatewayError.
        """
        try:
            order = await self.river.orders.get(OrderId(order_id))
            fulfilments = await self.river.fulfilments.list(OrderId(order_id))
        except NotFound:
            log.warning("an event names order %s, which the service does not know", order_id)
            await self._forget(order_id, asked)
            return
        now = self.clock.now()

        def work(tx: Tx) -> None:
            for fulfilment in fulfilments:
                tx.fulfilments.save(fulfilment)
            tx.orders.save(merge_read(tx.orders.get(order_id), order).order, now)
            tx.inbox.was_read(order_id, asked)
            tx.announce(OrdersChanged(frozenset({order_id})))

        await self.store.shared.write(work)
