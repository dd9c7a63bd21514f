"""Several senders, one outbox: each decision is sent once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from posapp.domain.fulfilment import FulfilmentItem
from posapp.domain.intent import Intent, IntentState
from posapp.sync.apply import Inbox
from posapp.sync.outbox import Outbox
from tests.helpers.builders import a_customer
from tests.helpers.shop import open_shop

Meanwhile = list[Callable[[], Awaitable[object]]]


@dataclass(slots=True)
class SlowTill(Outbox):
    """A till that was busy for minutes between its look at the list and the first entry."""

    meanwhile: Meanwhile = field(default_factory=list)

    async def _claim(self, intent: Intent) -> Intent | None:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await Outbox._claim(self, intent)


@dataclass(slots=True)
class SlowLine(Inbox):
    """A line on which one read takes minutes."""

    meanwhile: Meanwhile = field(default_factory=list)

    async def read(self, order_id: str, asked: int = 0) -> None:
        """Read the order, then let the minutes pass."""
        await Inbox.read(self, order_id, asked)
        while self.meanwhile:
            await self.meanwhile.pop()()


@pytest.mark.parametrize("slow_is", ["the till", "its line"])
async def test_a_slow_till_does_not_send_again_what_another_has_sent_meanwhile(
    tmp_path: Path, slow_is: str
) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        desk = shop.desks.sale
        sale = await desk.choose(await shop.fill("MUG-WHT", ship=True), a_customer())
        sale = await desk.checkout(await desk.set_quantity(sale, sale.basket.lines[0].key, 3))
        order = await shop.place(await desk.paid(sale, shop.type_card(sale)))
        await shop.desks.orders.fulfil(order.id, [FulfilmentItem(order.lines[0].id, quantity=1)])
        quick = shop.session.engine.outbox
        store = shop.session.store

        async def another_sends_and_hears_nothing() -> None:
            shop.clock.turn(180)
            assert await quick.send_due() == 1
            ((_request, intent),) = (await shop.sheet(order.id)).outbox
            lost = replace(intent, state=IntentState.UNKNOWN, settled_at=None)
            await store.shared.write(lambda tx: tx.outbox.set_intent(lost))
            shop.clock.turn(180)

        line = SlowLine(quick.river, store, quick.clock, live=False)
        slow = SlowTill(quick.river, store, quick.settler, line, quick.clock, "2:slow")
        busy = slow if slow_is == "the till" else line
        busy.meanwhile.append(another_sends_and_hears_nothing)
        await slow.send_due()
        await slow.send_due()

        ((_request, intent),) = (await shop.sheet(order.id)).outbox
        assert intent.state is IntentState.DONE
        assert len(await shop.session.river.fulfilments.list(order.id)) == 1
