"""The checks of petitions' sources, and the lease of the process that makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    texts = ("link", "state", "final_link", "quote", "passage", "digest", "title", "publication", "date")
    op.create_table(
        "source_checks",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("at", UtcDateTime(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*texts, "archive_link")),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("leases")
    op.drop_table("source_checks")
