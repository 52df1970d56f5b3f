"""The statements for the public log."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from core.log.log_entry import ExclusionClass
from core.signatures.signature import SignatureStatus
from storage.statements.build import add_if_new, any_of, bound, per_dialect, upsert
from storage.tables import (
    Growing,
    LogBatchRow,
    LogChangeRow,
    LogCheckpointRow,
    LogExclusionRow,
    LogKeyRow,
    LogLinkRow,
    LogRow,
    LogTileRow,
    LogWithdrawalRow,
    SignatureRow,
    table,
)

_logs, _batches, _tiles, _checkpoints = table(LogRow), table(LogBatchRow), table(LogTileRow), table(LogCheckpointRow)
_links, _withdrawals, _changes = table(LogLinkRow), table(LogWithdrawalRow), table(LogChangeRow)
_exclusions, _keys, _signatures = table(LogExclusionRow), table(LogKeyRow), table(SignatureRow)
_c = _signatures.c

BITS = {ExclusionClass.DUPLICATE: 1, ExclusionClass.HELD_BACK: 2, ExclusionClass.INVALIDATED: 4}
"""The bit of each class in the column `classes`."""
CLASSES = {
    SignatureStatus.DUPLICATE: ExclusionClass.DUPLICATE,
    SignatureStatus.QUARANTINED: ExclusionClass.HELD_BACK,
    SignatureStatus.INVALID: ExclusionClass.INVALIDATED,
}
_CLASS: Any = sa.case(
    {status.value: sa.literal_column(str(BITS[reason])) for status, reason in CLASSES.items()},
    value=_c.status, else_=sa.literal_column("0"),
)  # fmt: skip
_OF_LOG = bound("slug")

STATES = sa.select(_logs)
STATE = sa.select(_logs).where(_logs.c.petition == _OF_LOG)
LOCK = STATE.with_for_update()
CREATE = add_if_new(_logs)
SAVE = upsert(_logs)
BATCH = sa.select(_batches).where(_batches.c.petition == _OF_LOG)
BEGIN = sa.insert(_batches)
END = sa.delete(_batches).where(_batches.c.petition == _OF_LOG)

CHECKPOINT = (
    sa.select(_checkpoints).where(_checkpoints.c.petition == _OF_LOG).order_by(_checkpoints.c.size.desc()).limit(1)
)
CHECKPOINTS = sa.select(_checkpoints).where(_checkpoints.c.petition == _OF_LOG).order_by(_checkpoints.c.size)
PUBLISH = upsert(_checkpoints)
PUT_TILE = upsert(_tiles)

QUEUE_WITHDRAWAL = sa.insert(_withdrawals).from_select(
    ["petition", "signature_id", "entry"],
    sa.select(
        sa.cast(_OF_LOG, sa.String), sa.cast(bound("signature"), Growing),
        sa.select(_links.c.entry).where(_links.c.signature_id == bound("signature")).scalar_subquery(),
    ),
)  # fmt: skip
_STATUSES = [status.value for status in SignatureStatus]
_NEW = (_c.petition == _OF_LOG, _c.status.in_(_STATUSES), _c.id > bound("after"))  # as signatures_in_order has them
NEW_SIGNATURES = sa.select(sa.func.max(_c.id), sa.func.count()).where(*_NEW)
RECEIVED = sa.select(_c.id).where(*_NEW, _c.id <= bound("last"))
NEW_WITHDRAWALS = sa.select(sa.func.max(_withdrawals.c.id), sa.func.count()).where(_withdrawals.c.petition == _OF_LOG)
WITHDRAWALS = sa.select(_withdrawals.c.id).where(
    _withdrawals.c.petition == _OF_LOG, _withdrawals.c.id <= bound("last")
)  # fmt: skip
SIGNATURES = (
    sa.select(_c.id, _c.digest, _c.receipt, _c.signer_id)
    .where(_c.id.in_(any_of("ids")))
    .order_by(_c.id)
    .with_for_update(read=True, key_share=True)  # which waits only for those that erase
)
_ENTRY = sa.select(_links.c.entry).where(_links.c.signature_id == _withdrawals.c.signature_id).scalar_subquery()
WITHDRAWN = sa.select(_withdrawals.c.id, sa.func.coalesce(_withdrawals.c.entry, _ENTRY).label("entry")).where(
    _withdrawals.c.id.in_(any_of("ids"))
)

RENEW_CHANGES = (
    sa.update(_changes)
    .where(_changes.c.petition == _OF_LOG)
    .values(classes=sa.select(_CLASS).where(_c.id == _changes.c.signature_id).scalar_subquery())
)
ADD_CHANGES = per_dialect(
    _changes,
    lambda insert: insert.from_select(
        ["signature_id", "petition", "classes"],
        sa.select(_c.id, _c.petition, _CLASS)
        .select_from(_signatures.outerjoin(_links, _links.c.signature_id == _c.id))
        .where(
            _c.petition == _OF_LOG, _c.changed_at >= bound("since"), sa.func.coalesce(_links.c.classes, 0) != _CLASS
        ),
    ).on_conflict_do_nothing(),
)
CHANGES = (
    sa.select(
        _changes.c.signature_id, _links.c.entry, _links.c.classes.label("before"), _changes.c.classes.label("after")
    )
    .join(_links, _links.c.signature_id == _changes.c.signature_id)
    .where(_changes.c.petition == _OF_LOG)
    .order_by(_links.c.entry)
)
SET_CLASSES = sa.update(_links).where(_links.c.signature_id == bound("signature")).values(classes=bound("told"))
DROP_CHANGES = sa.delete(_changes).where(
    _changes.c.petition == _OF_LOG,
    ~sa.exists().where(_links.c.signature_id == _changes.c.signature_id, _links.c.classes != _changes.c.classes),
)
ADD_LINK = sa.insert(_links)
ADD_EXCLUSION = sa.insert(_exclusions)
EXCLUSIONS = sa.select(_exclusions).where(_exclusions.c.petition == _OF_LOG).order_by(_exclusions.c.entry)

DROP_WITHDRAWALS = sa.delete(_withdrawals).where(_withdrawals.c.petition == _OF_LOG, _withdrawals.c.id <= bound("last"))
_ERASED_LINK = (_links.c.petition == _OF_LOG, _links.c.entry >= bound("start"), _links.c.sealed.is_(None))
KEEP_ENTRIES_OF_BATCH = (
    sa.update(_withdrawals)
    .where(
        _withdrawals.c.petition == _OF_LOG,
        _withdrawals.c.signature_id.in_(sa.select(_links.c.signature_id).where(*_ERASED_LINK)),
    )
    .values(entry=_ENTRY)
)
DROP_ERASED_LINKS = sa.delete(_links).where(*_ERASED_LINK)

LINK = (
    sa.select(_links)
    .join(_signatures, _c.id == _links.c.signature_id)
    .where(
        _c.receipt == bound("code"), _links.c.sealed.is_not(None),
        sa.exists().where(_checkpoints.c.petition == _links.c.petition, _checkpoints.c.size > _links.c.entry),
    )
)  # fmt: skip
LINKS = (
    sa.select(_links.c.entry, _links.c.signature_id, _links.c.sealed, _c.receipt, _c.digest)
    .join(_signatures, _c.id == _links.c.signature_id)
    .where(_links.c.petition == _OF_LOG, _links.c.entry > bound("after"), _links.c.sealed.is_not(None))
    .order_by(_links.c.entry)
    .limit(bound("most"))
)
KEYS = sa.select(_keys.c.public).order_by(_keys.c.since.desc())
ADD_KEY = upsert(_keys)


@cache
def stored_tiles(number: int) -> Any:
    """Tiles by `level_0` and `tile_0`, and so on: each a search of the index, which SQLite doesn't do for a list."""
    c = _tiles.c
    one = (
        sa.and_(c.petition == _OF_LOG, c.level == bound(f"level_{which}"), c.tile == bound(f"tile_{which}"))
        for which in range(number)
    )
    return sa.select(c.level, c.tile, c.data).where(sa.or_(*one))


@cache
def published_tiles(number: int) -> Any:
    """The same, or none unless a checkpoint covers `end` entries."""
    covered = sa.exists().where(_checkpoints.c.petition == _OF_LOG, _checkpoints.c.size >= bound("end"))
    return stored_tiles(number).where(covered)


# Erasing a person: their withdrawals keep the entry, which is public, and nothing else leads to it.
OWN = sa.select(_c.id).where(_c.signer_id == bound("signer")).order_by(_c.id).with_for_update()
KEEP_ENTRIES = (
    sa.update(_withdrawals)
    .where(_withdrawals.c.signature_id.in_(any_of("ids")), _withdrawals.c.entry.is_(None))
    .values(entry=_ENTRY)
)
DROP_LINKS = sa.delete(_links).where(_links.c.signature_id.in_(any_of("ids")))

KEEP_ENTRIES_OF_PETITION = (
    sa.update(_withdrawals)
    .where(_withdrawals.c.petition == _OF_LOG, _withdrawals.c.entry.is_(None))
    .values(entry=_ENTRY)
)
FORGET_PETITION = (
    sa.delete(_links).where(_links.c.petition == _OF_LOG),
    sa.delete(_exclusions).where(_exclusions.c.petition == _OF_LOG),
)
