"""Which schema a store has, and how it gets the one we know: made whole when new, step by step
when behind.

Alembic is imported only when a step is due: its import alone takes longer than the rest of the
start.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, text, update

from posapp.store.columns import metadata
from posapp.store.errors import StoreTooNew, WrongStore
from posapp.store.tables import facts

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision in `migrations/versions`, oldest first."""

BASE = "base"
ACCOUNT = "account"
_IS_ACCOUNT = facts.c.name == ACCOUNT
_LOCK = 7_067_265  # one number for all programs of ours on a PostgreSQL


def head() -> str:
    """Return the revision this program works with."""
    return REVISIONS[-1]


def stamped(connection: Connection) -> str | None:
    """Return the store's revision; "base" before the first step, None for an empty store."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return BASE if found is None else str(found)


def is_behind(connection: Connection) -> bool:
    """Say whether an older program made this store. Raises StoreTooNew when a newer one did."""
    found = stamped(connection)
    if found not in (None, BASE, *REVISIONS):
        raise StoreTooNew(str(found), head())
    return found is not None and found != head()


def prepare(connection: Connection) -> None:
    """Bring the store to our schema, whole or not at all, while other programs wait.

    Raises StoreTooNew.
    """
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if is_behind(connection):
            from posapp.store.migrations.run import upgrade

            upgrade(connection)
        elif stamped(connection) is None:
            create(connection)


def create(connection: Connection) -> None:
    """Make every table and stamp the store with our revision."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head()}
    )


def add_account(connection: Connection, account: str) -> None:
    """Let this fingerprint, too, stand for the store's account: an account has many keys."""
    with connection.begin():
        known = _accounts(connection, for_update=True)
        if account in known:
            return
        value = " ".join((*known, account))
        if known:
            connection.execute(update(facts).where(_IS_ACCOUNT).values(value=value))
        else:
            connection.execute(facts.insert().values(name=ACCOUNT, value=value))


def knows_account(connection: Connection, account: str) -> bool:
    """Say whether this fingerprint stands for the store's account."""
    with connection.begin():
        return account in _accounts(connection)


def _accounts(connection: Connection, *, for_update: bool = False) -> list[str]:
    held = select(facts.c.value).where(_IS_ACCOUNT)
    if for_update:  # another till may add a key of its own
        held = held.with_for_update()
    return (connection.execute(held).scalar() or "").split()


def claim_identity(connection: Connection, expected: dict[str, str]) -> None:
    """Stamp the store with mode and account, or raise WrongStore when it carries others.

    An empty value asks nothing. An account is known by the fingerprints of all its keys.
    """
    with connection.begin():
        known = {row.name: row.value for row in connection.execute(select(facts))}
        for what, value in expected.items():
            if not value:
                continue
            if what not in known:
                connection.execute(facts.insert().values(name=what, value=value))
            elif value not in known[what].split():
                raise WrongStore(what, known[what], value)
