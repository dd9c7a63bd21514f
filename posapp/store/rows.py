"""Whole rows into a table, many at once, at the driver's own speed.

The statements are made once, at import.

Values go in as the driver takes them: moments as microseconds (`tables.to_micros`), enums as
their words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from posapp.store.columns import to_micros

if TYPE_CHECKING:
    from posapp.store.transaction import Tx

Row = tuple[Any, ...]


class Repository:
    """What every repository has: the transaction it belongs to, and its connection."""

    __slots__ = ("_connection", "_tx")

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._connection: Connection = tx.connection


class Upsert:
    """Insert rows, or replace what is there under the same key."""

    __slots__ = ("_marks", "_postgres", "_sqlite")

    def __init__(
        self,
        table: Table,
        columns: str,
        *,
        key: str,
        update: str | None = None,
        bump: str = "",
        where: str = "",
    ) -> None:
        """Take space-separated column names.

        `update` names what a second insert replaces, all but the key by default.

        `bump` names a column that each replacement raises by one.
        `where` keeps the old row unless it holds; `excluded` is the new row there.
        """
        names, keys = columns.split(), key.split()
        unknown = {*names, *keys, *(update or "").split()} - set(table.columns.keys())
        if unknown:
            raise ValueError(f"{table.name} has no {sorted(unknown)}")
        changed = update.split() if update is not None else [n for n in names if n not in keys]
        sets = ", ".join(
            [f"{name} = excluded.{name}" for name in changed]
            + [f"{name} = {table.name}.{name} + 1" for name in bump.split()]
        )
        tail = f"DO UPDATE SET {sets}" if sets else "DO NOTHING"
        if where:
            tail += f" WHERE {where}"
        head = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES "
        conflict = f" ON CONFLICT ({', '.join(keys)}) {tail}"
        self._sqlite = f"{head}({', '.join('?' * len(names))}){conflict}"
        self._postgres = f"{head}({', '.join(['%s'] * len(names))}){conflict}"

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Write the rows; return how many were inserted or replaced."""
        if not rows:
            return 0
        statement = self._sqlite if connection.dialect.name == "sqlite" else self._postgres
        return executed(connection, statement, rows[0] if len(rows) == 1 else list(rows))


def these(connection: Connection, statement: str, ids: Sequence[str]) -> list[Row]:
    """Return the rows of a statement in which `{these}` stands for "is one of these ids"."""
    given: Any
    if connection.dialect.name == "sqlite":
        among, given = "IN (SELECT value FROM json_each(?1))", (json.dumps(list(ids)),)
    else:
        among, given = "= ANY(%(ids)s)", {"ids": list(ids)}
    return fetched(connection, statement.format(these=among), given)


def fetched(connection: Connection, statement: str, given: Any) -> list[Row]:
    """Return all rows of a statement as the driver gives them. Raises DBAPIError."""
    with _driver_errors(connection, statement):
        cursor = connection.connection.cursor()
        cursor.execute(statement, given)
        rows = list(cursor.fetchall())  # a file is read while its rows are fetched
        cursor.close()
    return rows


def executed(connection: Connection, statement: str, given: Row | Sequence[Row]) -> int:
    """Run a statement with one row of values, or a list of them; return how many rows it changed.

    Raises DBAPIError.
    """
    with _driver_errors(connection, statement):
        cursor = connection.connection.cursor()
        if isinstance(given, list):
            cursor.executemany(statement, given)
        else:
            cursor.execute(statement, given)
        changed = cursor.rowcount
        cursor.close()
    return changed


@contextmanager
def _driver_errors(connection: Connection, statement: str) -> Iterator[None]:
    """The driver is asked without SQLAlchemy's machinery, which costs more than most answers; its
    errors become the same.
    """
    driver: Any = connection.dialect.dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error


def micros(at: datetime | None) -> int | None:
    """Return the moment as the driver takes it."""
    return None if at is None else to_micros(at)


def chunks(ids: Iterable[str], size: int = 500) -> Iterable[list[str]]:
    """Yield the ids, each once, in lists no longer than a statement bears."""
    every = list(dict.fromkeys(ids))
    for start in range(0, len(every), size):
        yield every[start : start + size]
