"""Doubts of this till: sale writes whose answer was lost are looked up at start and whenever the
line is back (design 6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.domain.intent import Intent, IntentKind, IntentState
from posapp.domain.sale import SaleState

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
        """Look up every doubt once; returns how many ended. Raises GatewayError when the service is
        away.
        """
        unknown = await self.store.journal.read(lambda tx: tx.intents.unknown())
        ended = 0
        for intent in unknown:
            if intent.kind is IntentKind.FULFILMENT:
                continue  # the outbox looks after its own
            settled = await self.settler.settle(intent)
            ended += not settled.open
            log.info("%s %s: %s", intent.kind, intent.key, settled.state)
        return ended

    async def _recover_sales(self) -> None:
        """A sale that was being placed is unknown while its order intent is, and in hand again when
        that never left.
        """

        def work(tx: Tx) -> None:
            for sale in tx.sales.unsettled():
                orders = [
                    x for x in tx.intents.open_for(sale_id=sale.id) if x.kind is IntentKind.ORDER
                ]
                if orders and sale.state is SaleState.PLACING:
                    tx.sales.save(sale.moved(SaleState.UNKNOWN), till=sale.till)
                elif not orders:
                    tx.sales.save(sale.moved(SaleState.OPEN), till=sale.till)

        await self.store.journal.write(work)
