"""The statements that read everything about one signer. They are the same whatever the status of a signature."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statements.build import bound
from storage.tables import ConversationRow, OutboxRow, SignatureRow, SignerRow, table

_signers, _signatures = table(SignerRow), table(SignatureRow)
_conversations, _outbox = table(ConversationRow), table(OutboxRow)

ACCOUNT = sa.select(_signers).where(_signers.c.id == bound("signer"))
SIGNATURES = sa.select(_signatures).where(_signatures.c.signer_id == bound("signer")).order_by(_signatures.c.id)
CONVERSATIONS = (
    sa.select(_conversations)
    .where(_conversations.c.signer_id == bound("signer"))
    .order_by(_conversations.c.updated_at, _conversations.c.petition)
)
ENTRIES = (
    sa.select(_outbox.c.topic, _outbox.c.key, _outbox.c.due, _outbox.c.sealed)
    .where(_outbox.c.signer_id == bound("signer"), _outbox.c.sealed.is_not(None))
    .order_by(_outbox.c.id)
)
