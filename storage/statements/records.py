"""The statements for petitions that outlive their folders, and for moments."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statements.build import bound, per_dialect, upsert
from storage.tables import AuditEntryRow, ConversationRow, MomentRow, PetitionRow, SignatureRow, table

_petitions, _moments = table(PetitionRow), table(MomentRow)
_FACTS = ("title", "language", "organizer", "target", "retention_days", "closes", "loaded_at")

RECORDS = sa.select(_petitions).order_by(_petitions.c.slug)
RECORD = sa.select(_petitions).where(_petitions.c.slug == bound("petition"))
REMEMBER = per_dialect(
    _petitions,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["slug"], set_={name: insert.excluded[name] for name in _FACTS}
    ),
)
SCHEDULE = sa.update(_petitions).where(_petitions.c.slug == bound("petition")).values(erasure_at=bound("at"))

MOMENT = sa.select(_moments.c.at).where(_moments.c.name == bound("moment"))
SAVE_MOMENT = upsert(_moments)
EVENTS = (
    sa.select(sa.func.max(table(SignatureRow).c.signed_at)),
    sa.select(sa.func.max(table(ConversationRow).c.updated_at)),
    sa.select(sa.func.max(table(AuditEntryRow).c.at)),
)
