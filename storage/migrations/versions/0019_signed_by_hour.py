"""Signatures by the hour of signing and their status, counted again from the signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_HOUR = {"sqlite": "strftime('%Y-%m-%d %H:00:00.000000', signed_at)", "postgresql": "date_trunc('hour', signed_at)"}
_KEY = (("petition", sa.String()), ("hour", sa.DateTime(timezone=True)), ("platform", sa.String()))


def upgrade() -> None:
    """Apply the revision."""
    _create(sa.Column("status", sa.String(), primary_key=True), "total")
    op.execute(
        "INSERT INTO history (petition, hour, platform, locale, status, total) "  # noqa: S608
        f"SELECT petition, {_hour()}, platform, locale, status, COUNT(*) FROM signatures GROUP BY 1, 2, 3, 4, 5"
    )


def downgrade() -> None:
    """Undo the revision."""
    _create(None, "change")
    op.execute(
        f"INSERT INTO history (petition, hour, platform, locale, change) SELECT petition, {_hour()}, platform, locale, "  # noqa: S608
        "COUNT(*) FROM signatures WHERE status = 'counted' GROUP BY 1, 2, 3, 4"
    )


def _create(status: sa.Column[str] | None, count: str) -> None:
    """Create the table again, since a key can't be changed."""
    op.drop_table("history")
    key = [sa.Column(name, kind, primary_key=True) for name, kind in (*_KEY, ("locale", sa.String()))]
    more = [] if status is None else [status]
    op.create_table("history", *key, *more, sa.Column(count, sa.Integer(), nullable=False))


def _hour() -> str:
    return _HOUR[op.get_bind().dialect.name]
