"""Ids and counts in 64 bits on PostgreSQL; SQLite's numbers have as many already.

Each table is written again once, with its indexes, while nobody else may use it (docs/production.md has the figures).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_GROWING: Mapping[str, Sequence[str]] = {
    "signers": ("id",),
    "signatures": ("id", "signer_id", "number"),
    "conversations": ("signer_id",),
    "tallies": ("total",),
    "credits": ("total",),
    "history": ("total",),
    "facets": ("change",),
    "trends": ("total",),
    "steps": ("total",),
    "signals": ("total",),
    "reach": ("people",),
    "milestones": ("number",),
    "announcements": ("id", "after"),
    "outbox": ("id", "signer_id"),
    "outbox_totals": ("total",),
    "deeds": ("id",),
    "logs": ("size", "received", "withdrawn", "duplicate", "held_back", "invalidated", "last_signature"),
    "log_batches": (
        "start", "after", "last", "last_withdrawal", "received", "withdrawn", "duplicate", "held_back", "invalidated",
    ),
    "log_tiles": ("tile",),
    "log_checkpoints": ("size", "number"),
    "log_links": ("signature_id", "entry"),
    "log_withdrawals": ("id", "signature_id", "entry"),
    "log_changes": ("signature_id",),
    "log_exclusions": ("entry",),
}  # fmt: skip
_NUMBERED = ("signers", "signatures", "announcements", "outbox", "deeds", "log_withdrawals")


def upgrade() -> None:
    """Apply the revision."""
    _change("bigint")


def downgrade() -> None:
    """Undo the revision; this fails if a number has outgrown 32 bits."""
    _change("integer")


def _change(kind: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("outbox_failures", "outbox")  # rebuilt, it would state its condition in other words than the tables
    for table, columns in _GROWING.items():  # in one statement, so the table is written once
        op.execute(f"ALTER TABLE {table} " + ", ".join(f'ALTER COLUMN "{name}" TYPE {kind}' for name in columns))
    for table in _NUMBERED:
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS {kind}")
    failed = sa.text("state IN ('dead', 'doubtful')")
    op.create_index("outbox_failures", "outbox", ["topic", "id"], postgresql_where=failed)
