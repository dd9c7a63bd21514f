"""Numbers that only rise, counted in the database so that no two tills get the same.

Never reused, never lowered.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from posapp.store.tables import counters

_RAISE = text(
    "INSERT INTO counters (name, value) VALUES (:name, :step) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + :step RETURNING value"
)


def next_value(connection: Connection, name: str, step: int = 1) -> int:
    """Raise the counter by `step` and return where it stands now; a new one begins at zero."""
    return int(connection.execute(_RAISE, {"name": name, "step": step}).scalar_one())


def value(connection: Connection, name: str) -> int:
    """Return where the counter stands."""
    found = connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar()
    return int(found or 0)
