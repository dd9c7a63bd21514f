"""A till with a real journal, a clock that runs by itself, and a service that loses answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from posapp.domain.intent import Intent, IntentKind, IntentState
from posapp.domain.order import Order
from posapp.domain.sale import Sale, SaleState
from posapp.settle.settler import Settler
from posapp.store.store import Store
from tests.helpers.builders import a_sale, an_intent
from tests.helpers.clock import FakeClock
from tests.helpers.lossy_river import LossyRiver
from tests.helpers.stores import a_store


@dataclass
class Till:
    """What a settler test drives."""

    folder: Path
    clock: FakeClock
    river: LossyRiver
    store: Store
    settler: Settler

    async def ring_up(self, number: int = 1) -> Sale:
        """Journal a sale that is being placed."""
        sale = a_sale(id=f"sale-{number}", number=number, state=SaleState.PLACING)
        await self.store.journal.write(lambda tx: tx.sales.save(sale, till="1"))
        return sale

    def order_intent(self, number: int = 1) -> Intent:
        """Return the intent to order for that sale."""
        return an_intent(
            IntentKind.ORDER,
            id=f"intent-{number}",
            sale_id=f"sale-{number}",
            key=f"chk-{number}",
            resource=f"checkout:chk-{number}",
            written_at=self.clock.now(),
            limit_s=60.0,
        )

    async def place(self, intent: Intent) -> Order:
        """Send the order."""
        made: Order = await self.settler.send(intent, lambda: self.river.create(intent.key))
        return made

    async def sale(self, number: int = 1) -> Sale:
        """Return the sale as it is on disk."""
        found = await self.store.journal.read(lambda tx: tx.sales.get(f"sale-{number}"))
        assert found is not None
        return found

    async def state(self, intent: Intent) -> IntentState:
        """Return the intent's state as it is on disk."""
        return (await self.intent(intent)).state

    async def intent(self, intent: Intent) -> Intent:
        """Return the intent as it is on disk."""
        found = await self.store.journal.read(lambda tx: tx.intents.get(intent.id))
        assert found is not None
        return found


@pytest.fixture
def till(tmp_path: Path) -> Till:
    """A till; `open_till` in the test opens its store."""
    clock = FakeClock(running=True)
    return Till(tmp_path, clock, LossyRiver(), None, None)  # type: ignore[arg-type]  # opened by the test


async def open_till(till: Till) -> Till:
    """Open the till's store, on the test's own loop."""
    till.store = await a_store(till.folder)
    till.settler = Settler(till.river.as_river(), till.store, till.clock)
    return till
