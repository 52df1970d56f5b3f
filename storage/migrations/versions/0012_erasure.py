"""Updates remembered without a person, petitions that outlive their folders, and moments to remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "updates",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "petitions",
        sa.Column("slug", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("title", "language", "organizer", "target")),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("loaded_at", moment, nullable=False),
        sa.Column("erasure_at", moment, nullable=True),
    )
    op.create_table(
        "moments", sa.Column("name", sa.String(), primary_key=True), sa.Column("at", moment, nullable=False)
    )
    op.add_column("decisions", sa.Column("erased_at", moment, nullable=True))


def downgrade() -> None:
    """Undo the revision."""
    op.drop_column("decisions", "erased_at")
    for name in ("moments", "petitions", "updates"):
        op.drop_table(name)
