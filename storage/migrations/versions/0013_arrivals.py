"""Counts by link that include every signature, and rows that don't tell who brought which signer.

Counts by link for everyone are recounted from all signatures that were not withdrawn. Labels of signers' own links
become pseudonyms, the labels of their share links are derived from now on, and regions by day are sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from core.errors import ConfigurationError
from storage.mappers import stored_label
from storage.schema import MARK, check_mark
from storage.vault import Vault

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_DAY = {"sqlite": "date(signed_at)", "postgresql": "(signed_at AT TIME ZONE 'UTC')::date"}
_OWN_LINK = {"sqlite": f"label GLOB 'r{'[a-z0-9]' * 12}'", "postgresql": "label ~ '^r[a-z0-9]{12}$'"}
_BATCH = 1000
_facets = sa.table(
    "facets", sa.column("petition", sa.String), sa.column("facet", sa.String), sa.column("day", sa.Date),
    sa.column("value", sa.String), sa.column("change", sa.Integer),
)  # fmt: skip


def upgrade() -> None:
    """Apply the revision."""
    engine = op.get_bind().dialect.name
    label = f"CASE WHEN {_OWN_LINK[engine]} THEN '@own' ELSE label END"
    op.execute(
        "INSERT INTO facets (petition, facet, day, value, change) "  # noqa: S608
        f"SELECT petition, 'arrival', {_DAY[engine]}, {label}, COUNT(*) FROM signatures "
        "WHERE status <> 'withdrawn' AND label <> '' GROUP BY 1, 2, 3, 4"
    )
    _replace_labels()
    _count_credits("status <> 'withdrawn'")
    _replace_regions(lambda vault, value, *context: vault.veil(value, *context))
    op.drop_column("signatures", "referral")


def _replace_labels() -> None:
    """Replace the labels of signers' own links with pseudonyms."""
    own = _OWN_LINK[op.get_bind().dialect.name]
    page = f"SELECT id, label FROM signatures WHERE {own} AND id > :after ORDER BY id LIMIT {_BATCH}"  # noqa: S608
    change = sa.text("UPDATE signatures SET label = :label WHERE id = :id")
    for rows in _pages(page):
        vault = _vault()
        op.get_bind().execute(change, [{"id": row.id, "label": stored_label(row.label, vault)} for row in rows])


def _pages(page: str) -> Iterator[Sequence[Any]]:
    after = 0
    while rows := op.get_bind().execute(sa.text(page), {"after": after}).all():
        yield rows
        after = rows[-1].id


def _replace_regions(convert: Callable[..., str]) -> None:
    """Seal or open the regions of each day, which are few per petition and day."""
    regions = sa.select(_facets).where(_facets.c.facet == "region")
    rows = op.get_bind().execute(regions).all()
    if not rows:
        return
    vault = _vault()
    op.get_bind().execute(sa.delete(_facets).where(_facets.c.facet == "region"))
    converted = [
        row._asdict() | {"value": convert(vault, row.value, "region", row.petition, row.day.isoformat())}
        for row in rows
    ]  # fmt: skip
    op.bulk_insert(_facets, converted)


def _vault() -> Vault:
    """The vault, if its key is the database's. Raises ConfigurationError."""
    vault: Vault | None = context.config.attributes.get("vault")
    if vault is None:
        raise ConfigurationError("The database can be updated only with its secret key.")
    mark = op.get_bind().execute(sa.text("SELECT sealed FROM marks WHERE name = :name"), {"name": MARK}).scalar()
    if mark is not None:
        check_mark(vault, mark)
    return vault


def _count_credits(condition: str) -> None:
    op.execute("DELETE FROM credits")
    op.execute(
        "INSERT INTO credits (petition, label, total) SELECT petition, label, COUNT(*) FROM signatures "  # noqa: S608
        f"WHERE label <> '' AND {condition} GROUP BY petition, label"
    )


def downgrade() -> None:
    """Go back; labels of signers' own links are other ones, since nothing leads from a pseudonym to its label."""
    op.add_column("signatures", sa.Column("referral", sa.String(), nullable=False, server_default=""))
    _replace_regions(lambda vault, value, *context: vault.unveil(value, *context))
    op.execute("DELETE FROM facets WHERE facet = 'arrival'")
    op.execute("UPDATE signatures SET label = 'r' || substr(label, 5, 12) WHERE label LIKE 'own~%'")
    _count_credits("status = 'counted'")
