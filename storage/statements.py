"""The statements of the repositories, built once: building one anew costs several times what running it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.signatures.signature import SignatureStatus
from storage.tables import ConversationRow, CreditRow, HistoryRow, SignatureRow, SignerRow, TallyRow, table

_signers, _conversations = table(SignerRow), table(ConversationRow)
_signatures, _tallies, _credits = table(SignatureRow), table(TallyRow), table(CreditRow)
_history = table(HistoryRow)
_WITHDRAWN, _COUNTED = SignatureStatus.WITHDRAWN.value, SignatureStatus.COUNTED.value


@dataclass(frozen=True, slots=True)
class PerDialect:
    """A statement with ON CONFLICT, which both engines do in the same words but SQLAlchemy with two classes."""

    sqlite: Any
    postgresql: Any

    def on(self, connection: sa.Connection) -> Any:
        """The statement for this connection's engine."""
        return self.sqlite if connection.dialect.name == "sqlite" else self.postgresql


def per_dialect(target: sa.Table, build: Callable[[Any], Any]) -> PerDialect:
    """Build a statement from each dialect's insert."""
    return PerDialect(build(sqlite.insert(target)), build(postgresql.insert(target)))


def upsert(target: sa.Table) -> PerDialect:
    """Insert a row, or set all columns that are not of the key."""
    key = [column.name for column in target.primary_key]
    rest = [column.name for column in target.c if not column.primary_key]
    return per_dialect(
        target,
        lambda insert: insert.on_conflict_do_update(
            index_elements=key, set_={name: insert.excluded[name] for name in rest}
        ),
    )


def _bound(name: str) -> Any:
    return sa.bindparam(name)


# FOR NO KEY UPDATE: a review holds the tally and changes many signatures; PostgreSQL looks up their signers then, and
# must not wait for one who is locked here and waits for the tally.
MEET_SIGNER = sa.select(_signers).where(_signers.c.fingerprint == _bound("who")).with_for_update(key_share=True)
GET_SIGNER = sa.select(_signers).where(_signers.c.id == _bound("signer")).with_for_update(key_share=True)
ADD_SIGNER = per_dialect(_signers, lambda insert: insert.on_conflict_do_nothing().returning(_signers.c.id))
SAVE_SIGNER = (
    sa.update(_signers)
    .where(_signers.c.id == _bound("signer"))
    .values({name: _bound(name) for name in ("locale", "focus", "seen", "sealed")})
)
SET_REACHABLE = sa.update(_signers).where(_signers.c.id == _bound("signer")).values(reachable=_bound("now_reachable"))
ERASE_SIGNER = sa.delete(_signers).where(_signers.c.id == _bound("signer"))

GET_CONVERSATION = sa.select(_conversations.c.sealed).where(
    _conversations.c.signer_id == _bound("signer"), _conversations.c.petition == _bound("slug")
)
SAVE_CONVERSATION = upsert(_conversations)
ERASE_CONVERSATIONS = (
    sa.delete(_conversations).where(_conversations.c.signer_id == _bound("signer")).returning(_conversations.c.sealed)
)

STANDING = (
    sa.select(*(column for column in _signatures.c if column.name != "sealed"))
    .where(_signatures.c.signer_id == _bound("signer"), _signatures.c.status != _WITHDRAWN)
    .order_by(_signatures.c.id)
)
ADD_SIGNATURE = per_dialect(
    _signatures,
    lambda insert: insert.on_conflict_do_nothing(
        index_elements=["petition", "mailbox"], index_where=sa.text("status = 'counted'")
    ).returning(_signatures.c.id),
)
IS_COUNTED = sa.select(_signatures.c.id).where(
    _signatures.c.petition == _bound("slug"), _signatures.c.mailbox == _bound("box"), _signatures.c.status == _COUNTED
)
GET_SIGNATURE = sa.select(_signatures).where(_signatures.c.id == _bound("signature"))
WITHDRAW = (
    sa.update(_signatures)
    .where(_signatures.c.id == _bound("signature"))
    .values(status=_WITHDRAWN, changed_at=_bound("now"), mailbox=None, sealed=None)
)
SET_UPDATES = sa.update(_signatures).where(_signatures.c.id == _bound("signature")).values(updates=_bound("wanted"))
ANONYMOUS = {
    "signer_id": None,
    "mailbox": None,
    "sealed": None,
    "referral": "",
    # nobody's receipt, but still unique
    "receipt": sa.literal("erased-").concat(sa.cast(_signatures.c.id, sa.String)),
}
"""What an anonymised signature holds in the place of everything that leads back to its signer."""
ANONYMISE = sa.update(_signatures).where(_signatures.c.signer_id == _bound("signer")).values(ANONYMOUS)

COUNT = per_dialect(
    _tallies,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "status"], set_={"total": _tallies.c.total + insert.excluded.total}
    ).returning(_tallies.c.total),
)
CREDIT = per_dialect(
    _credits,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "label"], set_={"total": _credits.c.total + insert.excluded.total}
    ),
)
HAPPENED = per_dialect(
    _history,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "hour", "platform", "locale"],
        set_={"change": _history.c.change + insert.excluded.change},
    ),
)
HISTORY = (
    sa.select(_history.c.hour, _history.c.platform, _history.c.locale, _history.c.change)
    .where(_history.c.petition == _bound("slug"), _history.c.hour >= _bound("since"))
    .order_by(_history.c.hour)
)
_IN_TIME = (_history.c.petition == _bound("slug"), _history.c.hour >= _bound("since"))
_CHANGE = sa.func.sum(_history.c.change).label("total")
HOURS = sa.select(_history.c.hour, _CHANGE).where(*_IN_TIME).group_by(_history.c.hour).order_by(_history.c.hour)
KINDS = (
    sa.select(_history.c.platform, _history.c.locale, _CHANGE)
    .where(*_IN_TIME)
    .group_by(_history.c.platform, _history.c.locale)
    .order_by(_history.c.platform, _history.c.locale)
)
CREDITED = sa.select(_credits.c.total).where(
    _credits.c.petition == _bound("slug"), _credits.c.label == _bound("source")
)
TALLY = sa.select(_tallies.c.status, _tallies.c.total).where(_tallies.c.petition == _bound("slug"))
