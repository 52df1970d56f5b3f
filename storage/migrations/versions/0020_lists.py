"""Counts by mail domain and label for trends, from now on; and the lists of those blocked or allowed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "trends",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("value", sa.String(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    op.create_table(
        "listed",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), primary_key=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("listed")
    op.drop_table("trends")
