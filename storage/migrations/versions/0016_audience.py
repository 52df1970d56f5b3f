"""Audiences without the signers whose signatures organizers invalidated."""

from __future__ import annotations

import re
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PERSONAL = re.compile(r"r[a-z0-9]{12}|own~[a-f0-9]{16}")  # the label of a signer's own link, or its pseudonym


def upgrade() -> None:
    """Go forward."""
    _add_invalid(-1)


def downgrade() -> None:
    """Go back."""
    _add_invalid(1)


def _add_invalid(sign: int) -> None:
    """Add the people whose signatures are invalid to the counts, or subtract them."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    rows = op.get_bind().execute(
        sa.text(
            "SELECT petition, signatures.platform, signatures.locale, label, count(*) FROM signatures "
            "JOIN signers ON signers.id = signer_id WHERE updates AND reachable AND status = 'invalid' "
            "GROUP BY petition, signatures.platform, signatures.locale, label"
        )
    )
    for petition, platform, locale, label, people in rows:
        found[petition, platform, locale, "" if PERSONAL.fullmatch(label) else label] += people
    change = sa.text(
        "UPDATE reach SET people = people + :change "
        "WHERE petition = :petition AND platform = :platform AND locale = :locale AND label = :label"
    )
    names = ("petition", "platform", "locale", "label")
    for place, people in found.items():
        op.get_bind().execute(change, dict(zip(names, place, strict=True)) | {"change": sign * people})
