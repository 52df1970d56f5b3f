"""The promise about the name in the hand-in, and the words that signers were shown.

Earlier signatures have neither: `named` stays empty, and the hand-in keeps the promise that was made at the time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("signatures", sa.Column("named", sa.Boolean(), nullable=True))
    op.create_table(
        "shown_words",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Go back; the choices sealed with the answers stay there, unread."""
    op.drop_table("shown_words")
    op.drop_column("signatures", "named")
