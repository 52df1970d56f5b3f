"""The outbox: entries, stored counts of the finished ones, and paused groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "outbox_waiting": ("state = 'waiting'", ["topic", "due", "id"]),
    "outbox_leases": ("state = 'sending'", ["leased_until"]),
    "outbox_open": ("finished_at IS NULL", ["topic", "group", "state"]),
    "outbox_done": ("state = 'done'", ["topic", "finished_at"]),
    "outbox_failures": ("state IN ('dead', 'doubtful')", ["topic", "id"]),
    "outbox_by_signer": ("signer_id IS NOT NULL", ["signer_id"]),
}


def upgrade() -> None:
    """Apply the revision."""
    _create_outbox()
    op.create_table(
        "outbox_totals",
        sa.Column("topic", sa.String(), primary_key=True),
        sa.Column("group", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    op.create_table(
        "outbox_pauses",
        sa.Column("topic", sa.String(), primary_key=True),
        sa.Column("group", sa.String(), primary_key=True),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("topic", "key", name="one_entry_a_key"),
        sqlite_autoincrement=True,
    )
    for name, (where, columns) in INDEXES.items():
        op.create_index(name, "outbox", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Undo the revision."""
    for name in ("outbox_pauses", "outbox_totals", "outbox"):
        op.drop_table(name)
