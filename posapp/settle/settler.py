"""Send once, look up on doubt (design 6).

The journal is written before the service is asked, always.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakValueDictionary

from posapp.domain.clock import Clock
from posapp.domain.intent import Intent, IntentKind, IntentState, may_call_it_not_done
from posapp.domain.order import Order
from posapp.gateway.errors import CheckoutSpent, GatewayError, Offline, RateLimited
from posapp.settle import effects
from posapp.settle.books import Book, JournalBook, OutboxBook
from posapp.settle.errors import StillUnknown
from posapp.settle.lookups import LOOK_UP, Trace

if TYPE_CHECKING:
    from posapp.gateway.river import DigitalRiver
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_LOOKUPS_S = (0.0, 1.0, 3.0)
"""Waits before the look-ups that a person stands and waits for; later ones are the engine's."""


@dataclass(slots=True)
class Settler:
    """Sends intents and settles them. One write is in flight per remote resource."""

    river: DigitalRiver
    store: Store
    clock: Clock
    # a lock lives as long as somebody holds it or waits for it
    _busy: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _flights: set[asyncio.Task[Any]] = field(default_factory=set)

    async def send(self, intent: Intent, write: Callable[[], Awaitable[T]]) -> T:
        """Write the intent down, send it once, and return the service's answer.

        Raises the gateway's error when nothing happened or the service refused, StillUnknown when
        nobody knows yet.
        The flight goes on when the caller is cancelled: a closed window never loses an answer.
        """
        return await asyncio.shield(self.start(intent, write))

    def start(self, intent: Intent, write: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        """Send like `send`, for a write that nobody waits for."""
        flight = asyncio.ensure_future(self._fly(intent, write))
        self._flights.add(flight)
        flight.add_done_callback(self._landed)
        return flight

    async def settle(self, intent: Intent) -> Intent:
        """Look an unknown intent up once and write down what came of it.

        Raises GatewayError when nobody answers.
        """
        settled, _ = await self.look_up(intent)
        return settled

    async def look_up(self, intent: Intent) -> tuple[Intent, object | None]:
        """Like `settle`, and return what was found too, for a caller that goes on with it.

        One that has ended meanwhile is not looked up again.
        """
        async with self._lock(intent.resource):
            kept = await self._kept(intent)
            return await self._look_up(kept) if kept.open else (kept, None)

    async def resolve(self, intent: Intent, *, happened: bool, reason: str) -> Intent:
        """Let a manager end an unknown intent by decision; the caller audits it (design 6).

        What the service shows now counts more than what anybody saw.
        """
        async with self._lock(intent.resource):
            kept = await self._kept(intent)
            if not kept.open:
                return kept
            decided = replace(kept, reason=reason)
            found = await self._shown(kept)
            if found is not None:
                return await self._done(decided, found)
            ended = decided.moved(IntentState.DONE) if happened else _not_done(decided)
            return await self._close(ended, None)

    async def rest(self) -> None:
        """Wait for the flights under way, for the end of the program."""
        if self._flights:
            await asyncio.wait(tuple(self._flights))

    async def _fly(self, intent: Intent, write: Callable[[], Awaitable[T]]) -> T:
        async with self._lock(intent.resource):
            await self._clear(intent)
            sent = replace(intent.moved(IntentState.SENDING), sent_at=self.clock.now())
            await self._book(intent).save(sent)
            try:
                result = await write()
            except CheckoutSpent as error:
                return cast(T, await self._doubt(sent, error))
            except GatewayError as error:
                if error.in_doubt:
                    return cast(T, await self._doubt(sent, error))
                nothing = isinstance(error, Offline | RateLimited)
                ended = _not_done(sent) if nothing else sent.moved(IntentState.REFUSED)
                await self._close(replace(ended, reason=str(error)), error)
                raise
            except BaseException:
                # Not the service's doing: what went out, if anything, must be looked up.
                await self._close(sent.moved(IntentState.UNKNOWN), None)
                raise
            await self._done(sent, result)
            return result

    async def _clear(self, intent: Intent) -> None:
        """Let no write follow one in doubt on the same remote thing. Raises StillUnknown."""
        if intent.kind is IntentKind.FULFILMENT:
            return  # the outbox sends in order, one at a time
        older = await self.store.journal.read(
            lambda tx: tx.intents.open_for(resource=intent.resource)
        )
        for doubtful in older:
            if doubtful.id != intent.id and doubtful.state is not IntentState.WRITTEN:
                settled, _ = await self._look_up(doubtful)
                if settled.open:
                    raise StillUnknown(settled)

    async def _doubt(self, sent: Intent, error: GatewayError) -> object:
        """Nobody knows whether it happened: write that down, then look, a few times, before saying
        so.
        """
        log.warning("%s %s: no answer (%s); looking it up", sent.kind, sent.key, error)
        unknown = await self._close(sent.moved(IntentState.UNKNOWN), None)
        for wait_s in FIRST_LOOKUPS_S:
            await self.clock.sleep(wait_s)
            try:
                unknown, found = await self._look_up(unknown)
            except GatewayError as still:
                log.warning("%s %s: look-up failed: %s", sent.kind, sent.key, still)
                continue
            if found is not None:
                return found
        raise StillUnknown(unknown) from error

    async def _look_up(self, intent: Intent) -> tuple[Intent, object | None]:
        found = await LOOK_UP[intent.kind](self.river, intent)
        if found is Trace.UNCLEAR:
            return await self._close(intent.moved(IntentState.UNKNOWN), None), None
        if found is not Trace.NONE:
            return await self._done(intent, found), found
        now = self.clock.now()
        missed = replace(
            intent.moved(IntentState.UNKNOWN),
            missed_lookups=intent.missed_lookups + 1,
            first_missed_at=intent.first_missed_at or now,
            last_lookup_at=now,
        )
        if may_call_it_not_done(missed, now):
            missed = _not_done(missed)
        return await self._close(missed, None), None

    async def _shown(self, intent: Intent) -> object | None:
        """Return what the service shows of the write, None when it shows or answers nothing."""
        try:
            found = await LOOK_UP[intent.kind](self.river, intent)
        except GatewayError as error:
            log.info("%s %s: no look-up (%s); decided all the same", intent.kind, intent.key, error)
            return None
        return None if isinstance(found, Trace) else found

    async def _done(self, intent: Intent, result: object) -> Intent:
        done = replace(intent.moved(IntentState.DONE), remote_id=effects.remote_id(result))
        closed = await self._close(done, result)
        if isinstance(result, Order):
            await self._mirror(closed, result)
        return closed

    async def _close(self, intent: Intent, result: object | None) -> Intent:
        closed = intent if intent.open else replace(intent, settled_at=self.clock.now())

        def effect(tx: Tx) -> None:
            effects.apply(tx, closed, result)

        await self._book(intent).save(closed, effect)
        return closed

    async def _kept(self, intent: Intent) -> Intent:
        """Return the intent as it stands now: somebody else may have looked it up meanwhile."""
        database = self.store.shared if intent.kind is IntentKind.FULFILMENT else self.store.journal
        return await database.read(lambda tx: tx.intents.get(intent.id)) or intent

    async def _mirror(self, intent: Intent, order: Order) -> None:
        """Keep the order, and that its goods wait for the customer: who may be gone by now."""
        now = self.clock.now()
        sale = await self.store.journal.read(lambda tx: tx.sales.get(intent.sale_id))

        def work(tx: Tx) -> None:
            effects.mirror_order(tx, order, now)
            if sale is not None:
                effects.keep_for_customer(tx, order, sale)

        await self.store.keep(work, order_id=order.id)

    def _book(self, intent: Intent) -> Book:
        if intent.kind is IntentKind.FULFILMENT:
            return OutboxBook(self.store)
        return JournalBook(self.store)

    def _lock(self, resource: str) -> asyncio.Lock:
        return self._busy.setdefault(resource, asyncio.Lock())

    def _landed(self, flight: asyncio.Task[Any]) -> None:
        self._flights.discard(flight)
        if not flight.cancelled() and flight.exception() is not None:
            log.info("a write ended without success: %r", flight.exception())


def _not_done(intent: Intent) -> Intent:
    """Nothing happened: a sale's step is over and a person tries again; an outbox entry waits for
    its next turn.
    """
    if intent.kind is IntentKind.FULFILMENT:
        return replace(
            intent.moved(IntentState.WRITTEN),
            sent_at=None,
            missed_lookups=0,
            first_missed_at=None,
            last_lookup_at=None,
        )
    return intent.moved(IntentState.NOT_DONE)
