"""Somebody's best run of a lesson, in the training room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from posapp.store.migrations.parts import big, count, given

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lesson_best",
        given("staff_id"),
        given("lesson"),
        count("millis"),
        count("keys"),
        count("mistakes"),
        count("runs"),
        big("at"),
        sa.PrimaryKeyConstraint("staff_id", "lesson", name="pk_lesson_best"),
    )


def downgrade() -> None:
    """Forget the runs."""
    op.drop_table("lesson_best")
