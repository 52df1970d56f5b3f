"""The public log: entries, tiles, checkpoints, and what leads from signatures to entries.

Earlier signatures need nothing here: the first batch has all of them. Earlier withdrawals are queued for it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TOTALS = ("received", "withdrawn", "duplicate", "held_back", "invalidated")
_TABLES = (
    "logs", "log_batches", "log_tiles", "log_checkpoints", "log_links", "log_withdrawals", "log_changes",
    "log_exclusions", "log_keys",
)  # fmt: skip


def upgrade() -> None:
    """Apply the revision."""
    op.create_index("signatures_by_change", "signatures", ["petition", "changed_at"])
    _create_logs()
    _create_entries()
    _create_links()
    if op.get_bind().dialect.name == "postgresql":  # samples of columns outlive their rows
        for name in ("log_links", "log_exclusions"):
            op.execute(f"ALTER TABLE {name} ALTER COLUMN sealed SET STATISTICS 0")
    op.execute(
        "INSERT INTO log_withdrawals (petition, signature_id) "
        "SELECT petition, id FROM signatures WHERE status = 'withdrawn' ORDER BY id"
    )


def downgrade() -> None:
    """Undo the revision."""
    for name in reversed(_TABLES):
        op.drop_table(name)
    op.drop_index("signatures_by_change", "signatures")


def _create_logs() -> None:
    op.create_table(
        "logs",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        *_totals(),
        sa.Column("last_signature", sa.Integer(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("cut_at", UtcDateTime()),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("fault_at", UtcDateTime()),
    )
    op.create_table(
        "log_batches",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("start", "after", "last", "last_withdrawal")),
        *_totals(),
        sa.Column("seed", sa.String(), nullable=False),
    )


def _totals() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in _TOTALS]


def _create_entries() -> None:
    op.create_table(
        "log_tiles",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("tile", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("size", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "log_exclusions",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("entry", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "log_keys",
        sa.Column("public", sa.String(), primary_key=True),
        sa.Column("since", UtcDateTime(), nullable=False),
    )


def _create_links() -> None:
    def signature() -> sa.ForeignKey:
        return sa.ForeignKey("signatures.id", ondelete="CASCADE")

    op.create_table(
        "log_links",
        sa.Column("signature_id", sa.Integer(), signature(), primary_key=True, autoincrement=False),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
    )
    op.create_index("one_link_an_entry", "log_links", ["petition", "entry"], unique=True)
    op.create_table(
        "log_withdrawals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("signature_id", sa.Integer(), signature(), nullable=False),
        sa.Column("entry", sa.Integer()),
        sa.UniqueConstraint("signature_id"),
    )
    op.create_index("log_withdrawals_in_order", "log_withdrawals", ["petition", "id"])
    op.create_table(
        "log_changes",
        sa.Column("signature_id", sa.Integer(), signature(), primary_key=True, autoincrement=False),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=False),
    )
    op.create_index("log_changes_by_petition", "log_changes", ["petition"])
