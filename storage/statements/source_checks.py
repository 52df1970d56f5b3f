"""The statements for checks of sources, and for the lease of the checker."""

from __future__ import annotations

import sqlalchemy as sa

from core.sources.checks import CHECKS_KEPT
from storage.statements.build import bound, per_dialect, upsert
from storage.tables import LeaseRow, SourceCheckRow, table

_checks, _leases = table(SourceCheckRow), table(LeaseRow)
_c = _checks.c
_OF_PETITION, _OF_SOURCE = _c.petition == bound("slug"), _c.source == bound("wanted")


def _newest(*of: sa.ColumnElement[bool]) -> sa.Select[*tuple[object, ...]]:
    """The newest check of each source."""
    moments = sa.select(_c.petition, _c.source, sa.func.max(_c.at)).where(*of).group_by(_c.petition, _c.source)
    return sa.select(_checks).where(sa.tuple_(_c.petition, _c.source, _c.at).in_(moments))


SAVE = upsert(_checks)
LAST = _newest()
LAST_OF_PETITION = _newest(_OF_PETITION)
HISTORY = sa.select(_checks).where(_OF_PETITION).order_by(_c.at, _c.source)
_KEPT = sa.select(_c.at).where(_OF_PETITION, _OF_SOURCE).order_by(_c.at.desc()).limit(CHECKS_KEPT)
FORGET_OLDEST = sa.delete(_checks).where(_OF_PETITION, _OF_SOURCE, _c.at.not_in(_KEPT))
FORGET_LATER = sa.delete(_checks).where(_OF_PETITION, _OF_SOURCE, _c.at > bound("at"))

TAKE_LEASE = per_dialect(
    _leases,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
        where=sa.or_(
            _leases.c.holder == insert.excluded.holder,
            _leases.c.until < bound("now"),
            _leases.c.until > bound("latest"),
        ),
    ).returning(_leases.c.holder),
)
RELEASE_LEASE = sa.delete(_leases).where(_leases.c.name == bound("lease"), _leases.c.holder == bound("by"))
