"""What every table is made of: moments as integers, words, counts, documents. Knows no table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    event,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return the moment as whole microseconds since 1970, UTC.

    Raises TypeError without a time zone.
    """
    return (at - _EPOCH) // _MICRO


def from_micros(micros: int) -> datetime:
    """Return the aware moment, in UTC."""
    return _EPOCH + timedelta(0, 0, micros)  # in place: by name it takes half as long again


class Moment(TypeDecorator[datetime]):
    """A moment as an integer: exact, sortable and the same on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn the moment into microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn microseconds into the moment."""
        return None if value is None else from_micros(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# An integer that SQLite makes its row id, the order of its rows on disk.
RowId = BigInteger().with_variant(Integer, "sqlite")


def word(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False, server_default=None if key else "")


def maybe(name: str) -> Column[str | None]:
    # NULL and not '': both engines see that `x = ?` cannot be NULL and then use the partial index.
    return Column(name, Text, nullable=True)


def count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def flag(name: str) -> Column[bool]:
    return Column(
        name, Boolean(create_constraint=False), nullable=False, server_default=text("false")
    )


def at(name: str, *, optional: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=optional)


def doc(name: str = "doc") -> Column[str]:
    return Column(name, Text, nullable=False)


# ------------------------------------------------------------------ search, as each engine does
# it best
def _after(table: Table, statement: str, dialect: str) -> None:
    made = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # theirs
    event.listen(table, "after_create", made)


def searchable(table: Table, rowid: str) -> None:
    """Give `table.search` an index of words: FTS5 kept by triggers on SQLite, a GIN index on
    PostgreSQL.
    """
    name, fts = table.name, f"{table.name}_words"
    for statement in (
        f"CREATE VIRTUAL TABLE {fts} USING fts5(search, content='{name}', content_rowid='{rowid}', "
        "prefix='2 3', detail=none, tokenize='ascii')",
        f"CREATE TRIGGER {fts}_added AFTER INSERT ON {name} BEGIN "
        f"INSERT INTO {fts}(rowid, search) VALUES (new.{rowid}, new.search); END",
        f"CREATE TRIGGER {fts}_changed AFTER UPDATE OF search, {rowid} ON {name} "
        f"WHEN old.search <> new.search OR old.{rowid} <> new.{rowid} BEGIN "
        f"INSERT INTO {fts}({fts}, rowid, search) VALUES ('delete', old.{rowid}, old.search); "
        f"INSERT INTO {fts}(rowid, search) VALUES (new.{rowid}, new.search); END",
        f"CREATE TRIGGER {fts}_gone AFTER DELETE ON {name} BEGIN "
        f"INSERT INTO {fts}({fts}, rowid, search) VALUES ('delete', old.{rowid}, old.search); END",
    ):
        _after(table, statement, "sqlite")
    for statement in (
        # Kept and not computed while searching: that would cost more than the search.
        f"ALTER TABLE {name} ADD COLUMN words tsvector "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(search, ' '))) STORED",
        f"CREATE INDEX ix_{fts} ON {name} USING gin (words)",
    ):
        _after(table, statement, "postgresql")
