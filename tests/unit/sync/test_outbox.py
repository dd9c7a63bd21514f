"""Several senders, one outbox: each decision is sent once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from posapp.domain.fulfilment import FulfilmentItem
from posapp.domain.intent import Intent, IntentState
from posapp.sync.outbox import Outbox
from tests.helpers.builders import a_customer
from tests.helpers.shop import open_shop


@dataclass(slots=True)
class SlowTill(Outbox):
    """A till that was busy for minutes between its look at the list and the first entry."""

    meanwhile: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    async def _claim(self, intent: Intent) -> Intent | None:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await Outbox._claim(self, intent)


async def test_a_slow_till_does_not_send_again_what_another_has_sent_meanwhile(
    tmp_path: Path,
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
            assert await quick.send_due() == 1
            ((_request, intent),) = (await shop.sheet(order.id)).outbox
            lost = replace(intent, state=IntentState.UNKNOWN, settled_at=None)
            await store.shared.write(lambda tx: tx.outbox.set_intent(lost))
            shop.clock.turn(180)

        slow = SlowTill(quick.river, store, quick.settler, quick.inbox, quick.clock, "2:slow")
        slow.meanwhile.append(another_sends_and_hears_nothing)
        await slow.send_due()

        ((_request, intent),) = (await shop.sheet(order.id)).outbox
        assert intent.state is IntentState.DONE
        assert len(await shop.session.river.fulfilments.list(order.id)) == 1
