"""The engine: whole or not at all, announced after the commit, errors in our words."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from posapp.domain.changes import (
    CatalogueChanged,
    Change,
    Changes,
    FeedChanged,
    OrdersChanged,
    SalesChanged,
)
from posapp.store import schema
from posapp.store.drivers import is_faulty, sqlite_module
from posapp.store.engine import Database
from posapp.store.errors import (
    ChangedElsewhere,
    StoreAway,
    StoreError,
    StoreUnusable,
    Trouble,
)
from posapp.store.executor import one_thread
from posapp.store.home import Home
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_product, a_sale, an_order
from tests.unit.store.conftest import chance, database_at


class PowerCut(Exception):
    """What happens in the middle of work."""


async def test_what_was_written_is_read(database: Database) -> None:
    await database.write(lambda tx: tx.sales.save(a_sale(), till="1"))
    assert await database.read(lambda tx: tx.sales.get("sale-1")) == a_sale()


async def test_an_error_leaves_nothing_and_tells_nobody(
    database: Database, heard: list[Change]
) -> None:
    def work(tx: Tx) -> None:
        tx.sales.save(a_sale(), till="1")
        tx.orders.save(an_order(), NOON)
        tx.products.save_all([a_product()])
        tx.announce(SalesChanged(frozenset({"sale-1"})))
        raise PowerCut

    with pytest.raises(PowerCut):
        await database.write(work)
    await asyncio.sleep(0)
    assert heard == []
    assert await database.read(lambda tx: tx.sales.recent(5)) == ()
    assert await database.read(lambda tx: tx.orders.get("231388420336")) is None
    assert await database.read(lambda tx: tx.products.all_skus()) == ()


async def test_changes_of_a_kind_are_told_once_after_the_commit(
    database: Database, heard: list[Change]
) -> None:
    def work(tx: Tx) -> None:
        tx.announce(OrdersChanged(frozenset({"a"})), FeedChanged())
        tx.announce(OrdersChanged(frozenset({"b"})))
        assert heard == []

    await database.write(work)
    assert heard == [OrdersChanged(frozenset({"a", "b"})), FeedChanged()]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreUnusable) as refused:
        await database.read(lambda tx: tx.products.save_all([a_product()]))
    assert refused.value.trouble is Trouble.READ_ONLY


async def test_work_that_is_not_durable_is_still_whole(database: Database) -> None:
    await database.write(lambda tx: tx.feed.set_cursor("c-1", NOON), durable=False)
    await database.write(lambda tx: tx.sales.save(a_sale(), till="1"))
    assert await database.read(lambda tx: tx.feed.cursor()) == ("c-1", NOON)
    assert await database.read(lambda tx: tx.sales.get("sale-1")) is not None


async def test_sales_are_written_so_that_they_survive_a_power_cut(tmp_path: Path) -> None:
    database = database_at(tmp_path / "store.sqlite3")
    await database.with_connection(schema.prepare)

    def level(tx: Tx) -> int:
        return int(tx.connection.execute(text("PRAGMA synchronous")).scalar_one())

    assert await database.write(level) == 2  # FULL
    assert await database.write(level, durable=False) == 1  # NORMAL
    assert await database.write(level) == 2
    assert (
        await database.write(lambda tx: tx.connection.execute(text("PRAGMA journal_mode")).scalar())
        == "wal"
    )
    await database.close()


async def test_a_broken_rule_of_the_database_says_that_somebody_was_faster(
    database: Database,
) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.connection.execute(text("INSERT INTO facts (name, value) VALUES ('a', 'b')"))

    with pytest.raises(ChangedElsewhere):
        await database.write(twice)


async def test_a_wrong_statement_is_a_fault_and_not_a_driver_error(database: Database) -> None:
    with pytest.raises(StoreUnusable) as fault:
        await database.read(lambda tx: tx.connection.execute(text("SELECT * FROM nowhere")))
    assert fault.value.trouble is Trouble.FAULT


async def test_work_runs_on_threads_of_the_database(tmp_path: Path, changes: Changes) -> None:
    database = Database(
        tmp_path / "store.sqlite3",
        changes=changes,
        home=Home("1", "here", chance),
        make_executor=one_thread,
        name="till",
    )
    await database.with_connection(schema.prepare)
    writer = await database.write(lambda _tx: threading.current_thread().name)
    reader = await database.read(lambda _tx: threading.current_thread().name)
    await database.close()
    assert writer.startswith("till-writer") and reader.startswith("till-reader")


async def test_a_caller_who_gave_up_does_not_keep_others_from_hearing(
    tmp_path: Path, changes: Changes, heard: list[Change]
) -> None:
    database = Database(tmp_path / "store.sqlite3", changes=changes, home=Home("1", "here", chance))
    await database.with_connection(schema.prepare)
    begun, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        begun.set()
        assert go_on.wait(5)
        tx.products.save_all([a_product()])
        tx.announce(CatalogueChanged())

    caller = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    skus = await database.write(lambda tx: tx.products.all_skus())  # waits for its turn
    await database.close()
    assert skus == ("MUG-01",)
    assert heard == [CatalogueChanged()]


async def test_a_file_that_is_no_store_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"a shopping list, not a database" * 100)
    database = database_at(path)
    with pytest.raises(StoreUnusable) as damaged:
        await database.with_connection(schema.prepare)
    await database.close()
    assert damaged.value.trouble is Trouble.DAMAGED


async def test_a_full_disk_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    database = database_at(tmp_path / "store.sqlite3")
    await database.with_connection(schema.prepare)

    def as_full(tx: Tx) -> None:
        pages = tx.connection.execute(text("PRAGMA page_count")).scalar_one()
        tx.connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    await database.write(as_full)
    many = [a_product(f"SKU-{number}", description="x" * 500) for number in range(500)]
    with pytest.raises(StoreUnusable) as full:
        await database.write(lambda tx: tx.products.save_all(many))
    assert full.value.trouble is Trouble.DISK_FULL
    assert await database.read(lambda tx: tx.products.count()) == 0
    await database.close()


async def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    database = database_at(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(StoreAway):
        await database.read(lambda tx: tx.shop.get())
    with pytest.raises(StoreAway):
        await database.write(lambda tx: tx.products.all_skus())
    await database.close()


async def test_an_address_of_another_engine_is_refused() -> None:
    database = database_at("mysql://root@localhost/shop")
    with pytest.raises(StoreUnusable):
        await database.read(lambda tx: tx.shop.get())
    with pytest.raises(StoreError):
        await database_at("not an address").read(lambda tx: tx.shop.get())


async def test_a_lost_line_to_the_server_heals_for_the_next_work(postgres_url: str) -> None:
    database = database_at(postgres_url)
    await database.with_connection(schema.prepare)
    await database.read(lambda tx: tx.shop.get())
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await database.write(lambda tx: tx.connection.execute(kill).all())
    assert await database.read(lambda tx: tx.products.all_skus()) == ()

    def cut_own_line(tx: Tx) -> None:
        tx.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreAway):
        await database.write(cut_own_line)
    await database.write(lambda tx: tx.products.save_all([a_product()]))
    assert await database.read(lambda tx: tx.products.all_skus()) == ("MUG-01",)
    await database.close()


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_versions_with_the_wal_fault_are_known(version: tuple[int, ...], faulty: bool) -> None:
    assert is_faulty(version) is faulty


def test_the_engine_in_use_is_not_a_faulty_one() -> None:
    assert not is_faulty(sqlite_module().sqlite_version_info)
