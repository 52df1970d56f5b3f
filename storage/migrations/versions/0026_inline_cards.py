"""The inline cards that people sent, to keep the counts on them current."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "inline_cards",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("refreshed_at", UtcDateTime(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # samples of columns outlive their rows
        op.execute("ALTER TABLE inline_cards ALTER COLUMN sealed SET STATISTICS 0")


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("inline_cards")
