"""Doubts are looked up by themselves, and each keeps only its own sale waiting (design 6)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.fulfilment import FulfilmentItem
from posapp.domain.intent import IntentState
from posapp.domain.order import Order
from posapp.domain.sale import SaleState, Step
from posapp.sandbox.director import Fault, FaultKind
from posapp.settle.errors import StillUnknown
from tests.helpers.logfail import LogWatch
from tests.helpers.shop import Shop, open_shop


async def outbox_of(shop: Shop, order: Order) -> list[IntentState]:
    """Return how far what was decided about an order has got."""
    return [intent.state for _request, intent in (await shop.sheet(order.id)).outbox]


async def test_goods_of_an_order_found_later_wait_for_the_customer_who_left(
    tmp_path: Path, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    expected_log.expect("look-up failed")
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        faults = shop.world.director.faults
        faults.append(Fault(FaultKind.STATUS_AFTER, method="POST", path="^/orders$", times=1))
        faults.append(Fault(FaultKind.STATUS, method="GET", path="^/orders", times=0))
        with pytest.raises(StillUnknown):
            await shop.place(sale)
        faults.clear()
        assert await shop.session.engine.doubts.settle_unknown() == 1
        done = await shop.desks.sale.get(sale.id)
        assert done is not None
        assert done.state is SaleState.DONE
        assert (await shop.sheet(done.order_id)).to_hand_over


async def test_f5_while_the_engine_looks_too_finds_the_order_and_breaks_nothing(
    tmp_path: Path, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    expected_log.expect("look-up failed")
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        faults = shop.world.director.faults
        faults.append(Fault(FaultKind.STATUS_AFTER, method="POST", path="^/orders$", times=1))
        faults.append(Fault(FaultKind.STATUS, method="GET", path="^/orders", times=0))
        with pytest.raises(StillUnknown):
            await shop.place(sale)
        faults.clear()
        (item,) = await shop.desks.review.items()
        await asyncio.gather(
            shop.session.engine.doubts.settle_unknown(),
            shop.desks.sale.look_again(sale),
            shop.desks.review.resolve(item, happened=False, reason="not in the dashboard"),
        )
        done = await shop.desks.sale.get(sale.id)
        assert done is not None
        assert done.state is SaleState.DONE
        assert done.order_id


@pytest.mark.parametrize("checkout", ["is gone", "is never answered about"])
async def test_one_doubt_keeps_nothing_else_from_being_sent(
    tmp_path: Path, expected_log: LogWatch, checkout: str
) -> None:
    expected_log.expect("looking it up")
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        order = await shop.sold("PEN-FTN")
        sale = await shop.quoted("MUG-WHT")
        assert sale.quote is not None
        claim = shop.type_card(sale)
        faults = shop.world.director.faults
        faults.append(Fault(FaultKind.TIMEOUT, method="POST", path="/sources/", times=1))
        with pytest.raises(StillUnknown):
            await shop.desks.sale.paid(sale, claim)
        if checkout == "is gone":
            await shop.session.river.checkouts.delete(sale.quote.checkout_id)
        else:
            expected_log.expect("look-up failed")
            faults.append(Fault(FaultKind.STATUS, method="GET", path="^/checkouts", times=0))
        items = [FulfilmentItem(line.id, quantity=line.quantity) for line in order.lines]
        await shop.desks.orders.fulfil(order.id, items)
        await shop.session.engine._write()
        assert await outbox_of(shop, order) == [IntentState.DONE]


async def test_a_sale_whose_order_is_known_is_not_sold_again_after_a_crash(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        order = await shop.place(sale)
        placing = replace(sale.moved(SaleState.PLACING), step=Step.REVIEW)
        await shop.session.store.journal.write(lambda tx: tx.sales.save(placing, till=sale.till))
        await shop.session.engine.doubts.recover()
        found = await shop.desks.sale.get(sale.id)
        assert found is not None
        assert (found.state, found.step, found.order_id) == (SaleState.DONE, Step.DONE, order.id)
