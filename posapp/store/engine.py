"""One database and its threads: all work runs there, whole or not at all, and is announced after
the commit.

Never lets a row, a connection or a driver's error out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from posapp.domain.changes import Change, Changes
from posapp.store import drivers
from posapp.store.errors import StoreAway, StoreBusy
from posapp.store.executor import MakeExecutor, one_thread
from posapp.store.home import Home
from posapp.store.transaction import Tx

T = TypeVar("T")

TRIES = 3
"""How often work is begun anew when the engine gave way to another writer (dead-lock)."""


class Database:
    """A SQLite file or a PostgreSQL, with one writer and one reader thread.

    `work(tx)` is plain, synchronous, may be begun anew after a dead-lock, and must not keep `tx`.
    """

    def __init__(
        self,
        where: Path | str,
        *,
        changes: Changes,
        home: Home,
        make_executor: MakeExecutor = one_thread,
        name: str = "store",
    ) -> None:
        self.where = where
        self.name = name
        self._home = home
        self._changes = changes
        self._writer: Executor = make_executor(f"{name}-writer")
        self._reader: Executor = make_executor(f"{name}-reader")
        # Made on their own threads: the driver's import alone takes longer than a frame.
        self._write_engine: Engine | None = None
        self._read_engine: Engine | None = None
        self._write_connection: Connection | None = None
        self._read_connection: Connection | None = None
        self._relaxed = False

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of ours."""
        return isinstance(self.where, Path)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Return what `work` read, from one snapshot. Raises StoreError."""
        return await asyncio.get_running_loop().run_in_executor(
            self._reader, partial(self._read, work)
        )

    async def write(self, work: Callable[[Tx], T], *, durable: bool = True) -> T:
        """Commit what `work` wrote and return its answer; on any error nothing stays and nothing
        is announced.

        `durable=False` may lose the last commits when the power fails: only for what can
        be asked of the service again.
        What `tx.announce` collected is told on the loop's thread, before this returns,
        even if the caller gave up waiting.
        Raises StoreError.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._writer, partial(self._write, work, durable, partial(self._tell, loop))
        )

    async def with_connection(self, work: Callable[[Connection], T]) -> T:
        """Run `work` with the writer's bare connection, outside any transaction."""

        def run() -> T:
            with _as_store_errors():
                return work(self._writing())

        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    async def close(self) -> None:
        """Finish what was begun, then let go of file or server."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reader, self._close_reader)
        await loop.run_in_executor(self._writer, self._close_writer)
        for executor in (self._reader, self._writer):
            executor.shutdown(wait=False)

    # -------------------------------------------------------------- on the database's threads
    def _read(self, work: Callable[[Tx], T]) -> T:
        for attempt in range(2):
            try:
                with _as_store_errors():
                    connection = self._reading()
                    with connection.begin():
                        return work(Tx(connection, self._home))
            except StoreAway:
                # The server may merely have been restarted; a read is safe to repeat once.
                self._drop_reader()
                if attempt:
                    raise
        raise AssertionError("unreachable")

    def _write(
        self, work: Callable[[Tx], T], durable: bool, tell: Callable[[tuple[Change, ...]], None]
    ) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                with _as_store_errors():
                    answer, changes = self._write_once(work, durable)
            except StoreBusy:
                if attempt == TRIES or self.is_sqlite:
                    raise
            except StoreAway:
                self._drop_writer()
                raise
            else:
                if changes:
                    tell(changes)
                return answer
        raise AssertionError("unreachable")

    def _write_once(self, work: Callable[[Tx], T], durable: bool) -> tuple[T, tuple[Change, ...]]:
        connection = self._writing()
        if self.is_sqlite and self._relaxed is durable:
            # Not through SQLAlchemy: that would begin a transaction, in which this may not change.
            level = "FULL" if durable else "NORMAL"
            connection.connection.cursor().execute(f"PRAGMA synchronous={level}")
            self._relaxed = not durable
        with connection.begin():
            if not durable and not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            tx = Tx(connection, self._home)
            answer = work(tx)
            tx.finish()
        return answer, tx.changes

    def _tell(self, loop: asyncio.AbstractEventLoop, changes: tuple[Change, ...]) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody is left to hear it
            loop.call_soon_threadsafe(self._changes.announce, *changes)

    def _writing(self) -> Connection:
        if self._write_engine is None:
            self._write_engine = _engine(self.where, read_only=False)
        if self._write_connection is None:
            self._write_connection = self._write_engine.connect()
        return self._write_connection

    def _reading(self) -> Connection:
        if self._read_engine is None:
            self._read_engine = _engine(self.where, read_only=True)
        if self._read_connection is None:
            self._read_connection = self._read_engine.connect()
        return self._read_connection

    def _drop_reader(self) -> None:
        connection, self._read_connection = self._read_connection, None
        _close(connection)

    def _drop_writer(self) -> None:
        connection, self._write_connection = self._write_connection, None
        _close(connection)

    def _close_reader(self) -> None:
        self._drop_reader()
        if self._read_engine is not None:
            self._read_engine.dispose()
            self._read_engine = None

    def _close_writer(self) -> None:
        if self.is_sqlite and self._write_connection is not None:
            with suppress(
                DBAPIError, drivers.sqlite_module().Error
            ):  # care, not duty: closing must work on a full disk too
                self._write_connection.connection.cursor().execute("PRAGMA optimize")
        self._drop_writer()
        if self._write_engine is not None:
            self._write_engine.dispose()
            self._write_engine = None


def _engine(where: Path | str, *, read_only: bool) -> Engine:
    if isinstance(where, Path):
        return drivers.sqlite_engine(where, read_only=read_only)
    return drivers.postgres_engine(where, read_only=read_only)


def _close(connection: Connection | None) -> None:
    if connection is not None:
        with suppress(DBAPIError):  # it may be the broken line itself
            connection.close()


@contextmanager
def _as_store_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise drivers.translated(error) from error
