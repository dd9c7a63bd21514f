"""The feed's tests on a throw-away PostgreSQL, where several tills share one store."""

from __future__ import annotations

from tests.helpers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
