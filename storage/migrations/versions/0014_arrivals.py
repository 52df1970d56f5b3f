"""Counts by link for everyone, from all signatures that were not withdrawn, so no hidden status shows in them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

_DAY = {"sqlite": "date(signed_at)", "postgresql": "(signed_at AT TIME ZONE 'UTC')::date"}
_OWN_LINK = {"sqlite": f"label GLOB 'r{'[a-z0-9]' * 12}'", "postgresql": "label ~ '^r[a-z0-9]{12}$'"}


def upgrade() -> None:
    """Go forward."""
    _count_credits("status <> 'withdrawn'")
    engine = op.get_bind().dialect.name
    label = f"CASE WHEN {_OWN_LINK[engine]} THEN '@own' ELSE label END"
    op.execute(
        "INSERT INTO facets (petition, facet, day, value, change) "  # noqa: S608
        f"SELECT petition, 'arrival', {_DAY[engine]}, {label}, COUNT(*) FROM signatures "
        "WHERE status <> 'withdrawn' AND label <> '' GROUP BY 1, 2, 3, 4"
    )


def _count_credits(condition: str) -> None:
    op.execute("DELETE FROM credits")
    op.execute(
        "INSERT INTO credits (petition, label, total) SELECT petition, label, COUNT(*) FROM signatures "  # noqa: S608
        f"WHERE label <> '' AND {condition} GROUP BY petition, label"
    )


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM facets WHERE facet = 'arrival'")
    _count_credits("status = 'counted'")
