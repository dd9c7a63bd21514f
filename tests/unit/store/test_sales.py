"""Sales: kept whole, found by till and order, copied when they have changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.payment import PaymentMethod, SourceId
from posapp.domain.sale import (
    Consent,
    Sale,
    SaleId,
    SaleState,
    ShippingOption,
    Step,
)
from posapp.store.engine import Database
from posapp.store.sales import SALE
from posapp.store.transaction import Tx
from tests.helpers.builders import (
    NOON,
    a_basket,
    a_customer,
    a_party,
    a_product,
    a_quote,
    a_sale,
    usd,
)


def sale_at(number: int, state: SaleState = SaleState.OPEN, **facts: object) -> Sale:
    begun = NOON + timedelta(minutes=number)
    return a_sale(
        id=SaleId(f"sale-{number}"), number=number, state=state, started_at=begun, **facts
    )


async def save(database: Database, *sales: Sale, till: str = "1") -> None:
    def work(tx: Tx) -> None:
        for sale in sales:
            tx.sales.save(sale, till=till)

    await database.write(work)


async def test_everything_a_sale_holds_comes_back(database: Database) -> None:
    whole = a_sale(
        basket=a_basket(a_product(), a_product("KEY-01", "3.10", physical=False), quantity=3),
        step=Step.REVIEW,
        customer=a_customer("cust-1"),
        ship_to=a_party(given_name="Žofie"),
        shipping=ShippingOption("std", "Standard", usd("5.00")),
        quote=a_quote(),
        method=PaymentMethod(SourceId("src-1"), "creditCard", usd("12.96"), last_four="4242"),
        consent=Consent(
            "DR_INC-ENTITY", "en", "US", (("terms", "ab12"),), (), NOON, "clerk", "customer screen"
        ),
        order_id="o-2",
        superseded=("o-1",),
        note="gift",
    )
    await save(database, whole)
    assert await database.read(lambda tx: tx.sales.get("sale-1")) == whole


async def test_saving_again_replaces_the_whole_sale(database: Database) -> None:
    await save(database, a_sale(), a_sale(held_as="blue coat", state=SaleState.HELD))
    kept = await database.read(lambda tx: tx.sales.recent(9))
    assert [(sale.held_as, sale.state) for sale in kept] == [("blue coat", SaleState.HELD)]


@pytest.mark.parametrize("state", [SaleState.OPEN, SaleState.PLACING, SaleState.UNKNOWN])
async def test_the_sale_in_hand_is_this_tills(database: Database, state: SaleState) -> None:
    await save(database, sale_at(1, SaleState.DONE), sale_at(2, SaleState.HELD), sale_at(3, state))
    await save(database, sale_at(4), till="2")
    assert await database.read(lambda tx: tx.sales.open_sale("1")) == sale_at(3, state)
    assert await database.read(lambda tx: tx.sales.open_sale("2")) == sale_at(4)
    assert await database.read(lambda tx: tx.sales.open_sale("3")) is None


async def test_held_and_unsettled_sales_are_listed_oldest_first(database: Database) -> None:
    await save(
        database,
        sale_at(5, SaleState.HELD),
        sale_at(2, SaleState.HELD),
        sale_at(4, SaleState.UNKNOWN),
        sale_at(3, SaleState.PLACING),
        sale_at(6, SaleState.DISCARDED),
    )
    held = await database.read(lambda tx: tx.sales.held())
    unsettled = await database.read(lambda tx: tx.sales.unsettled())
    assert [sale.number for sale in held] == [2, 5]
    assert [sale.number for sale in unsettled] == [3, 4]


async def test_recent_sales_come_newest_first(database: Database) -> None:
    await save(database, *(sale_at(number, SaleState.DONE) for number in (2, 9, 4)))
    recent = await database.read(lambda tx: tx.sales.recent(2))
    assert [sale.number for sale in recent] == [9, 4]


async def test_a_sale_is_found_by_each_order_it_made(database: Database) -> None:
    sale = sale_at(1, SaleState.DONE, order_id="o-live", superseded=("o-old", "o-older"))
    await save(database, sale)
    made = ("o-live", "o-old", "o-older")
    found = await database.read(lambda tx: [tx.sales.by_order(order_id) for order_id in made])
    assert found == [sale, sale, sale]
    assert await database.read(lambda tx: tx.sales.by_order("o-other")) is None


async def test_no_number_is_given_twice(database: Database) -> None:
    given = [await database.write(lambda tx: tx.sales.next_number()) for _ in range(3)]
    both = await database.write(lambda tx: (tx.sales.next_number(), tx.sales.next_number()))
    assert [*given, *both] == [1, 2, 3, 4, 5]


async def test_a_number_given_to_work_that_failed_is_given_again(database: Database) -> None:
    def work(tx: Tx) -> None:
        assert tx.sales.next_number() == 1
        raise OSError("the cable")

    with pytest.raises(OSError, match="cable"):
        await database.write(work)
    assert await database.write(lambda tx: tx.sales.next_number()) == 1


async def test_a_sale_can_be_asked_to_be_copied_once_more_by_its_order(database: Database) -> None:
    await save(database, a_sale(order_id="o-1"), a_sale(id=SaleId("other"), number=9))
    both = await database.read(lambda tx: tx.sales.uncopied(9))
    await database.write(
        lambda tx: tx.sales.mark_copied([(sale.id, version) for sale, _till, version in both])
    )
    assert await database.read(lambda tx: tx.sales.uncopied(9)) == ()
    await database.write(lambda tx: tx.sales.touch("o-1"))
    again = await database.read(lambda tx: tx.sales.uncopied(9))
    assert [sale.id for sale, _till, _version in again] == ["sale-1"]


def test_a_sale_written_by_an_older_program_gets_the_defaults_of_what_it_lacks() -> None:
    old = (
        '{"id":"s","number":7,"basket":{"currency":"USD","lines":[],"version":0},'
        '"started_at":"2026-03-02T12:00:00Z","clerk_id":"c","gone":"a field of old"}'
    )
    assert SALE.read(old) == Sale(
        SaleId("s"), 7, replace(a_basket(), lines=(), version=0), NOON, "c"
    )
