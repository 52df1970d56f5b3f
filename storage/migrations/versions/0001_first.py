"""The first tables: signers, conversations, signatures, tallies, marks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STANDING = sa.text("status <> 'withdrawn'")
_COUNTED = sa.text("status = 'counted'")


def upgrade() -> None:
    """Apply the revision."""
    _create_people()
    _create_signatures()
    _create_indexes()
    op.create_table(
        "tallies",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("status", sa.String(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def _create_people() -> None:
    op.create_table(
        "signers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("fingerprint", sa.String(), nullable=False, unique=True),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("focus", sa.String(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("met_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("signer_id", sa.Integer(), sa.ForeignKey("signers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    )


def _create_signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("signer_id", sa.Integer(), sa.ForeignKey("signers.id", ondelete="SET NULL")),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False, unique=True),
        sa.Column("referral", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("updates", sa.Boolean(), nullable=False),
        sa.Column("mailbox", sa.String()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("signed_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
    )


def _create_indexes() -> None:
    op.create_index(
        "one_standing_signature_a_signer", "signatures", ["petition", "signer_id"],
        unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING,
    )  # fmt: skip
    op.create_index(
        "one_counted_signature_a_mailbox", "signatures", ["petition", "mailbox"],
        unique=True, sqlite_where=_COUNTED, postgresql_where=_COUNTED,
    )  # fmt: skip
    op.create_index("signatures_by_mailbox", "signatures", ["petition", "mailbox"])
    op.create_index("signatures_by_signer", "signatures", ["signer_id"])
    op.create_index("signatures_in_order", "signatures", ["petition", "status", "id"])


def downgrade() -> None:
    """Undo the revision."""
    for name in ("marks", "tallies", "signatures", "conversations", "signers"):
        op.drop_table(name)
