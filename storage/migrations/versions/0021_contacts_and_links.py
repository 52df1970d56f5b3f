"""The signers that organizers can write to, and steps by link.

Opt-ins are counted again from the signatures. Of earlier ones, only the mailbox and the signals tell if an address can
be used, and nothing but their sealed answers tells of a phone number; so those have none. Nothing says by which link
earlier conversations came: their steps have a label of their own. Everyone who was asked a question had begun to sign.
Earlier counts of questions included answers that nobody was asked for, so they are dropped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_DAY = {"sqlite": "strftime('%Y-%m-%d', signed_at)", "postgresql": "CAST(signed_at AT TIME ZONE 'UTC' AS DATE)"}
_OPT_IN = (
    "CASE WHEN by_email AND contacts <> '' THEN 'email ' || contacts WHEN by_email THEN 'email' "
    "WHEN updates THEN 'here' ELSE 'no' END"
)


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("signatures", sa.Column("contacts", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE signatures SET contacts = 'email' WHERE mailbox IS NOT NULL AND reason NOT LIKE '%disposable%' "
        "AND status <> 'withdrawn'"
    )
    day = _DAY[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO facets (petition, facet, day, value, change) "  # noqa: S608
        f"SELECT petition, 'updates', {day}, {_OPT_IN}, COUNT(*) FROM signatures WHERE status = 'counted' "
        "GROUP BY 1, 3, 4"
    )
    _create_steps("steps_by_link", sa.Column("label", sa.String(), primary_key=True))
    op.execute(
        "INSERT INTO steps_by_link (petition, label, step, shard, total) "
        "SELECT petition, CASE WHEN step IN ('opened', 'review', 'signed') THEN '@earlier' ELSE '' END, step, shard, "
        "total FROM steps WHERE step NOT LIKE 'asked:%'"
    )
    op.execute(
        "INSERT INTO steps_by_link (petition, label, step, shard, total) "
        "SELECT petition, '@earlier', 'began', shard, MAX(total) FROM steps "
        "WHERE step = 'review' OR step LIKE 'asked:%' GROUP BY petition, shard"
    )
    _replace_steps("steps_by_link")


def downgrade() -> None:
    """Undo the revision."""
    _create_steps("steps_of_all")
    op.execute(
        "INSERT INTO steps_of_all (petition, step, shard, total) "
        "SELECT petition, step, shard, SUM(total) FROM steps WHERE step <> 'began' GROUP BY petition, step, shard"
    )
    _replace_steps("steps_of_all")
    op.execute("DELETE FROM facets WHERE facet = 'updates'")
    op.drop_column("signatures", "contacts")


def _create_steps(name: str, *label: sa.Column[str]) -> None:
    """Create the table again under another name, since a key can't be changed."""
    op.create_table(
        name,
        sa.Column("petition", sa.String(), primary_key=True),
        *label,
        sa.Column("step", sa.String(), primary_key=True),
        sa.Column("shard", sa.Integer(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )


def _replace_steps(name: str) -> None:
    op.drop_table("steps")
    op.rename_table(name, "steps")
