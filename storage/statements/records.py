"""The statements for petitions that outlive their folders, for their versions, and for moments."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statements.build import add_if_new, bound, per_dialect, upsert
from storage.tables import AuditEntryRow, ConversationRow, MomentRow, PetitionRow, SignatureRow, VersionRow, table

_petitions, _versions, _moments = table(PetitionRow), table(VersionRow), table(MomentRow)
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

_of_petition = _versions.c.petition == bound("slug")
_this_version = sa.and_(_of_petition, _versions.c.digest == bound("sha256"))
VERSION = sa.select(_versions).where(_this_version)
VERSIONS = sa.select(_versions).where(_of_petition).order_by(_versions.c.first_seen, _versions.c.digest)
REMEMBER_VERSION = add_if_new(_versions)
COMPLETE_VERSION = (
    sa.update(_versions)
    .where(_this_version, _versions.c.content == "")
    .values(language=bound("code"), content=bound("words"))
)

MOMENT = sa.select(_moments.c.at).where(_moments.c.name == bound("moment"))
SAVE_MOMENT = upsert(_moments)
EVENTS = (
    sa.select(sa.func.max(table(SignatureRow).c.signed_at)),
    sa.select(sa.func.max(table(ConversationRow).c.updated_at)),
    sa.select(sa.func.max(table(AuditEntryRow).c.at)),
)
