"""Signals against signatures, recent sightings, and decisions that organizers have yet to confirm."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("signatures", sa.Column("reason", sa.String(), nullable=False, server_default=""))
    op.add_column("signatures", sa.Column("accepted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "thresholds",
        sa.Column("signal", sa.String(), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
    )
    op.create_table(
        "signals",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("signal", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("start", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    op.create_table(
        "plans",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Go back; signatures that wait or are invalid become duplicates, which are not counted either."""
    op.execute("UPDATE signatures SET status = 'duplicate' WHERE status IN ('quarantined', 'invalid')")
    op.execute("DELETE FROM tallies WHERE status IN ('quarantined', 'invalid', 'duplicate')")
    op.execute(
        "INSERT INTO tallies (petition, status, total) "
        "SELECT petition, status, COUNT(*) FROM signatures WHERE status = 'duplicate' GROUP BY petition, status"
    )
    op.drop_table("plans")
    op.drop_table("signals")
    op.drop_table("thresholds")
    op.drop_column("signatures", "accepted")
    op.drop_column("signatures", "reason")
