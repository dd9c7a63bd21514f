"""Looks at a store without opening shop in it, for the doctor. Reads only."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from posapp.domain.shop import Shop
from posapp.store import drivers, tables
from posapp.store.errors import StoreUnusable
from posapp.store.home import Home
from posapp.store.transaction import Tx


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

    Raises what SQLAlchemy does when the server goes away meanwhile: ask `why_not` first.
    """
    engine = drivers.postgres_engine(url, read_only=True)
    try:
        with engine.connect() as connection, connection.begin():
            if not inspect(connection).has_table(tables.shop.name):
                return None
            return Tx(connection, Home("", "", bytes)).shop.get()
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
