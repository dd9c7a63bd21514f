"""What we remember: the journal on this till and the shared store, which by default is the same
file.

Never decides anything: it opens, checks whose it is, and closes.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from posapp.domain.changes import Changes
from posapp.store import backup, schema
from posapp.store.copying import forget, kept_sales, take_over
from posapp.store.engine import Database
from posapp.store.errors import StoreAway, StoreBusy
from posapp.store.executor import MakeExecutor, one_thread
from posapp.store.filelock import FileLock
from posapp.store.home import Home
from posapp.store.listener import Listener
from posapp.store.transaction import Tx

T = TypeVar("T")

log = logging.getLogger(__name__)

COPIED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose store it is: the mode, and a fingerprint of the account ('' while none is known)."""

    mode: str
    account: str = ""


class Store:
    """`journal` is this till's SQLite file; `shared` the same object, or the shop's PostgreSQL."""

    def __init__(
        self, journal: Database, shared: Database, lock: FileLock, listener: Listener | None
    ) -> None:
        self.journal = journal
        self.shared = shared
        self._lock = lock
        self._listener = listener

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        changes: Changes,
        identity: Identity,
        url: str = "",
        till: str = "",
        make_executor: MakeExecutor = one_thread,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> Store:
        """Open the file at `path`, and the PostgreSQL at `url` when one is given; make or migrate
        what is there.

        Raises StoreInUse when another program has the file, WrongStore for another mode
        or account, StoreTooNew,
        StoreAway when the server does not answer (open without `url` to sell on), StoreUnusable.
        """
        home = Home(till, random_bytes(8).hex(), random_bytes)
        lock = FileLock(path)
        lock.take()
        journal = Database(
            path, changes=changes, home=home, make_executor=make_executor, name="journal"
        )
        opened = [journal]
        listener: Listener | None = None
        try:
            await journal.with_connection(partial(_open_file, path=path))
            await journal.with_connection(partial(_claim, identity=identity))
            if url:
                shared = Database(
                    url, changes=changes, home=home, make_executor=make_executor, name="shared"
                )
                opened.append(shared)
                await shared.with_connection(schema.prepare)
                await shared.with_connection(partial(_claim, identity=identity))
                listener = Listener(url, home.origin, changes.announce)
                listener.start(asyncio.get_running_loop())
        except BaseException:
            for database in opened:
                await database.close()
            lock.release()
            raise
        return cls(journal, opened[-1], lock, listener)

    @property
    def is_one(self) -> bool:
        """Whether journal and shared store are the same file."""
        return self.journal is self.shared

    async def wait_until_listening(self) -> bool:
        """Return once other programs' commits are heard; False after ten seconds or without a
        server.
        """
        if self._listener is None:
            return False
        return await asyncio.to_thread(self._listener.ready.wait, 10)

    async def add_account(self, account: str) -> None:
        """Take one more fingerprint for that of the store's account: it has many keys.

        Raises StoreAway, StoreUnusable.
        """
        for database in {self.journal, self.shared}:
            await database.with_connection(partial(schema.add_account, account=account))

    async def knows_account(self, account: str) -> bool:
        """Say whether journal and shared store take keys of this fingerprint. Raises StoreError."""
        work = partial(schema.knows_account, account=account)
        known = [await one.with_connection(work) for one in {self.journal, self.shared}]
        return all(known)

    async def look(self, work: Callable[[Tx], T]) -> T:
        """Read from the shared store; while it is away from what this till kept. Raises
        StoreError.
        """
        try:
            return await self.shared.read(work)
        except StoreAway:
            return await self.journal.read(work)

    async def keep(self, work: Callable[[Tx], T], *, order_id: str = "") -> T:
        """Write what a sale in hand leaves behind into the shared store; while that is away or
        busy into the journal, from where it is copied over with the sale of `order_id`.

        Raises StoreError.
        """
        try:
            return await self.shared.write(work)
        except (StoreAway, StoreBusy) as error:
            if self.is_one:
                raise
            log.info("kept on this till, the shared store takes nothing (%r)", error)

        def kept(tx: Tx) -> T:
            answer = work(tx)
            tx.sales.touch(order_id)
            return answer

        return await self.journal.write(kept)

    async def copy_over(self) -> int:
        """Copy sales that the shared store lacks, some at a time, with what was kept for it while
        it was away; return how many. 0 means it has them all.

        Raises StoreAway while the server does not answer; what was copied stays copied,
        nothing is copied twice.
        """
        if self.is_one:
            return 0
        changed = await self.journal.read(lambda tx: kept_sales(tx, COPIED_AT_ONCE))
        if not changed:
            return 0
        await self.shared.write(lambda tx: take_over(tx, changed))
        await self.journal.write(lambda tx: forget(tx, changed))
        return len(changed)

    async def close(self) -> None:
        """Finish what was begun and let go of file and server; the file may be opened again."""
        if self._listener is not None:
            await asyncio.to_thread(self._listener.stop)
        if not self.is_one:
            await self.shared.close()
        await self.journal.close()
        self._lock.release()


def _open_file(connection: Connection, *, path: Path) -> None:
    with connection.begin():
        behind = schema.is_behind(connection)
    if behind:
        backup.keep(connection, path, schema.head())
    schema.prepare(connection)


def _claim(connection: Connection, *, identity: Identity) -> None:
    schema.claim_identity(connection, {"mode": identity.mode, "account": identity.account})
