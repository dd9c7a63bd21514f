"""The outbox: what people decided is sent once, in order, when the line is there (design 8). Lost
answers are settle's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from posapp.domain.clock import Clock
from posapp.domain.errors import RuleBroken
from posapp.domain.fulfilment import FulfilmentRequest, check, standing
from posapp.domain.intent import Intent, IntentState
from posapp.domain.stopped import STOPPED, Sight, body_stopped, sight
from posapp.gateway.errors import GatewayError, Offline, RateLimited
from posapp.settle.books import OutboxBook
from posapp.settle.errors import StillUnknown

if TYPE_CHECKING:
    from posapp.gateway.river import DigitalRiver
    from posapp.settle.settler import Settler
    from posapp.store.store import Store
    from posapp.store.transaction import Tx
    from posapp.sync.apply import Inbox

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 20


@dataclass(slots=True)
class Outbox:
    """Sends fulfilments."""

    river: DigitalRiver
    store: Store
    settler: Settler
    inbox: Inbox
    clock: Clock
    holder: str

    async def send_due(self) -> int:
        """Send what waits and look up what is in doubt, oldest first; returns how many ended well.

        Raises GatewayError when the service is away.
        """
        now = self.clock.now()
        due = await self.store.shared.read(lambda tx: tx.outbox.due(now, BATCH))
        ended = 0
        for request, listed in due:
            intent = await self._claim(listed)
            if intent is None:
                continue
            if intent.state is IntentState.WRITTEN:
                ended += await self._send(request, intent)
            else:
                ended += await self._settle(intent)
        return ended

    async def _claim(self, intent: Intent) -> Intent | None:
        """Take the entry, and return it as it stands now: another till may have sent it since the
        list was read. None when it is not to be had.
        """
        now = self.clock.now()
        until = now + LEASE

        def work(tx: Tx) -> Intent | None:
            is_ours = tx.intents.claim(intent.id, self.holder, until, now)
            return tx.intents.get(intent.id) if is_ours else None

        return await self.store.shared.write(work)

    async def _settle(self, intent: Intent) -> int:
        settled = await self.settler.settle(intent)
        await self.store.shared.write(lambda tx: tx.intents.unclaim(intent.id, self.holder))
        if settled.state is IntentState.DONE:
            await self.inbox.read(settled.order_id)
        return int(settled.state is IntentState.DONE)

    async def _send(self, request: FulfilmentRequest, intent: Intent) -> int:
        await self.inbox.read(request.order_id)  # read again before sending (design 8)
        held = await self._claim(intent)  # a slow line may have outlasted the first claim
        if held is None:
            return 0
        if held.state is not IntentState.WRITTEN:
            return await self._settle(held)
        misfit = await self.store.shared.read(lambda tx: _misfit(tx, request))
        if misfit is not None:
            problem, now = misfit
            log.warning("fulfilment %s is not sent: %r", request.request, problem)
            refused = intent.moved(IntentState.SENDING).moved(IntentState.REFUSED)
            body = body_stopped(intent.body, now)
            told = replace(refused, reason=STOPPED, body=body, settled_at=self.clock.now())
            await OutboxBook(self.store).save(told)
            return 0
        try:
            await self.settler.send(intent, lambda: self.river.fulfilments.create(request))
        except StillUnknown:
            return 0
        except GatewayError as error:
            if isinstance(error, Offline | RateLimited):
                await self.store.shared.write(lambda tx: tx.intents.unclaim(intent.id, self.holder))
                raise
            log.warning("fulfilment %s refused: %s", request.request, error)
            return 0
        await self.inbox.read(request.order_id)
        return 1


def _misfit(tx: Tx, request: FulfilmentRequest) -> tuple[RuleBroken, Sight] | None:
    """Say why the request can no longer be sent and how the order stands, or None.

    Other tills' waiting requests count, this one does not.
    """
    order = tx.orders.get(request.order_id)
    if order is None:
        return None
    waiting = [r for r in tx.outbox.waiting(request.order_id) if r.request != request.request]
    lines = standing(order, tx.fulfilments.for_order(order.id), waiting)
    try:
        check(request, order, lines)
    except RuleBroken as problem:
        return problem, sight(order, lines)
    return None
