"""Who has an order in hand: only they lay it down, others look, a manager takes it over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import ClaimedByOther, NotAllowed
from tests.helpers.shop import Shop
from tests.unit.usecases.conftest import OpenShop


async def holder_of(shop: Shop, order_id: str) -> str:
    """Return who has the order in hand, or nothing."""
    claim = (await shop.sheet(order_id)).claim
    return claim[0] if claim is not None else ""


async def test_nobody_lays_down_what_another_has_in_hand(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("mara")
        order = await shop.sold("MUG-WHT")
        shop.sign_in("finn")
        await shop.desks.orders.claim(order.id)

        shop.sign_in("mara")
        with pytest.raises(ClaimedByOther) as told:
            await shop.desks.orders.release_claim(order.id)
        assert (told.value.holder, await holder_of(shop, order.id)) == ("Finn", "Finn")

        shop.sign_in("finn")
        await shop.desks.orders.release_claim(order.id)
        assert await holder_of(shop, order.id) == ""


async def test_a_manager_takes_over_which_is_written_down_and_then_may_lay_it_down(
    shop_at: OpenShop,
) -> None:
    async with shop_at() as shop:
        shop.sign_in("mara")
        order = await shop.sold("MUG-WHT")
        shop.sign_in("finn")
        await shop.desks.orders.claim(order.id)
        with pytest.raises(NotAllowed):
            await shop.desks.orders.claim(order.id, take_over=True)

        shop.sign_in("mara")
        await shop.desks.orders.claim(order.id, take_over=True)
        shop.sign_in("finn")
        with pytest.raises(ClaimedByOther):
            await shop.desks.orders.release_claim(order.id)
        shop.sign_in("mara")
        await shop.desks.orders.release_claim(order.id)

        assert await holder_of(shop, order.id) == ""
        audit = await shop.session.store.shared.read(lambda tx: tx.audit.entries())
        taken = [entry for entry in audit if entry.kind == "take over"]
        assert [(entry.facts or {})["from"] for entry in taken] == ["Finn"]


async def test_a_claim_that_ran_out_can_be_cleared_away_by_anybody(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("mara")
        order = await shop.sold("MUG-WHT")
        shop.sign_in("finn")
        until = await shop.desks.orders.claim(order.id)
        shop.clock.turn((until - shop.clock.now() + timedelta(seconds=1)).total_seconds())

        shop.sign_in("mara")
        await shop.desks.orders.release_claim(order.id)
        assert await holder_of(shop, order.id) == ""


async def test_an_open_order_stays_in_hand_until_somebody_takes_it_over(shop_at: OpenShop) -> None:
    async with shop_at() as shop:
        shop.sign_in("mara")
        order = await shop.sold("MUG-WHT")
        shop.sign_in("finn")
        await shop.desks.orders.claim(order.id)
        for _ in range(3):
            shop.clock.turn(9 * 60)
            assert await shop.desks.orders.renew_claim(order.id)
        assert await holder_of(shop, order.id) == "Finn"

        shop.sign_in("mara")
        assert not await shop.desks.orders.renew_claim(order.id)
        await shop.desks.orders.claim(order.id, take_over=True)
        shop.sign_in("finn")
        assert not await shop.desks.orders.renew_claim(order.id)
        assert await holder_of(shop, order.id) == "Mara"


async def test_a_claim_that_ran_out_is_not_prolonged_behind_the_next_one_s_back(
    shop_at: OpenShop,
) -> None:
    async with shop_at() as shop:
        shop.sign_in("mara")
        order = await shop.sold("MUG-WHT")
        await shop.desks.orders.claim(order.id)
        shop.clock.turn(11 * 60)
        assert not await shop.desks.orders.renew_claim(order.id)
