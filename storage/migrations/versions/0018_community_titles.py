"""Titles of communities, sealed; each is stored the next time its community uses the bot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("communities", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE communities ALTER COLUMN sealed SET STATISTICS 0")


def downgrade() -> None:
    """Go back."""
    op.drop_column("communities", "sealed")
