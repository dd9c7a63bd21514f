"""Every store test on both engines: a SQLite file and a throw-away PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.changes import Change, Changes
from posapp.store import schema
from posapp.store.engine import Database
from posapp.store.executor import inline
from posapp.store.home import Home
from tests.helpers.postgres import PostgresServer, postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

TILL = "Till 1"


def chance(count: int) -> bytes:
    """Bytes that are the same in every run."""
    return bytes(range(count))


def database_at(where: Path | str, changes: Changes | None = None) -> Database:
    """Return a database whose work runs at once, its schema not made yet."""
    return Database(
        where,
        changes=changes or Changes(),
        home=Home(TILL, "here", chance),
        make_executor=inline,
    )


def build(url: str) -> None:
    """Make the schema on an empty PostgreSQL, for tests to copy."""

    async def run() -> None:
        database = database_at(url)
        await database.with_connection(schema.prepare)
        await database.close()

    asyncio.run(run())


@pytest.fixture
def changes() -> Changes:
    """The announcement board."""
    return Changes()


@pytest.fixture
def heard(changes: Changes) -> list[Change]:
    """Everything announced during the test."""
    told: list[Change] = []
    changes.subscribe(told.append)
    return told


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where an empty store with our schema is."""
    if request.param == "sqlite":
        path = tmp_path / "store.sqlite3"

        async def make() -> None:
            database = database_at(path)
            await database.with_connection(schema.prepare)
            await database.close()

        asyncio.run(make())
        yield path
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh(server.template("posapp_store", build)) as url:
        yield url


@pytest.fixture
def database(where: Path | str, changes: Changes) -> Iterator[Database]:
    """An open database of each kind."""
    opened = database_at(where, changes)
    yield opened
    asyncio.run(opened.close())
