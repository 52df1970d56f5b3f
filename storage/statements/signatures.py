"""The statements for signatures: what signers do with their own, and reading all of them."""

from __future__ import annotations

import sqlalchemy as sa

from core.signatures.signature import SignatureStatus
from storage.statements.build import any_of, bound, per_dialect
from storage.tables import ShownWordsRow, SignatureRow, table

_signatures, _words = table(SignatureRow), table(ShownWordsRow)
_c = _signatures.c
_WITHDRAWN, _COUNTED = SignatureStatus.WITHDRAWN.value, SignatureStatus.COUNTED.value

STANDING_COLUMNS = tuple(column for column in _c if column.name != "sealed")
IS_STANDING = _c.status != _WITHDRAWN
STANDING = sa.select(*STANDING_COLUMNS).where(_c.signer_id == bound("signer"), IS_STANDING).order_by(_c.id)
ADD_SIGNATURE = per_dialect(
    _signatures,
    lambda insert: insert.on_conflict_do_nothing(
        index_elements=["petition", "mailbox"], index_where=sa.text("status = 'counted'")
    ).returning(_c.id),
)
COUNTED_OF_MAILBOXES = sa.select(_signatures).where(
    _c.petition == bound("slug"), _c.mailbox.in_(any_of("boxes")), _c.status == _COUNTED
)
GET_SIGNATURE = sa.select(_signatures).where(_c.id == bound("signature"))
WITHDRAW = (
    sa.update(_signatures)
    .where(_c.id == bound("signature"))
    .values(status=_WITHDRAWN, changed_at=bound("now"), mailbox=None, contacts="", sealed=None)
)
SET_UPDATES = (
    sa.update(_signatures)
    .where(_c.id == bound("signature"))
    .values(updates=bound("here"), by_email=bound("mail"), sealed=bound("resealed"))
)
ANONYMOUS = {
    "signer_id": None,
    "mailbox": None,
    "sealed": None,
    # nobody's receipt, but still unique
    "receipt": sa.literal("erased-").concat(sa.cast(_c.id, sa.String)),
}
"""The values in an anonymised signature, replacing everything that identifies its signer."""
ANONYMISE = sa.update(_signatures).where(_c.signer_id == bound("signer")).values(ANONYMOUS)

KEEP_WORDS = per_dialect(_words, lambda insert: insert.on_conflict_do_nothing())
WORDS = sa.select(_words.c.words).where(_words.c.digest == bound("words"))

SIGNATURE_OF_RECEIPT = sa.select(_signatures).where(_c.receipt == bound("code"))
PETITION_OF_RECEIPT = sa.select(_c.petition).where(_c.receipt == bound("code"))
PAGE = (
    sa.select(_signatures)
    .where(_c.petition == bound("slug"), _c.status.in_(any_of("statuses")), _c.id > bound("after"))
    .order_by(_c.id)
    .limit(bound("most"))
)
