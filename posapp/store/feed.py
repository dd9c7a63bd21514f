"""How far the feed has read, whether it is well, and which program reads.

One row for the whole store.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update

from posapp.store.columns import to_micros
from posapp.store.rows import Repository
from posapp.store.tables import feed

_ONLY = 1
_BEGIN = text("INSERT INTO feed (num) VALUES (1) ON CONFLICT (num) DO NOTHING")
_LEASE = text(
    "UPDATE feed SET lease_holder = :holder, lease_until = :now + :ttl "
    "WHERE num = 1 AND (lease_holder = :holder OR lease_until IS NULL OR lease_until <= :now)"
)
# Tills' clocks differ: where there is a server, its clock rules (design 7).
_SERVER_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
_SERVER_LEASE = text(
    f"UPDATE feed SET lease_holder = :holder, lease_until = {_SERVER_NOW} + :ttl "
    f"WHERE num = 1 AND (lease_holder = :holder OR lease_until IS NULL "
    f"OR lease_until <= {_SERVER_NOW})"
)


class Feed(Repository):
    """Cursor, health and lease of the event feed."""

    __slots__ = ()

    def cursor(self) -> tuple[str, datetime] | None:
        """Return (cursor, its time): everything up to there is in the inbox."""
        row = self._connection.execute(select(feed.c.cursor, feed.c.cursor_at)).first()
        if row is None or row.cursor_at is None:
            return None
        return row.cursor, row.cursor_at

    def set_cursor(self, cursor: str, at: datetime) -> None:
        """Move the cursor; call it when a sweep met known ground."""
        self._set(cursor=cursor, cursor_at=at)

    def healthy_at(self) -> datetime | None:
        """Return when a sweep last ended well."""
        return self._connection.execute(select(feed.c.healthy_at)).scalar()

    def set_healthy_at(self, at: datetime) -> None:
        """Record that a sweep ended well."""
        self._set(healthy_at=at)

    def take(self, holder: str, now: datetime, ttl: timedelta | float) -> bool:
        """Take or prolong the lease for `ttl` (seconds, or a timedelta); False when another holds
        it.

        On PostgreSQL the server's clock counts and `now` does not.
        """
        lasts = ttl if isinstance(ttl, timedelta) else timedelta(seconds=ttl)
        self._connection.execute(_BEGIN)
        wanted: dict[str, Any] = {"holder": holder, "ttl": lasts // timedelta(microseconds=1)}
        if self._connection.dialect.name == "sqlite":
            taken = self._connection.execute(_LEASE, wanted | {"now": to_micros(now)})
        else:
            taken = self._connection.execute(_SERVER_LEASE, wanted)
        return taken.rowcount == 1

    def release(self, holder: str) -> None:
        """Give the lease back, so that another program need not wait for its end."""
        self._connection.execute(
            update(feed)
            .where(feed.c.lease_holder == holder)
            .values(lease_holder="", lease_until=None)
        )

    def reader(self) -> str:
        """Return who took the lease last; empty when nobody holds it."""
        found = select(func.coalesce(func.max(feed.c.lease_holder), ""))
        return str(self._connection.execute(found).scalar_one())

    def _set(self, **values: Any) -> None:
        self._connection.execute(_BEGIN)
        self._connection.execute(update(feed).where(feed.c.num == _ONLY).values(**values))
