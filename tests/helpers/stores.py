"""A real store in a temporary folder for tests that need one: SQLite, and no thread of its own."""

from __future__ import annotations

from pathlib import Path

from posapp.domain.changes import Changes
from posapp.store.executor import inline
from posapp.store.store import Identity, Store


async def a_store(folder: Path, changes: Changes | None = None) -> Store:
    """Open an empty store in `folder`; the caller closes it."""
    return await Store.open(
        folder / "posapp.sqlite",
        changes=changes or Changes(),
        identity=Identity("test"),
        till="1",
        make_executor=inline,
    )


async def a_store_at(folder: Path, url: str, identity: Identity) -> Store:
    """Open a till's store in `folder` that shares the database at `url`; the caller closes it."""
    return await Store.open(
        folder / "posapp.sqlite",
        changes=Changes(),
        identity=identity,
        url=url,
        till="1",
        make_executor=inline,
    )
