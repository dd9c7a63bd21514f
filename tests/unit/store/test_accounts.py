"""Whose orders a store holds: one account, which has many keys. And who looks in from outside."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from posapp.domain.shop import Shop
from posapp.store import schema
from posapp.store.engine import Database
from posapp.store.errors import StoreError, WrongStore
from posapp.store.probe import mode_at, shop_at
from posapp.store.store import Identity
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_shop, an_order
from tests.helpers.stores import a_store_at


async def knows(database: Database, account: str) -> bool:
    return await database.with_connection(partial(schema.knows_account, account=account))


async def claim(database: Database, account: str) -> None:
    wanted = {"mode": "test", "account": account}
    await database.with_connection(partial(schema.claim_identity, expected=wanted))


async def test_a_store_takes_every_key_it_was_told_of(database: Database) -> None:
    await claim(database, "one")
    assert await knows(database, "one")
    assert not await knows(database, "two")
    with pytest.raises(WrongStore):
        await claim(database, "two")
    for _again in range(2):
        await database.with_connection(partial(schema.add_account, account="two"))
    await claim(database, "two")
    await claim(database, "one")  # the other tills still have the old key
    assert await knows(database, "two")
    with pytest.raises(WrongStore) as other:
        await claim(database, "tw")
    assert other.value.what == "account"


async def test_a_store_that_knew_no_account_learns_one(database: Database) -> None:
    await claim(database, "")
    assert not await knows(database, "one")
    await database.with_connection(partial(schema.add_account, account="one"))
    with pytest.raises(WrongStore):
        await claim(database, "two")
    assert await knows(database, "one")


async def test_the_mode_is_one_and_stays(database: Database) -> None:
    await claim(database, "one")
    with pytest.raises(WrongStore) as other:
        await database.with_connection(
            partial(schema.claim_identity, expected={"mode": "live", "account": "one"})
        )
    assert (other.value.what, other.value.found) == ("mode", "test")


async def test_journal_and_shared_store_learn_a_key_together(
    tmp_path: Path, postgres_url: str
) -> None:
    one = await a_store_at(tmp_path / "1", postgres_url, Identity("test", "one"))
    two = await a_store_at(tmp_path / "2", postgres_url, Identity("test", "one"))
    await one.add_account("two")
    assert await one.knows_account("two")
    assert not await two.knows_account("two")  # its own journal has not heard of it
    await two.add_account("two")
    assert await two.knows_account("two")
    await one.close()
    await two.close()
    again = await a_store_at(tmp_path / "1", postgres_url, Identity("test", "two"))
    assert await again.knows_account("one")
    await again.close()


async def test_the_newest_orders_come_first(database: Database) -> None:
    def put(tx: Tx) -> None:
        for minute in (3, 1, 2):
            order = an_order(f"ord-{minute}", created_at=NOON.replace(minute=minute))
            tx.orders.save(order, NOON)

    await database.write(put)
    assert await database.read(lambda tx: tx.orders.newest(2)) == ("ord-3", "ord-2")
    assert await database.read(lambda tx: tx.orders.newest(9)) == ("ord-3", "ord-2", "ord-1")


async def test_who_looks_in_sees_shop_and_mode(tmp_path: Path, postgres_url: str) -> None:
    assert (shop_at(postgres_url), mode_at(postgres_url)) == (None, "")
    store = await a_store_at(tmp_path, postgres_url, Identity("test", "one"))
    assert (shop_at(postgres_url), mode_at(postgres_url)) == (None, "test")
    kept: Shop = a_shop(name="Hafen & Kiefer")
    await store.shared.write(lambda tx: tx.shop.save(kept))
    assert shop_at(postgres_url) == kept
    await store.close()


async def test_a_strangers_table_of_our_name_is_an_error_with_a_sentence(
    tmp_path: Path, postgres_url: str
) -> None:
    store = await a_store_at(tmp_path, postgres_url, Identity("test", "one"))
    await store.shared.write(
        lambda tx: tx.connection.execute(text("ALTER TABLE shop RENAME COLUMN doc TO document"))
    )
    await store.close()
    with pytest.raises(StoreError) as strange:
        shop_at(postgres_url)
    assert "doc" in str(strange.value)
