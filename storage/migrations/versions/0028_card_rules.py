"""Published cards and their pauses, who may post cards in a community, and milestone posts that are published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("cards", sa.Column("published", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cards", sa.Column("rests_until", UtcDateTime(), nullable=True))
    op.add_column("communities", sa.Column("members_post", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("followers", sa.Column("publish", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Undo the revision."""
    op.drop_column("followers", "publish")
    op.drop_column("communities", "members_post")
    for name in ("rests_until", "published"):
        op.drop_column("cards", name)
