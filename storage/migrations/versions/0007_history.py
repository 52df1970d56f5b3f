"""Hourly changes in the count; existing signatures count in the hour they were signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HOUR = {"sqlite": "strftime('%Y-%m-%d %H:00:00.000000', signed_at)", "postgresql": "date_trunc('hour', signed_at)"}


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "history",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("platform", sa.String(), primary_key=True),
        sa.Column("locale", sa.String(), primary_key=True),
        sa.Column("change", sa.Integer(), nullable=False),
    )
    hour = _HOUR[op.get_bind().dialect.name]
    op.execute(
        f"INSERT INTO history (petition, hour, platform, locale, change) SELECT petition, {hour}, platform, locale, "  # noqa: S608
        "COUNT(*) FROM signatures WHERE status = 'counted' GROUP BY 1, 2, 3, 4"
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("history")
