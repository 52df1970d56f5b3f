"""The time zone of signing, which decides the day that a signature belongs to.

Earlier signatures were counted by days and hours in UTC, and stay there: their offset is 0.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("signatures", sa.Column("utc_offset", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Undo the revision."""
    op.drop_column("signatures", "utc_offset")
