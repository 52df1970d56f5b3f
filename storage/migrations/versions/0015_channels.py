"""The channel for updates: so far, those who wanted them agreed to both the chat and email."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; everyone keeps the channels they agreed to."""
    op.add_column("signatures", sa.Column("by_email", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE signatures SET by_email = updates")


def downgrade() -> None:
    """Go back; those who wanted only email get nothing in the chat."""
    op.drop_column("signatures", "by_email")
