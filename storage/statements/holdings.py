"""The statements for everything stored about an account, and for searching all rows for a person."""

from __future__ import annotations

from typing import Any, TypeAlias

import sqlalchemy as sa

from storage.statements.build import any_of, bound
from storage.tables import ConversationRow, OutboxRow, SignatureRow, SignerRow, table

_signers, _conversations, _signatures = table(SignerRow), table(ConversationRow), table(SignatureRow)
_outbox = table(OutboxRow)

KEY = sa.select(_signers.c.fingerprint).where(_signers.c.fingerprint == bound("who"))
KEYS_OF_RECEIPTS = sa.select(_signers.c.fingerprint).where(
    _signers.c.id == _signatures.c.signer_id, _signatures.c.receipt.in_(any_of("codes"))
)
ACCOUNT = sa.select(_signers).where(_signers.c.fingerprint == bound("who"))
SIGNATURES_OF = sa.select(_signatures).where(_signatures.c.signer_id == bound("signer")).order_by(_signatures.c.id)
CONVERSATIONS_OF = (
    sa.select(_conversations).where(_conversations.c.signer_id == bound("signer")).order_by(_conversations.c.petition)
)
WAITING_FOR = sa.select(sa.func.count()).where(
    _outbox.c.signer_id == bound("signer"), _outbox.c.finished_at.is_(None)
)  # fmt: skip

TablePages: TypeAlias = tuple[sa.Select[*tuple[Any, ...]], sa.Select[*tuple[Any, ...]]]


def _pages(target: sa.Table, *where: sa.ColumnElement[bool]) -> TablePages:
    """Each row with the fingerprint of its account as `owner`."""
    key = tuple(target.primary_key)
    owned = sa.select(target, _signers.c.fingerprint.label("owner")).where(*where)
    first = owned.order_by(*key).limit(bound("most"))
    after = sa.tuple_(*(sa.bindparam(f"after_{column.name}", type_=column.type) for column in key))
    return first, first.where(sa.tuple_(*key) > after)


_OF_SIGNER = _conversations.c.signer_id == _signers.c.id
_ANSWERED = _signatures.c.sealed.is_not(None)
PAGES = {
    _signers.name: _pages(_signers),
    _conversations.name: _pages(_conversations, _OF_SIGNER),
    _signatures.name: _pages(_signatures, _signatures.c.signer_id == _signers.c.id, _ANSWERED),
}
"""The statements for the first page and for the page after a key, by table."""
COUNTS = (
    sa.select(sa.func.count()).select_from(_signers),
    sa.select(sa.func.count()).select_from(_conversations),
    sa.select(sa.func.count()).select_from(_signatures).where(_ANSWERED, _signatures.c.signer_id.is_not(None)),
)
