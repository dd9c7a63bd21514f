"""Columns as the steps write them down. Frozen with the steps: never imports `tables`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def word(name: str) -> sa.Column[str]:
    """A text, "" by default."""
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def given(name: str) -> sa.Column[str]:
    """A text that must be given."""
    return sa.Column(name, sa.Text(), nullable=False)


def maybe(name: str) -> sa.Column[str]:
    """A text or nothing."""
    return sa.Column(name, sa.Text(), nullable=True)


def big(name: str) -> sa.Column[int]:
    """A large number."""
    return sa.Column(name, sa.BigInteger(), nullable=False)


def moment(name: str) -> sa.Column[int]:
    """A moment in microseconds, or nothing."""
    return sa.Column(name, sa.BigInteger(), nullable=True)


def count(name: str) -> sa.Column[int]:
    """A count, 0 by default."""
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def number(name: str) -> sa.Column[int]:
    """A number."""
    return sa.Column(name, sa.Integer(), nullable=False)


def own_number(name: str) -> sa.Column[int]:
    """A number that we choose as key."""
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def row_id(name: str, *, own: bool = False) -> sa.Column[int]:
    """A number that SQLite makes its row id; `own` when we choose it."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False if own else "auto", nullable=False)


def flag(name: str) -> sa.Column[bool]:
    """Yes or no, no by default."""
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def only(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both engines."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
