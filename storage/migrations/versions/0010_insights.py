"""Counts by day and facet, and the steps of signing, from existing signatures, whose region is unknown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_DAY = {"sqlite": "date(signed_at)", "postgresql": "(signed_at AT TIME ZONE 'UTC')::date"}
_OWN_LINK = {"sqlite": f"label GLOB 'r{'[a-z0-9]' * 12}'", "postgresql": "label ~ '^r[a-z0-9]{12}$'"}


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "facets",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("facet", sa.String(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("value", sa.String(), primary_key=True),
        sa.Column("change", sa.Integer(), nullable=False),
    )
    op.create_table(
        "steps",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("step", sa.String(), primary_key=True),
        sa.Column("shard", sa.Integer(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    engine = op.get_bind().dialect.name
    label = f"CASE WHEN {_OWN_LINK[engine]} THEN '@own' ELSE label END"
    for facet, value in (("label", label), ("region", "''"), ("version", "digest")):
        op.execute(
            "INSERT INTO facets (petition, facet, day, value, change) "  # noqa: S608
            f"SELECT petition, '{facet}', {_DAY[engine]}, {value}, COUNT(*) FROM signatures "
            "WHERE status = 'counted' GROUP BY 1, 2, 3, 4"
        )
    op.execute(
        "INSERT INTO steps (petition, step, shard, total) SELECT petition, 'pending', signer_id % 16, COUNT(*) "
        "FROM conversations WHERE stage IN ('answering', 'reviewing') GROUP BY 1, 2, 3"
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("steps")
    op.drop_table("facets")
