"""Opening: whose store it is, who has it open, and which schema it has."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from posapp.domain.changes import Change, Changes, OrdersChanged, StoreReturned
from posapp.domain.sale import SaleState
from posapp.store import listener, schema
from posapp.store.errors import (
    StoreAway,
    StoreInUse,
    StoreTooNew,
    StoreUnusable,
    WrongStore,
)
from posapp.store.store import Identity, Store
from posapp.store.transaction import Tx
from tests.helpers.builders import NOON, a_sale, an_order
from tests.helpers.waiting import until

TEST = Identity("test", "acct-1")


async def opened(path: Path, changes: Changes, identity: Identity = TEST, url: str = "") -> Store:
    return await Store.open(path, changes=changes, identity=identity, url=url, till="1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.sqlite3"


async def test_a_store_is_made_closed_and_opened_again(path: Path, changes: Changes) -> None:
    store = await opened(path, changes)
    assert store.is_one and store.journal is store.shared
    await store.journal.write(lambda tx: tx.sales.save(a_sale(), till="1"))
    await store.close()
    again = await opened(path, changes)
    assert await again.journal.read(lambda tx: tx.sales.get("sale-1")) == a_sale()
    await again.close()


async def test_a_second_store_on_the_file_is_refused(path: Path, changes: Changes) -> None:
    store = await opened(path, changes)
    with pytest.raises(StoreInUse):
        await opened(path, changes)
    await store.close()
    await (await opened(path, changes)).close()


async def test_a_second_program_on_the_file_is_refused_and_a_dead_one_is_not_waited_for(
    path: Path, changes: Changes
) -> None:
    holds = (
        "import sys; from pathlib import Path; from posapp.store.filelock import FileLock; "
        "lock = FileLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); "
        "sys.stdin.read()"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        holds,
        str(path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdin is not None and other.stdout is not None
    assert (await other.stdout.readline()).strip() == b"held"
    with pytest.raises(StoreInUse):
        await opened(path, changes)
    other.kill()
    await other.wait()
    await (await opened(path, changes)).close()


async def test_a_store_of_another_mode_or_account_is_refused(path: Path, changes: Changes) -> None:
    await (await opened(path, changes)).close()
    with pytest.raises(WrongStore) as mode:
        await opened(path, changes, Identity("live", "acct-1"))
    assert (mode.value.what, mode.value.found, mode.value.expected) == ("mode", "test", "live")
    with pytest.raises(WrongStore) as account:
        await opened(path, changes, Identity("test", "acct-2"))
    assert account.value.what == "account"
    await (await opened(path, changes)).close()


async def test_an_account_not_known_yet_is_filled_in_later(path: Path, changes: Changes) -> None:
    await (await opened(path, changes, Identity("test"))).close()
    await (await opened(path, changes)).close()
    with pytest.raises(WrongStore):
        await opened(path, changes, Identity("test", "acct-2"))


async def test_a_store_of_a_newer_program_is_left_alone(path: Path, changes: Changes) -> None:
    store = await opened(path, changes)
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await store.journal.write(lambda tx: tx.connection.execute(newer))
    await store.close()
    with pytest.raises(StoreTooNew) as too_new:
        await opened(path, changes)
    assert (too_new.value.found, too_new.value.known) == ("9999", schema.head())


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, changes: Changes) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should")
    with pytest.raises(StoreUnusable):
        await opened(tmp_path / "data" / "store.sqlite3", changes)


def test_nobody_else_can_read_the_store(path: Path, changes: Changes) -> None:
    async def made() -> list[int]:
        store = await opened(path, changes)
        await store.journal.write(lambda tx: tx.sales.save(a_sale(), till="1"))
        names = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        modes = [stat.S_IMODE(name.stat().st_mode) for name in names]
        await store.close()
        return modes

    assert asyncio.run(made()) == [0o600] * 3


def test_a_file_of_somebody_else_is_not_touched(path: Path, changes: Changes) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something a person wrote" * 400)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable):
        asyncio.run(opened(path, changes))
    assert path.read_bytes() == before


async def test_with_a_server_the_till_keeps_its_journal(
    path: Path, changes: Changes, postgres_url: str
) -> None:
    store = await opened(path, changes, url=postgres_url)
    assert not store.is_one
    sale = a_sale(state=SaleState.OPEN)
    await store.journal.write(lambda tx: tx.sales.save(sale, till="1"))
    assert await store.shared.read(lambda tx: tx.sales.get("sale-1")) is None
    assert await store.copy_over() == 1
    assert await store.shared.read(lambda tx: tx.sales.get("sale-1")) == sale
    assert await store.copy_over() == 0
    noted = replace(sale, note="comes back at five")
    await store.journal.write(lambda tx: tx.sales.save(noted, till="1"))
    assert await store.copy_over() == 1
    assert await store.shared.read(lambda tx: tx.sales.get("sale-1")) == noted
    await store.close()


async def test_without_its_server_a_till_says_so_and_lets_go_of_the_file(
    path: Path, changes: Changes, tmp_path: Path
) -> None:
    with pytest.raises(StoreAway):
        await opened(path, changes, url=f"postgresql://nobody@/x?host={tmp_path}")
    await (await opened(path, changes)).close()


async def test_one_till_hears_what_another_committed(tmp_path: Path, postgres_url: str) -> None:
    here, there = Changes(), Changes()
    heard_here: list[Change] = []
    heard_there: list[Change] = []
    here.subscribe(heard_here.append)
    there.subscribe(heard_there.append)
    one = await opened(tmp_path / "one.sqlite3", here, url=postgres_url)
    two = await opened(tmp_path / "two.sqlite3", there, url=postgres_url)
    await one.wait_until_listening()
    await two.wait_until_listening()
    ids = frozenset(f"order-{number:04d}" for number in range(250))
    await one.shared.write(lambda tx: tx.announce(OrdersChanged(ids)))
    told = await until(
        lambda: (
            (
                found := frozenset[str]().union(
                    *(
                        change.order_ids
                        for change in heard_there
                        if isinstance(change, OrdersChanged)
                    )
                )
            )
            == ids
            and found
        )
    )
    assert told == ids
    assert heard_here == [OrdersChanged(ids)]
    await one.close()
    await two.close()


async def test_two_programs_of_two_accounts_cannot_share_a_server(
    tmp_path: Path, changes: Changes, postgres_url: str
) -> None:
    one = await opened(tmp_path / "one.sqlite3", changes, url=postgres_url)
    with pytest.raises(WrongStore):
        await opened(
            tmp_path / "two.sqlite3", changes, Identity("test", "acct-2"), url=postgres_url
        )
    await one.close()


async def test_only_one_till_reads_the_feed_by_the_server_clock(
    tmp_path: Path, changes: Changes, postgres_url: str
) -> None:
    one = await opened(tmp_path / "one.sqlite3", changes, url=postgres_url)
    wrong_clock = NOON + timedelta(days=9999)
    assert await one.shared.write(lambda tx: tx.feed.take("one", NOON, 60))
    assert not await one.shared.write(lambda tx: tx.feed.take("two", wrong_clock, 60))
    await one.close()


async def test_an_order_is_locked_against_another_till(
    tmp_path: Path, changes: Changes, postgres_url: str
) -> None:
    one = await opened(tmp_path / "one.sqlite3", changes, url=postgres_url)
    two = await opened(tmp_path / "two.sqlite3", changes, url=postgres_url)
    await one.shared.write(lambda tx: tx.orders.save(an_order(), NOON))
    order: list[str] = []

    def slowly(tx: Tx) -> None:
        tx.orders.lock("231388420336")
        order.append("one has it")
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        for _look in range(2000):
            tx.connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            if tx.connection.execute(waiting).scalar_one():
                break
        order.append("one lets go")

    first = asyncio.create_task(one.shared.write(slowly))
    await until(lambda: order)

    def then(tx: Tx) -> None:
        tx.orders.lock("231388420336")
        order.append("two has it")

    await two.shared.write(then)
    await first
    assert order == ["one has it", "one lets go", "two has it"]
    await one.close()
    await two.close()


async def test_a_till_whose_line_to_the_server_was_cut_says_when_it_is_back(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_PAUSE_S", 0.05)
    heard: list[Change] = []
    changes = Changes()
    changes.subscribe(heard.append)
    store = await opened(tmp_path / "one.sqlite3", changes, url=postgres_url)
    await store.wait_until_listening()
    assert heard == []
    await store.shared.write(_cut_listeners)
    await until(lambda: StoreReturned() in heard, what="the line to be back")
    assert heard == [StoreReturned()]
    await store.close()


def _cut_listeners(tx: Tx) -> None:
    tx.connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'posapp listener' AND datname = current_database()"
        )
    )
