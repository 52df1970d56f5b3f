"""The versions of petitions' texts.

Those that were signed before have only their digests, of the first form. If a text is still the same, its words are
added when it is loaded.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TRIAL = re.compile(r"draft-[0-9a-f]{24}")


def upgrade() -> None:
    """Apply the revision."""
    versions = op.create_table(
        "versions",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
    )
    signatures = sa.table(
        "signatures", sa.column("petition"), sa.column("digest"), sa.column("signed_at", sa.DateTime(timezone=True))
    )
    columns = signatures.c
    signed = sa.select(columns.petition, columns.digest, sa.func.min(columns.signed_at)).group_by(
        columns.petition, columns.digest
    )
    rows = [
        {"petition": petition, "digest": digest, "language": "", "form": 1, "content": "", "first_seen": first}
        for petition, digest, first in op.get_bind().execute(signed)
        if not _TRIAL.fullmatch(petition)
    ]
    if rows:
        op.bulk_insert(versions, rows)


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("versions")
