"""The shop's server is away: the sale in hand is finished at the till, and what was kept there is
copied over when the server is back (design 1).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.errors import WrongPin
from posapp.domain.order import Light, OrderState
from posapp.domain.review import Concern
from posapp.domain.sale import Delivery, SaleState
from posapp.domain.staff import StaffId
from posapp.gateway.errors import Offline
from posapp.sandbox.director import Fault, FaultKind
from posapp.settle.errors import StillUnknown
from posapp.store.errors import StoreAway
from tests.helpers.builders import a_customer, a_party
from tests.helpers.logfail import LogWatch
from tests.helpers.postgres import PostgresServer
from tests.helpers.shop import Shop, open_shop
from tests.helpers.waiting import until


async def copied(shop: Shop) -> None:
    """Let the engine run until nothing is left to copy."""

    def turned() -> bool:
        shop.clock.turn(1)
        return shop.session.engine.health.healthy_at is not None

    await shop.session.engine.start()
    await until(turned, what="a turn of the engine")
    left = 1
    while left:
        shop.clock.turn(1)
        left = len(await shop.session.store.journal.read(lambda tx: tx.sales.uncopied(9)))
    await shop.session.engine.stop()  # from here the test turns it by hand


async def test_the_sale_in_hand_is_finished_without_the_shops_server_and_copied_later(
    tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    async with open_shop(tmp_path, database_url=postgres_url) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        with postgres_server.away(postgres_url):
            with pytest.raises(StoreAway):
                await shop.desks.orders.counts()
            order = await shop.place(sale)
            light, seen = await shop.desks.orders.light(order.id)
            assert (light, seen.state) == (Light.RELEASE, OrderState.ACCEPTED)
            await shop.desks.orders.refresh(order.id)
            done = await shop.desks.sale.get(sale.id)
            assert done is not None and (done.state, done.order_id) == (SaleState.DONE, order.id)

        shop.clock.running = False
        await copied(shop)

        store = shop.session.store
        assert await store.shared.read(lambda tx: tx.sales.by_order(order.id)) == done
        assert (await shop.sheet(order.id)).to_hand_over
        assert await store.journal.read(lambda tx: tx.handover.all()) == ()
        shop.clock.running = True
        await shop.desks.orders.hand_over(order.id)
        await shop.catch_up()
        assert [line.open for line in (await shop.sheet(order.id)).lines] == [0]
        assert shop.books_agree()


async def test_a_customer_registered_meanwhile_is_in_the_directory_later(
    tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    async with open_shop(tmp_path, database_url=postgres_url) as shop:
        shop.sign_in()
        sale = await shop.fill("MUG-WHT")
        with postgres_server.away(postgres_url):
            sale = await shop.desks.sale.register(sale, a_party(given_name="Grace"))
        assert sale.customer is not None and sale.customer.id is not None

        shop.clock.running = False
        await copied(shop)

        found = await shop.desks.sale.customers("Grace")
        assert [customer.id for customer in found] == [sale.customer.id]


async def test_another_till_hands_over_what_is_taken_away_and_leaves_what_is_shipped(
    tmp_path: Path, postgres_url: str
) -> None:
    async with (
        open_shop(tmp_path / "one", database_url=postgres_url) as one,
        open_shop(tmp_path / "two", till="2", database_url=postgres_url, beside=one) as two,
    ):
        one.sign_in()
        two.sign_in()
        sale = await one.fill("MUG-WHT", "CABLE-UC2")
        shipped = sale.basket.set_delivery(sale.basket.lines[1].key, Delivery.SHIP)
        home = a_party(address=one.desks.shop.address)
        sale = await one.desks.sale.choose(replace(sale, basket=shipped), a_customer(party=home))
        sale = await one.desks.sale.checkout(sale)
        order = await one.place(await one.desks.sale.paid(sale, one.type_card(sale)))
        assert await one.session.store.copy_over() == 1

        request = await two.desks.orders.hand_over(order.id)
        names = {line.id: line.sku for line in order.lines}
        assert [names[item.line_id] for item in request.items] == ["MUG-WHT"]


async def test_without_the_service_what_was_sold_still_reaches_the_shops_server(
    tmp_path: Path, postgres_url: str, expected_log: LogWatch
) -> None:
    expected_log.expect("looking it up")
    async with open_shop(tmp_path, database_url=postgres_url) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        fault = Fault(FaultKind.TIMEOUT, method="POST", path="/orders", times=1)
        shop.world.director.faults.append(fault)
        with pytest.raises(StillUnknown):
            await shop.place(sale)
        shop.transport.is_down = True
        with pytest.raises(Offline):
            await shop.session.engine._write()
        assert await shop.session.store.shared.read(lambda tx: tx.sales.get(sale.id)) is not None


async def test_an_order_in_review_meanwhile_leaves_the_review_screen_once_it_is_accepted(
    tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    async with open_shop(tmp_path, database_url=postgres_url) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        shop.world.director.next("in_review", seconds=60)
        with postgres_server.away(postgres_url):
            order = await shop.place(sale)
        assert await shop.session.store.copy_over() == 1
        (item,) = await shop.desks.review.items()
        assert (item.order_id, item.concern) == (order.id, Concern.IN_REVIEW)
        await shop.catch_up(60)
        assert await shop.desks.review.items() == ()


async def test_what_the_till_kept_is_older_than_what_another_has_read(
    tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    async with open_shop(tmp_path, database_url=postgres_url) as shop:
        shop.sign_in()
        sale = await shop.paid("MUG-WHT")
        with postgres_server.away(postgres_url):
            order = await shop.place(sale)
        newer = replace(order, state=OrderState.FULFILLED, raw_state="fulfilled")
        at = shop.clock.now()
        await shop.session.store.shared.write(lambda tx: tx.orders.save(newer, at))
        assert await shop.session.store.copy_over() == 1
        shared = shop.session.store.shared
        assert await shared.read(lambda tx: tx.orders.get(order.id)) == newer
        await shop.catch_up()
        shown = await shared.read(lambda tx: tx.orders.get(order.id))
        assert shown == await shop.session.river.orders.get(order.id)


async def test_who_locked_the_till_signs_in_again_without_the_shops_server(
    tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    async with open_shop(tmp_path, database_url=postgres_url) as shop:
        staff = shop.desks.staff
        known = await staff.names()
        with postgres_server.away(postgres_url):
            assert await staff.names() == known
            with pytest.raises(WrongPin):
                await staff.sign_in(StaffId("cleo"), "9999")
            assert (await staff.sign_in(StaffId("cleo"), "1111")).id == "cleo"
        assert (await staff.sign_in(StaffId("mara"), "3333")).id == "mara"
