"""The ledger of a sale is its intents (decision 8): the table that nobody wrote goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from posapp.store.migrations.parts import moment, number, row_id, word

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Drop the table; no program ever wrote to it."""
    op.drop_table("sale_ledger")


def downgrade() -> None:
    """Make it again, empty, as the first schema had it."""
    op.create_table(
        "sale_ledger",
        row_id("num"),
        word("sale_id"),
        word("step"),
        number("attempt"),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        moment("answered_at"),
        word("outcome"),
        word("remote_id"),
        sa.PrimaryKeyConstraint("num", name="pk_sale_ledger"),
        sa.UniqueConstraint(
            "sale_id", "step", "attempt", name="uq_sale_ledger_sale_id_step_attempt"
        ),
    )
