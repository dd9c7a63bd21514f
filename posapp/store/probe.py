"""Looks at a store without opening shop in it, for the doctor and the settings. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from posapp.domain.shop import Shop
from posapp.store import drivers, tables
from posapp.store.errors import StoreUnusable
from posapp.store.home import Home
from posapp.store.transaction import Tx

T = TypeVar("T")


def why_not(url: str) -> str:
    """Return why the PostgreSQL at `url` cannot be used, '' when it answers. It may wait."""
    try:
        engine = drivers.postgres_engine(url, read_only=True)
    except StoreUnusable as error:
        return error.detail
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, ValueError) as error:
        return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    finally:
        engine.dispose()
    return ""


def shop_at(url: str) -> Shop | None:
    """Return the shop that the PostgreSQL at `url` holds; None where none was set up. May wait.

    Raises StoreError.
    """

    def look(connection: Connection) -> Shop | None:
        return Tx(connection, Home("", "", bytes)).shop.get()

    return _asked(url, tables.shop.name, look)


def shop_in(file: Path) -> Shop | None:
    """Return the shop that this till's file holds; None without a file or a shop in it. May wait.

    Raises StoreError.
    """
    if not file.exists():
        return None
    engine = drivers.sqlite_engine(file, read_only=True)
    return _told(engine, tables.shop.name, lambda it: Tx(it, Home("", "", bytes)).shop.get())


def mode_at(url: str) -> str:
    """Return the mode whose orders the PostgreSQL at `url` holds; '' while it is nobody's.

    May wait. Raises StoreError.
    """

    def look(connection: Connection) -> str | None:
        found = select(tables.facts.c.value).where(tables.facts.c.name == "mode")
        return connection.execute(found).scalar()

    return _asked(url, tables.facts.name, look) or ""


def _asked(url: str, table: str, look: Callable[[Connection], T | None]) -> T | None:
    return _told(drivers.postgres_engine(url, read_only=True), table, look)


def _told(engine: Engine, table: str, look: Callable[[Connection], T | None]) -> T | None:
    """Return what `look` finds in a table of ours, None where there is no such table."""
    try:
        with engine.connect() as connection, connection.begin():
            return look(connection) if inspect(connection).has_table(table) else None
    except DBAPIError as error:
        raise drivers.translated(error) from error
    finally:
        engine.dispose()


def audit_broken_at(file: Path) -> int | None:
    """Return the number of the first audit entry that is not what was written; None if whole."""
    engine = drivers.sqlite_engine(file, read_only=True)
    try:
        with engine.connect() as connection, connection.begin():
            tx = Tx(connection, Home("", "", bytes))
            broken = tx.audit.first_broken()
    finally:
        engine.dispose()
    return None if broken is None else broken.seq
