"""The statements that read what is sealed, table by table and page by page, and that seal it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.signatures.signature import SignatureStatus
from storage.contexts import IDENTITIES, AnyRow
from storage.statements.build import bound
from storage.tables import (
    ConversationRow,
    InlineCardRow,
    LogExclusionRow,
    LogLinkRow,
    MarkRow,
    SignatureRow,
    SignerRow,
    table,
)

_signatures, _signers, _conversations = table(SignatureRow), table(SignerRow), table(ConversationRow)
_PETITION = "petition"
_OF_PETITIONS = (_signatures, _conversations, table(LogLinkRow), table(LogExclusionRow), table(InlineCardRow))


@dataclass(frozen=True, slots=True)
class SealedTable:
    """The statements for one table.

    `first` and `following` read a page with the columns of the row's key, of its context, and of its petition if it
    has one. `lock` reads one row again and skips it if a transaction holds it, so that it never waits for anyone;
    `present` tells if there is such a row at all.
    """

    key: tuple[str, ...]
    first: sa.Select[*tuple[Any, ...]]
    following: sa.Select[*tuple[Any, ...]]
    lock: sa.Select[*tuple[Any, ...]]
    present: sa.Select[*tuple[Any, ...]]
    save: sa.Update

    def key_of(self, row: AnyRow) -> dict[str, Any]:
        """The values of a row's key, as parameters of the statements."""
        return {f"after_{name}": row[name] for name in self.key}


def _tables() -> Iterator[sa.Table]:
    """All tables with sealed rows; that of marks is checked at start."""
    return (each for each in SQLModel.metadata.sorted_tables if "sealed" in each.c and each is not table(MarkRow))


def _statements(target: sa.Table) -> SealedTable:
    key = tuple(column.name for column in target.primary_key)
    belongs = (_PETITION,) if target in _OF_PETITIONS else ()
    names = dict.fromkeys((*key, *IDENTITIES[target.name], *belongs, "sealed"))
    columns = sa.tuple_(*(target.c[name] for name in key))
    values = sa.tuple_(*(sa.bindparam(f"after_{name}", type_=target.c[name].type) for name in key))
    every = sa.select(*(target.c[name] for name in names))
    first = every.order_by(*(target.c[name] for name in key)).limit(bound("most"))
    return SealedTable(
        key, first, first.where(columns > values),
        every.where(columns == values).with_for_update(key_share=True, skip_locked=True),
        sa.select(sa.literal(1)).select_from(target).where(columns == values),
        sa.update(target).where(columns == values).values(sealed=bound("resealed")),
    )  # fmt: skip


PAGES = {target.name: _statements(target) for target in _tables()}
"""The statements by table."""

COUNTS = {target.name: sa.select(sa.func.count()).select_from(target) for target in _tables()}
"""The statements that count a table's rows."""

PEOPLE_OF_KEY = (
    sa.select(_signers.c.id)
    .where(sa.func.substr(_signers.c.sealed, 1, bound("length")) == sa.bindparam("header", type_=sa.LargeBinary()))
    .where(_signers.c.id > bound("after"))
    .order_by(_signers.c.id)
    .limit(bound("most"))
)
_OTHER = bound("erased")
HOMES = sa.union_all(
    sa.select(_signatures.c.petition, sa.literal(0).label("rank"), _signatures.c.id.label("latest"))
    .where(
        _signatures.c.signer_id == bound("signer"), _signatures.c.petition != _OTHER,
        _signatures.c.status != SignatureStatus.WITHDRAWN.value,
    ),
    sa.select(_conversations.c.petition, sa.literal(1), sa.literal(0))
    .where(_conversations.c.signer_id == bound("signer"), _conversations.c.petition != _OTHER),
).order_by(sa.text("rank"), sa.text("latest DESC"))  # fmt: skip
"""The petitions that still need a person: first those they signed, the latest in front."""

ANY_SEALED = sa.select(_signatures.c.id).where(
    _signatures.c.petition == bound("slug"), _signatures.c.sealed.is_not(None)
).limit(1)  # fmt: skip
NEWEST_COUNTED = (
    sa.select(_signatures.c.sealed)
    .where(_signatures.c.petition == bound("slug"), _signatures.c.status == SignatureStatus.COUNTED.value)
    .order_by(_signatures.c.id.desc())
    .limit(1)
)
MAILBOXES = (
    sa.select(_signatures.c.id, _signatures.c.petition, _signatures.c.mailbox)
    .where(_signatures.c.mailbox.is_not(None), _signatures.c.id > bound("after"))
    .order_by(_signatures.c.id)
    .limit(bound("most"))
)
SET_MAILBOX = sa.update(_signatures).where(_signatures.c.id == bound("signature")).values(mailbox=bound("box"))
