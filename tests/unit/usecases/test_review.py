"""The manager's desk: what is held, blocked or in doubt, and what was done about it."""

from __future__ import annotations

import pytest

from posapp.domain.errors import NotAllowed, ReasonMissing
from posapp.domain.intent import IntentState
from posapp.domain.review import Concern, Outcome, ReviewItem
from posapp.domain.sale import SaleState
from posapp.sandbox.director import Fault, FaultKind
from posapp.settle.errors import StillUnknown
from tests.helpers.logfail import LogWatch
from tests.helpers.shop import Shop
from tests.unit.usecases.conftest import OpenShop


async def _the(shop: Shop, concern: Concern) -> ReviewItem:
    [item] = [item for item in await shop.desks.review.items() if item.concern is concern]
    return item


async def _in_doubt(shop: Shop) -> ReviewItem:
    """Place an order whose call vanishes on the way."""
    sale = await shop.paid("MUG-WHT")
    shop.world.director.faults.append(
        Fault(FaultKind.TIMEOUT, method="POST", path="/orders", times=1)
    )
    with pytest.raises(StillUnknown):
        await shop.place(sale)
    return await _the(shop, Concern.UNKNOWN_INTENT)


async def test_an_order_in_review_stands_there_until_the_service_decides(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        shop.world.director.next("in_review", seconds=60)
        order = await shop.sold("MUG-WHT")
        assert (await _the(shop, Concern.IN_REVIEW)).order_id == order.id
        assert await shop.desks.orders.waiting_counts() == (0, 1, 0)
        await shop.catch_up(40)
        assert await shop.desks.review.items() == ()
        assert await shop.desks.orders.waiting_counts() == (1, 0, 0)


async def test_a_blocked_order_is_closed_with_an_outcome_and_a_reason(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        shop.world.director.next("blocked_later", seconds=1)
        await shop.sold("MUG-WHT")
        await shop.catch_up()
        item = await _the(shop, Concern.BLOCKED)
        with pytest.raises(ReasonMissing):
            await shop.desks.review.acknowledge(item, Outcome.CUSTOMER_TOLD, " ")
        await shop.desks.review.acknowledge(item, Outcome.RESOLD, "paid cash", resold_as="1-7")
        assert await shop.desks.review.items() == ()
        decided = await shop.session.store.shared.read(
            lambda tx: tx.decisions.for_order(item.order_id)
        )
        assert "1-7" in str(decided)


async def test_a_clerk_neither_sees_nor_decides(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in()
        item = ReviewItem(Concern.BLOCKED, shop.clock.now(), order_id="o-1")
        shop.sign_in("cleo")
        with pytest.raises(NotAllowed):
            await shop.desks.review.items()
        with pytest.raises(NotAllowed):
            await shop.desks.review.acknowledge(item, Outcome.CLOSED, "because")
        with pytest.raises(NotAllowed):
            await shop.desks.review.resolve(item, happened=False, reason="because")


async def test_looking_again_finds_what_has_appeared_meanwhile(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    async with shop_at() as shop:
        shop.sign_in()
        item = await _in_doubt(shop)
        intent = await shop.desks.review.look_again(item)
        assert intent is not None
        assert intent.state is IntentState.UNKNOWN
        sale = await shop.desks.sale.get(item.sale_id)
        assert sale is not None
        assert sale.quote is not None
        made = await shop.session.river.orders.create(sale.quote.checkout_id)
        found = await shop.desks.review.look_again(item)
        assert found is not None
        assert (found.state, found.remote_id) == (IntentState.DONE, made.id)
        assert await shop.desks.review.look_again(item) == found


async def test_a_manager_ends_a_doubt_with_a_reason_that_is_kept(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    async with shop_at() as shop:
        shop.sign_in()
        item = await _in_doubt(shop)
        with pytest.raises(ReasonMissing):
            await shop.desks.review.resolve(item, happened=False, reason="")
        await shop.desks.review.resolve(item, happened=False, reason="seen in the dashboard")
        sale = await shop.desks.sale.get(item.sale_id)
        assert sale is not None
        assert sale.state is SaleState.OPEN
        kinds = [
            entry.kind
            for entry in await shop.session.store.shared.read(lambda tx: tx.audit.entries())
        ]
        assert "resolve" in kinds
        await shop.desks.review.resolve(item, happened=True, reason="again")
        again = await shop.desks.sale.get(item.sale_id)
        assert again == sale


async def test_what_a_manager_saw_happen_is_never_sold_again(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    expected_log.expect("look-up failed")
    async with shop_at() as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        faults = shop.world.director.faults
        faults.append(Fault(FaultKind.STATUS_AFTER, method="POST", path="^/orders$", times=1))
        faults.append(Fault(FaultKind.STATUS, method="GET", path="^/orders", times=0))
        with pytest.raises(StillUnknown):
            await shop.place(sale)
        item = await _the(shop, Concern.UNKNOWN_INTENT)
        await shop.desks.review.resolve(item, happened=True, reason="seen in the dashboard")
        done = await shop.desks.sale.get(sale.id)
        assert done is not None
        assert (done.state, done.order_id) == (SaleState.DONE, "")

        await shop.session.engine.doubts.recover()  # the next start of the program
        assert await shop.desks.sale.get(sale.id) == done
        assert (await shop.desks.sale.take_up()).id != sale.id


async def test_what_the_service_shows_counts_more_than_what_a_manager_saw(
    shop_at: OpenShop, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    async with shop_at() as shop:
        shop.sign_in()
        item = await _in_doubt(shop)
        sale = await shop.desks.sale.get(item.sale_id)
        assert sale is not None
        assert sale.quote is not None
        made = await shop.session.river.orders.create(sale.quote.checkout_id)
        await shop.desks.review.resolve(item, happened=False, reason="not in the dashboard")
        done = await shop.desks.sale.get(item.sale_id)
        assert done is not None
        assert (done.state, done.order_id) == (SaleState.DONE, made.id)
