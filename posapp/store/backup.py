"""A copy of the file before its schema changes, so that there is a way back.

Keeps few: they hold personal data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection

KEPT = 2
"""How many back-ups stay; older ones are removed when a new one is made."""


def keep(connection: Connection, path: Path, revision: str) -> Path:
    """Copy the open store beside itself as `<file>.before-<revision>` and return that path."""
    target = path.with_name(f"{path.name}.before-{revision}")
    target.unlink(missing_ok=True)
    driver: Any = connection.connection.driver_connection
    driver.execute("VACUUM INTO ?", (str(target),))  # a whole, consistent copy, never a torn one
    target.chmod(0o600)
    copies = sorted(path.parent.glob(f"{path.name}.before-*"), key=_age, reverse=True)
    for old in copies[KEPT:]:
        old.unlink()
    return target


def _age(copy: Path) -> int:
    return copy.stat().st_mtime_ns
