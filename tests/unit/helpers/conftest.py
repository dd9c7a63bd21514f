"""Brings the throw-away PostgreSQL to the tests of the helpers."""

from __future__ import annotations

from tests.helpers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
