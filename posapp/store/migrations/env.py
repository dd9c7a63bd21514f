"""Alembic's entry: takes the connection that `run.py` hands in.

Never commits: whoever began the transaction does.
"""

from __future__ import annotations

from alembic import context

from posapp.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.facts.metadata,
    transaction_per_migration=False,
    transactional_ddl=True,
)
context.run_migrations()
