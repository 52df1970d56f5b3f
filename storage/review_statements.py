"""The statements of reviews: which signatures are meant, and what moves them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from core.signatures.review import Query, StatusChange
from core.signatures.signature import SignatureStatus
from storage.mappers import region_in
from storage.tables import SignatureRow, table
from storage.vault import Vault

SIGNATURES = table(SignatureRow)
_c = SIGNATURES.c
_COUNTED, _DUPLICATE = SignatureStatus.COUNTED.value, SignatureStatus.DUPLICATE.value
_QUARANTINED, _INVALID = SignatureStatus.QUARANTINED.value, SignatureStatus.INVALID.value
_SUSPICIOUS = (_c.reason != "") & sa.not_(_c.accepted)
_IF_MAILBOX_IS_FREE: Any = sa.case((_c.mailbox.is_(None), _COUNTED), else_=_DUPLICATE)


def meant(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions of a query."""
    yield _c.petition == query.petition
    yield _c.sealed.is_not(None)
    for column in (_c.status, _c.label, _c.platform, _c.locale, _c.receipt):
        wanted = getattr(query, column.name)
        if wanted:
            yield column == str(wanted)
    if query.reason:
        yield sa.literal(" ").concat(_c.reason).concat(" ").contains(f" {query.reason} ")
    if query.since:
        yield _c.signed_at >= query.since
    if query.after:
        yield _c.id > query.after
    if query.until:
        yield _c.signed_at <= query.until


def _move(*where: sa.ColumnElement[bool], **values: Any) -> Any:
    return (
        sa.update(SIGNATURES)
        .where(*where)
        .values(changed_at=sa.bindparam("now"), **values)
        .returning(_c.status, _c.platform, _c.locale, _c.label, _c.sealed, _c.digest)
    )


def accept(query: Query) -> Any:
    """Out of quarantine; which of several with one mailbox counts is for SETTLE."""
    return _move(*meant(query), _c.status == _QUARANTINED, status=_IF_MAILBOX_IS_FREE, accepted=True)


def invalidate(query: Query, before: SignatureStatus) -> Any:
    """Those of one status become invalid."""
    return _move(*meant(query), _c.status == before.value, status=_INVALID)


def restore(query: Query) -> Any:
    """Invalid ones go where they would be if nobody had made them invalid; mailboxes are for SETTLE."""
    status = sa.case((_SUSPICIOUS, _QUARANTINED), else_=_IF_MAILBOX_IS_FREE)
    return _move(*meant(query), _c.status == _INVALID, status=status)


def _settle(mailbox: sa.ColumnElement[bool]) -> Any:
    """Of the duplicates of a mailbox that is not counted, one counts: the oldest that nothing speaks against.

    Where something speaks against all of them, all of them wait.
    """
    twin = SIGNATURES.alias()
    counted = sa.exists().where(twin.c.petition == _c.petition, twin.c.mailbox == _c.mailbox, twin.c.status == _COUNTED)
    place = sa.func.row_number().over(partition_by=_c.mailbox, order_by=(_SUSPICIOUS, _c.id))
    all_wait = sa.func.min(sa.case((_SUSPICIOUS, 1), else_=0)).over(partition_by=_c.mailbox)
    free = (
        sa.select(_c.id, place.label("place"), all_wait.label("all_wait"))
        .where(_c.petition == sa.bindparam("slug"), _c.status == _DUPLICATE, mailbox, ~counted)
        .subquery()
    )
    heirs = sa.select(free.c.id).where((free.c.place == 1) | (free.c.all_wait == 1))
    return _move(_c.id.in_(heirs), status=sa.case((_SUSPICIOUS, _QUARANTINED), else_=_COUNTED))


SETTLE = _settle(_c.mailbox.is_not(None))
SETTLE_MAILBOX = _settle(_c.mailbox == sa.bindparam("box"))


def moved(before: SignatureStatus, rows: Iterable[Any], vault: Vault) -> Iterator[StatusChange]:
    """What these statements returned, added up; the regions are sealed with the answers."""
    kinds = Counter(
        (
            before,
            SignatureStatus(row.status),
            row.platform,
            row.locale,
            row.label,
            region_in(row.sealed, vault),
            row.digest,
        )
        for row in rows
    )
    return (StatusChange(*kind, count=count) for kind, count in kinds.items())
