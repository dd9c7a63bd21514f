"""How the two engines are opened, and what their errors mean to us.

The only home of SQLite's and PostgreSQL's own settings.
"""

from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import StaticPool

from posapp.store.errors import (
    ChangedElsewhere,
    ResourceTaken,
    StoreAway,
    StoreBusy,
    StoreError,
    StoreUnusable,
    Trouble,
)

BUSY_S = 5
"""How long a connection waits for somebody else's lock, in seconds."""
CONNECT_S = 5
"""How long a database server is given to answer, in seconds."""

_FAULTY_UNTIL = (3, 51, 3)  # WAL-reset: commits lost or pages damaged with two connections
_MENDED = ((3, 50, 7), (3, 44, 6))


def is_faulty(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite has the WAL-reset fault (3.7.0 to 3.51.2, but for the back-ports)."""
    mended = any(version[:2] == fix[:2] and version >= fix for fix in _MENDED)
    return (3, 7) <= version < _FAULTY_UNTIL and not mended


def sqlite_module() -> ModuleType:
    """Return a SQLite without the fault where there is one, else the standard library's."""
    if is_faulty(sqlite3.sqlite_version_info):
        try:
            return importlib.import_module("pysqlite3.dbapi2")
        except ImportError:  # no wheel for this platform: `doctor` names the version
            return sqlite3
    return sqlite3


def sqlite_engine(path: Path, *, read_only: bool) -> Engine:
    """Return an engine with one connection to the file; nothing is opened yet."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlite_module(),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_S, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, the driver never
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_S * 1000}",
            "synchronous=FULL",
            "cache_size=-32768",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader's snapshot begins with its first read; a writer takes the lock before it reads.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def postgres_url(url: str) -> URL:
    """Return the address with our driver in it. Raises StoreUnusable for one that is none."""
    try:
        parsed = make_url(url)
    except Exception as error:  # whatever a typing error in the settings brings about
        raise StoreUnusable(Trouble.CANNOT_OPEN, "the database address cannot be read") from error
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise StoreUnusable(Trouble.CANNOT_OPEN, f"{parsed.drivername} is not PostgreSQL")
    return parsed.set(drivername="postgresql+psycopg")


def postgres_engine(url: str, *, read_only: bool) -> Engine:
    """Return an engine with one connection to the server; nothing is opened yet."""
    options = (
        f"-c lock_timeout={BUSY_S}s -c idle_in_transaction_session_timeout=60s -c TimeZone=UTC"
    )
    engine = create_engine(
        postgres_url(url),
        pool_size=1,
        max_overflow=0,
        pool_reset_on_return=None,
        connect_args={
            "connect_timeout": CONNECT_S,
            "options": options,
            "application_name": "posapp",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
        },
    )
    if read_only:
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


_SQLITE = {  # primary result code → what it means to us
    5: StoreBusy,
    6: StoreBusy,
    8: Trouble.READ_ONLY,
    10: Trouble.FAULT,
    11: Trouble.DAMAGED,
    13: Trouble.DISK_FULL,
    14: Trouble.CANNOT_OPEN,
    26: Trouble.DAMAGED,
}
_POSTGRES = {  # SQLSTATE → what it means to us
    "40001": StoreBusy,
    "40P01": StoreBusy,
    "55P03": StoreBusy,
    "53300": StoreBusy,
    "25006": Trouble.READ_ONLY,
    "53100": Trouble.DISK_FULL,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
}
_AWAY = ("08", "57P")  # connection lost, server shutting down


def translated(error: DBAPIError) -> StoreError:
    """Return what the engine's error means to us.

    Names and values of the statement never come along.
    """
    raw = error.orig
    detail = str(raw).strip()
    if isinstance(error, IntegrityError):
        taken = "in_flight" in detail or "intents.resource" in detail
        return ResourceTaken(detail) if taken else ChangedElsewhere(detail)
    code = getattr(raw, "sqlite_errorcode", None)
    state = getattr(raw, "sqlstate", None) or ""
    if code is None and type(raw).__module__.startswith("psycopg"):
        if error.connection_invalidated or state.startswith(_AWAY) or not state:
            return StoreAway(detail)
        meaning: object = _POSTGRES.get(state, Trouble.FAULT)
    else:
        meaning = _SQLITE.get((code or 0) & 0xFF, Trouble.FAULT)
    return StoreUnusable(meaning, detail) if isinstance(meaning, Trouble) else StoreBusy(detail)
