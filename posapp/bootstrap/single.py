"""One set-up at a time: a lock that the operating system drops when its holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from posapp.bootstrap.failure import SetUpFailed
from posapp.bootstrap.layout import Layout, on_disk


@contextmanager
def only_one(layout: Layout) -> Iterator[None]:
    """Hold the set-up lock. Raises SetUpFailed at once if another start holds it."""
    with on_disk(layout.busy).open("a+") as file:
        if not _take(file):
            raise SetUpFailed(
                "Another start of posapp is setting up this folder right now. "
                "Wait until it is ready, then start again."
            )
        yield  # closing the file drops the lock


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.set_inheritable(file.fileno(), False)
        return True
