"""One program per SQLite file: a lock the operating system drops when the program dies.

Never waits for it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from posapp.store.errors import StoreInUse, StoreUnusable, Trouble

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: BinaryIO) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(handle: BinaryIO) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: BinaryIO) -> None:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: BinaryIO) -> None:
        fcntl.flock(handle.fileno(), fcntl.LOCK_UN)


class FileLock:
    """Holds `<file>.lock` for as long as the store is open.

    The lock file itself stays: removing it would race.
    """

    def __init__(self, store_file: Path) -> None:
        self._store_file = store_file
        self._path = store_file.with_name(store_file.name + ".lock")
        self._handle: BinaryIO | None = None

    def take(self) -> None:
        """Take the lock.

        Raises StoreInUse at once when another holder has it, StoreUnusable without a
        folder.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = self._path.open("a+b")
        except OSError as error:
            raise StoreUnusable(Trouble.CANNOT_OPEN, str(error)) from error
        try:
            _lock(handle)
        except OSError as error:
            handle.close()
            raise StoreInUse(str(self._store_file)) from error
        if sys.platform != "win32":  # there a locked byte cannot be read anyway
            handle.truncate(0)
            handle.write(f"{os.getpid()}\n".encode())
            handle.flush()
        self._handle = handle
        self._make_private()

    def _make_private(self) -> None:
        """See to it that nobody but the owner reads a new store: it holds names and addresses."""
        try:
            self._store_file.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            self.release()
            raise StoreUnusable(Trouble.CANNOT_OPEN, str(error)) from error

    def release(self) -> None:
        """Give the lock back; harmless when not held."""
        if self._handle is None:
            return
        _unlock(self._handle)
        self._handle.close()
        self._handle = None
