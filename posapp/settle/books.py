"""Where intents are written down:
the till's journal for sales, the shared outbox for fulfilments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from posapp.domain.changes import OrdersChanged, OutboxChanged, SalesChanged
from posapp.domain.intent import Intent

if TYPE_CHECKING:
    from posapp.store.store import Store
    from posapp.store.transaction import Tx

Effect = Callable[["Tx"], None]
"""What else becomes true with the intent's new state, in the same transaction."""


class Book(Protocol):
    """A place that keeps intents durably."""

    async def save(self, intent: Intent, effect: Effect | None = None) -> None:
        """Write the intent, and its effect, in one durable transaction."""
        ...


@dataclass(frozen=True, slots=True)
class JournalBook:
    """Intents of this till's sales, on its own disk."""

    store: Store

    async def save(self, intent: Intent, effect: Effect | None = None) -> None:
        """Write the intent, and its effect, in one durable transaction of the journal."""

        def work(tx: Tx) -> None:
            tx.intents.save(intent)
            if effect is not None:
                effect(tx)
            if intent.sale_id:
                tx.announce(SalesChanged(frozenset({intent.sale_id})))

        await self.store.journal.write(work)


@dataclass(frozen=True, slots=True)
class OutboxBook:
    """Intents of fulfilments, in the store that all tills share."""

    store: Store

    async def save(self, intent: Intent, effect: Effect | None = None) -> None:
        """Write the intent, and its effect, in one durable transaction of the shared store."""

        def work(tx: Tx) -> None:
            tx.outbox.set_intent(intent)
            if effect is not None:
                effect(tx)
            tx.orders.reproject(intent.order_id)
            ids = frozenset({intent.order_id})
            tx.announce(OutboxChanged(ids), OrdersChanged(ids))

        await self.store.shared.write(work)
