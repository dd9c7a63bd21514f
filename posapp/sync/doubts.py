"""Doubts of this till: sale writes whose answer was lost are looked up at start and whenever the
line is back (design 6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from posapp.domain.intent import Intent, IntentKind, IntentState
from posapp.domain.sale import SaleState, Step
from posapp.gateway.errors import GatewayError, Offline, RateLimited

if TYPE_CHECKING:
    from posapp.settle.settler import Settler
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Doubts:
    """Looks up what this till does not know."""

    store: Store
    settler: Settler

    async def recover(self) -> int:
        """After a start: whatever was being sent when the program died is in doubt now. Returns how
        many.
        """

        def work(tx: Tx) -> list[Intent]:
            ours = [x for x in tx.intents.open() if x.kind is not IntentKind.FULFILMENT]
            cut = [x for x in ours if x.state is not IntentState.UNKNOWN]
            for intent in cut:
                if intent.state is IntentState.WRITTEN and intent.sent_at is None:
                    tx.intents.save(intent.moved(IntentState.NOT_DONE))
                else:
                    tx.intents.save(intent.moved(IntentState.UNKNOWN))
            return cut

        cut = await self.store.journal.write(work)
        await self._recover_sales()
        return len(cut)

    async def settle_unknown(self) -> int:
        """Look up every doubt once; returns how many ended. Raises Offline or RateLimited when the
        service is away; a doubt it does not answer about waits and keeps nothing else waiting.
        """
        unknown = await self.store.journal.read(lambda tx: tx.intents.unknown())
        ended = 0
        for intent in unknown:
            if intent.kind is IntentKind.FULFILMENT:
                continue  # the outbox looks after its own
            try:
                settled = await self.settler.settle(intent)
            except (Offline, RateLimited):
                raise
            except GatewayError as error:
                log.warning("%s %s: look-up failed: %s", intent.kind, intent.key, error)
                continue
            ended += not settled.open
            log.info("%s %s: %s", intent.kind, intent.key, settled.state)
        return ended

    async def _recover_sales(self) -> None:
        """A sale that was being placed is unknown while its order intent is, done when that is, and
        in hand again when it never left.
        """

        def work(tx: Tx) -> None:
            for sale in tx.sales.unsettled():
                orders = [x for x in tx.intents.for_sale(sale.id) if x.kind is IntentKind.ORDER]
                made = [x for x in orders if x.state is IntentState.DONE]
                if any(x.open for x in orders):
                    if sale.state is SaleState.PLACING:
                        tx.sales.save(sale.moved(SaleState.UNKNOWN), till=sale.till)
                elif made:
                    done = sale.moved(SaleState.DONE)
                    kept = replace(done, step=Step.DONE, order_id=made[-1].remote_id)
                    tx.sales.save(kept, till=sale.till)
                else:
                    tx.sales.save(sale.moved(SaleState.OPEN), till=sale.till)

        await self.store.journal.write(work)
