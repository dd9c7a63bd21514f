"""A fresh store and a migrated one are the same; steps go up and down; the file is kept before."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from posapp.domain.changes import Changes
from posapp.store import backup, schema
from posapp.store.engine import Database
from posapp.store.errors import StoreUnusable
from posapp.store.migrations.run import downgrade, upgrade
from posapp.store.store import Identity, Store
from tests.helpers.builders import a_sale
from tests.unit.store.conftest import database_at


def _described(connection: Connection) -> list[tuple[object, ...]]:
    """Everything the engine knows of our tables, in an order that does not depend on how they
    came.
    """
    if connection.dialect.name == "sqlite":
        known = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    else:
        known = (
            "SELECT 'column', table_name::text || '.' || column_name, "
            "concat_ws(' ', data_type, is_nullable, column_default, ordinal_position), '' "
            "FROM information_schema.columns WHERE table_schema = 'public' UNION ALL "
            "SELECT 'index', indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public' "
            "UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid), '' "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
    with connection.begin():
        return [tuple(_spaced(each) for each in row) for row in connection.execute(text(known))]


def _spaced(value: object) -> object:
    return " ".join(value.replace(" ,", ",").split()) if isinstance(value, str) else value


def _kept(connection: Connection, path: Path, revision: str) -> None:
    backup.keep(connection, path, revision)


def _emptied(connection: Connection) -> None:
    with connection.begin():
        downgrade(connection, "base")


def _upgraded(connection: Connection) -> None:
    with connection.begin():
        upgrade(connection)


async def test_a_migrated_store_is_a_fresh_one(database: Database) -> None:
    fresh = await database.with_connection(_described)
    await database.with_connection(_emptied)
    left = await database.with_connection(_described)
    assert not any("orders" in str(row) for row in left)
    await database.with_connection(_upgraded)
    assert await database.with_connection(_described) == fresh


async def test_each_step_goes_up_and_down_and_up_again(database: Database) -> None:
    def walked(connection: Connection) -> list[str | None]:
        seen = []
        with connection.begin():
            downgrade(connection, "base")
        for revision in schema.REVISIONS:
            for step, to in ((upgrade, revision), (downgrade, "-1"), (upgrade, revision)):
                with connection.begin():
                    step(connection, to)
            with connection.begin():
                seen.append(schema.stamped(connection))
        return seen

    assert await database.with_connection(walked) == list(schema.REVISIONS)


def test_the_list_of_revisions_is_the_folder_of_steps() -> None:
    found = importlib.util.find_spec("posapp.store.migrations.versions")
    assert found is not None and found.submodule_search_locations is not None
    folder = Path(next(iter(found.submodule_search_locations)))
    steps = sorted(path.name[1:5] for path in folder.glob("r*.py"))
    assert tuple(steps) == schema.REVISIONS


async def test_opening_a_store_that_is_behind_brings_it_up_and_keeps_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    old = database_at(path)
    await old.with_connection(schema.prepare)
    await old.with_connection(_emptied)
    await old.close()
    store = await Store.open(path, changes=Changes(), identity=Identity("test"))
    await store.journal.write(lambda tx: tx.sales.save(a_sale(), till="1"))
    await store.close()
    copies = {each.name for each in path.parent.glob("*.before-*")}
    assert copies == {f"store.sqlite3.before-{schema.head()}"}


async def test_a_step_that_fails_leaves_the_store_as_it_was(database: Database) -> None:
    await database.with_connection(_emptied)

    def half(connection: Connection) -> None:
        with connection.begin():
            connection.execute(text("CREATE TABLE audit_heads (in_the_way INTEGER)"))
        schema.prepare(connection)

    with pytest.raises(StoreUnusable):
        await database.with_connection(half)

    def left(connection: Connection) -> tuple[str | None, bool]:
        with connection.begin():
            return schema.stamped(connection), inspect(connection).has_table("orders")

    assert await database.with_connection(left) == (schema.BASE, False)


async def test_the_file_is_copied_before_a_step_and_two_copies_stay(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    database = database_at(path)
    await database.with_connection(schema.prepare)
    await database.write(lambda tx: tx.sales.save(a_sale(), till="1"))
    for revision in ("0002", "0003", "0004"):
        await database.with_connection(partial(_kept, path=path, revision=revision))
    await database.close()
    copies = sorted(each.name for each in tmp_path.glob("*.before-*"))  # noqa: ASYNC240  two files
    assert copies == ["store.sqlite3.before-0003", "store.sqlite3.before-0004"]
    copy = database_at(tmp_path / copies[-1])
    assert await copy.read(lambda tx: tx.sales.get("sale-1")) == a_sale()
    await copy.close()


def test_opening_a_store_that_is_not_behind_never_imports_alembic(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from posapp.domain.changes import Changes; "
        "import posapp.store; light = 'sqlalchemy' not in sys.modules; "
        "from posapp.store.store import Identity, Store\n"
        "async def go():\n"
        "    store = await Store.open(Path(sys.argv[1]), changes=Changes(), "
        "identity=Identity('test'))\n"
        "    await store.close()\n"
        "asyncio.run(go()); print(light, 'alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "store.sqlite3")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "False"]
