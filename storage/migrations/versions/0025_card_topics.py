"""Cards in topics, with a digest of what they show, and the languages of communities.

All cards are drawn once more, since nothing else says what they show.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NO_COUNT = "-1"


def upgrade() -> None:
    """Apply the revision."""
    op.drop_column("cards", "shown")
    for name in ("shown", "thread", "moved_to"):
        op.add_column("cards", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("cards", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("communities", sa.Column("locale", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo the revision; cards that were replaced are forgotten."""
    op.execute("DELETE FROM cards WHERE moved_to != ''")
    for name in ("shown", "thread", "moved_to", "refused_at"):
        op.drop_column("cards", name)
    op.add_column("cards", sa.Column("shown", sa.Integer(), nullable=False, server_default=_NO_COUNT))
    op.drop_column("communities", "locale")
