"""Counted signatures by source label, counted once from existing signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "credits",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("label", sa.String(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    op.execute(
        "INSERT INTO credits (petition, label, total) SELECT petition, label, COUNT(*) FROM signatures "
        "WHERE status = 'counted' AND label <> '' GROUP BY petition, label"
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("credits")
