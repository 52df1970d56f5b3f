"""Counts in parts, so that signers of one petition don't queue for one row. Earlier counts are in the first part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_KEYS: Mapping[str, Mapping[str, Any]] = {
    "tallies": {"status": sa.String},
    "credits": {"label": sa.String},
    "history": {"hour": UtcDateTime, "platform": sa.String, "locale": sa.String, "status": sa.String},
    "facets": {"facet": sa.String, "day": sa.Date, "value": sa.String},
    "trends": {"kind": sa.String, "hour": UtcDateTime, "value": sa.String},
    "signals": {"signal": sa.String, "key": sa.String, "start": UtcDateTime},
    "reach": {"platform": sa.String, "locale": sa.String, "label": sa.String},
}
_COUNTS = {"facets": "change", "reach": "people"}


def upgrade() -> None:
    """Apply the revision."""
    for name in _KEYS:
        _create_again(name, "0", sa.Column("part", sa.Integer(), primary_key=True))
    op.execute("ALTER TABLE steps RENAME COLUMN shard TO part")


def downgrade() -> None:
    """Undo the revision."""
    op.execute("ALTER TABLE steps RENAME COLUMN part TO shard")
    for name in _KEYS:
        _create_again(name)


def _create_again(name: str, first: str = "", *part: sa.Column[int]) -> None:
    """Create the table again, since a key can't be changed; without parts, their sums are kept."""
    key, count = {"petition": sa.String, **_KEYS[name]}, _COUNTS.get(name, "total")
    op.rename_table(name, f"{name}_before")
    # PostgreSQL keeps the name of the constraint.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {name}_before RENAME CONSTRAINT {name}_pkey TO {name}_before_pkey")
    columns = [sa.Column(column, kind(), primary_key=True) for column, kind in key.items()]
    op.create_table(name, *columns, *part, sa.Column(count, sa.Integer(), nullable=False))
    names = ", ".join(f'"{column}"' for column in key)
    target = f'{names}, part, "{count}"' if part else f'{names}, "{count}"'
    source = f'{names}, {first}, "{count}"' if part else f'{names}, SUM("{count}")'
    groups = "" if part else f" GROUP BY {names}"
    op.execute(f"INSERT INTO {name} ({target}) SELECT {source} FROM {name}_before{groups}")  # noqa: S608
    op.drop_table(f"{name}_before")
