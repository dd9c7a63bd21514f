"""What a manager looks at: held, blocked, unpaid, failed, in doubt. The service decides reviews;
nobody here can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.domain.changes import OrdersChanged, SalesChanged
from posapp.domain.clock import Clock
from posapp.domain.errors import ReasonMissing
from posapp.domain.intent import Intent
from posapp.domain.review import Concern, Outcome, ReviewItem
from posapp.domain.staff import Permission
from posapp.usecases.present import Present

if TYPE_CHECKING:
    from posapp.settle.settler import Settler
    from posapp.store.store import Store
    from posapp.store.transaction import Tx


@dataclass(slots=True)
class ReviewDesk:
    """The manager's desk."""

    store: Store
    settler: Settler
    clock: Clock
    present: Present

    async def items(self) -> tuple[ReviewItem, ...]:
        """Return what wants a manager, the longest waiting first."""
        self.present.require(Permission.SEE_REVIEW)
        now = self.clock.now()
        shared = await self.store.shared.read(lambda tx: tx.review.items(now))
        found = list(shared)
        if not self.store.is_one:  # orders the till kept meanwhile are in the shared store by now
            own = await self.store.journal.read(lambda tx: tx.review.items(now))
            found += [item for item in own if item.intent_id]
        return tuple(sorted(found, key=lambda item: item.since))

    async def acknowledge(
        self, item: ReviewItem, outcome: Outcome, reason: str, *, resold_as: str = ""
    ) -> None:
        """Close a concern with what was done about it. Raises ReasonMissing, NotAllowed."""
        staff = self.present.require(Permission.DECIDE)
        if not reason.strip():
            raise ReasonMissing("decision")
        now = self.clock.now()
        words = f"{reason.strip()} → {resold_as}" if resold_as else reason.strip()

        def work(tx: Tx) -> None:
            tx.decisions.add(item.order_id, item.concern, outcome, words, staff.name, now)
            tx.audit.append(
                "decide",
                staff.id,
                now,
                {"order": item.order_id, "concern": item.concern, "outcome": outcome},
            )
            tx.orders.reproject(item.order_id)
            tx.announce(OrdersChanged(frozenset({item.order_id})))

        await self.store.shared.write(work)

    async def look_again(self, item: ReviewItem) -> Intent | None:
        """Look up, now, whether a write in doubt happened. Raises GatewayError."""
        self.present.require(Permission.SEE_REVIEW)
        intent = await self._intent(item)
        return await self.settler.settle(intent) if intent is not None and intent.open else intent

    async def resolve(self, item: ReviewItem, *, happened: bool, reason: str) -> None:
        """End a write in doubt by decision; audited. Raises ReasonMissing, NotAllowed."""
        staff = self.present.require(Permission.SETTLE)
        if not reason.strip():
            raise ReasonMissing("decision")
        intent = await self._intent(item)
        if intent is None or not intent.open:
            return
        await self.settler.resolve(intent, happened=happened, reason=reason.strip())
        now = self.clock.now()
        facts = {"intent": intent.id, "happened": str(happened), "concern": Concern.UNKNOWN_INTENT}

        def work(tx: Tx) -> None:
            tx.audit.append("resolve", staff.id, now, facts)
            if item.sale_id:
                tx.announce(SalesChanged(frozenset({item.sale_id})))

        await self.store.shared.write(work)

    async def _intent(self, item: ReviewItem) -> Intent | None:
        for database in (self.store.journal, self.store.shared):
            found = await database.read(lambda tx: tx.intents.get(item.intent_id))
            if found is not None:
                return found
        return None
