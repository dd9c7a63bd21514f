"""Which orders must be read again is kept: another till, or the next start, goes on with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from posapp.store.migrations.parts import count, given

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "to_read",
        given("order_id"),
        count("asked"),
        sa.PrimaryKeyConstraint("order_id", name="pk_to_read"),
    )


def downgrade() -> None:
    """Forget what was still to be read."""
    op.drop_table("to_read")
