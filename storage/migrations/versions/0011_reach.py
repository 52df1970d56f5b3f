"""Announcements and milestones, the people they can reach, and the reasons why outbox entries ended."""

from __future__ import annotations

import re
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PERSONAL = re.compile(r"r[a-z0-9]{12}")  # the label of a signer's own link


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("signers", sa.Column("reachable", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index(
        "signatures_to_update", "signatures", ["petition", "id"],
        sqlite_where=sa.text("updates"), postgresql_where=sa.text("updates"),
    )  # fmt: skip
    _create_tables()
    _find_milestones()
    _count_reach()
    _keep_totals(revision, "reason")


def _create_tables() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("petition", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "milestones",
        sa.Column("petition", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "followers",
        sa.Column("platform", sa.String(), primary_key=True),
        sa.Column("chat", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
    )


def _find_milestones() -> None:
    """Record the milestones already crossed, with the time of the signature that crossed each, so none is announced."""
    found = op.get_bind().execute(sa.text("SELECT petition, total FROM tallies WHERE status = 'counted'")).all()
    for petition, total in found:
        for number in (10**power for power in range(2, len(str(total)))):
            op.execute(
                sa.text(
                    "INSERT INTO milestones (petition, number, at) SELECT petition, :number, signed_at FROM signatures "
                    "WHERE petition = :petition AND status = 'counted' ORDER BY id LIMIT 1 OFFSET :before"
                ).bindparams(petition=petition, number=number, before=number - 1)
            )


def _count_reach() -> None:
    """Count the people that announcements can reach, with signers' own links as no label."""
    reach = op.create_table(
        "reach",
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("petition", "platform", "locale", "label")),
        sa.Column("people", sa.Integer(), nullable=False),
    )
    found: Counter[tuple[str, str, str, str]] = Counter()
    rows = op.get_bind().execute(
        sa.text(
            "SELECT petition, platform, locale, label, count(*) FROM signatures "
            "WHERE updates AND status <> 'withdrawn' AND signer_id IS NOT NULL "
            "GROUP BY petition, platform, locale, label"
        )
    )
    for petition, platform, locale, label, people in rows:
        found[petition, platform, locale, "" if PERSONAL.fullmatch(label) else label] += people
    names = ("petition", "platform", "locale", "label", "people")
    op.bulk_insert(reach, [dict(zip(names, (*place, people), strict=True)) for place, people in found.items()])


def _keep_totals(name: str, *more: str) -> None:
    """Rebuild the outbox totals with other columns in the key; the counts stay."""
    new = f"totals_{name}"  # its own name, which PostgreSQL keeps for the key's index
    op.create_table(
        new,
        *(sa.Column(column, sa.String(), primary_key=True) for column in ("topic", "group", "state", *more)),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    columns = 'topic, "group", state'
    extra = ", ''" * len(more)
    op.execute(
        f"INSERT INTO {new} SELECT {columns}{extra}, sum(total) FROM outbox_totals GROUP BY {columns}"  # noqa: S608
    )
    op.drop_table("outbox_totals")
    op.rename_table(new, "outbox_totals")


def downgrade() -> None:
    """Undo the revision."""
    _keep_totals(down_revision)
    for name in ("reach", "followers", "milestones", "announcements"):
        op.drop_table(name)
    op.drop_index("signatures_to_update", "signatures")
    op.drop_column("signers", "reachable")
