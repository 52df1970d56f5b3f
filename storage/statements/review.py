"""The statements for decisions, quarantine, and reviews.

A review's conditions depend on its query (core.signatures.review.Query). So each statement is a function of the query's
`conditions`, which builds each variant once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from core.signatures.review import Query
from core.signatures.signature import SignatureStatus
from storage.statements.build import any_of, bound, per_dialect, sum_of, upsert
from storage.tables import DecisionRow, ListedRow, PlanRow, SignalRow, SignatureRow, SignerRow, ThresholdRow, table

_signatures, _decisions, _signers = table(SignatureRow), table(DecisionRow), table(SignerRow)
_thresholds, _signals, _plans = table(ThresholdRow), table(SignalRow), table(PlanRow)
_listed = table(ListedRow)
_c = _signatures.c
_COUNTED, _DUPLICATE = SignatureStatus.COUNTED.value, SignatureStatus.DUPLICATE.value
_QUARANTINED, _INVALID = SignatureStatus.QUARANTINED.value, SignatureStatus.INVALID.value
_SUSPICIOUS = (_c.reason != "") & sa.not_(_c.accepted)
_IF_MAILBOX_IS_FREE: Any = sa.case((_c.mailbox.is_(None), _COUNTED), else_=_DUPLICATE)

DECISION = sa.select(_decisions).where(_decisions.c.petition == bound("slug"))
SAVE_DECISION = upsert(_decisions)
THRESHOLDS = sa.select(_thresholds.c.signal, _thresholds.c.value)
SET_THRESHOLD = upsert(_thresholds)

_others = _signals.alias()
_SEEN_ELSEWHERE: Any = (
    sa.select(sa.func.coalesce(sum_of(_others.c.total), 0))
    .where(
        _others.c.petition == bound("slug"), _others.c.signal == bound("which"), _others.c.key == bound("whose"),
        _others.c.start == bound("since"), _others.c.part != bound("own"),
    )
    .scalar_subquery()
)  # fmt: skip
COUNT_SIGNAL = per_dialect(
    _signals,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[column.name for column in _signals.primary_key],
        set_={"total": _signals.c.total + insert.excluded.total},
    ).returning(_signals.c.total + _SEEN_ELSEWHERE),
)
LIST = upsert(_listed)
UNLIST = sa.delete(_listed).where(_listed.c.kind == bound("wanted"), _listed.c.value == bound("veiled"))
LISTED = sa.select(_listed).order_by(_listed.c.since.desc(), _listed.c.value)
VERDICTS = sa.select(_listed.c.kind, _listed.c.value, _listed.c.verdict).where(
    _listed.c.kind.in_(any_of("kinds")), _listed.c.value.in_(any_of("values"))
)  # SQLite doesn't use the key for pairs
ADD_PLAN = sa.insert(_plans)
TAKE_PLAN = sa.delete(_plans).where(_plans.c.fingerprint == bound("code")).returning(_plans)

Conditions: TypeAlias = frozenset[str]
"""Names of the parts of a query that are not empty, without its petition, which every query has."""

_OWN = _c.label.startswith("own~")
_CONDITIONS = {
    "status": _c.status == bound("only_status"),
    "reason": sa.literal(" ").concat(_c.reason).concat(" ").contains(sa.bindparam("only_reason", type_=sa.String)),
    "labels": _c.label.in_(any_of("only_labels")),
    "platform": _c.platform == bound("only_platform"),
    "locales": _c.locale.in_(any_of("only_locales")),
    "receipt": _c.receipt == bound("only_receipt"),
    "since": _c.signed_at >= bound("only_since"),
    "until": _c.signed_at <= bound("only_until"),
    "after": _c.id > bound("only_after"),
    "ids": _c.id.in_(any_of("only_ids")),
    "own": _OWN,
    "erased": sa.true(),
}
_build_once = lru_cache(maxsize=64)


def conditions(query: Query) -> Conditions:
    """The names of the filters that a query sets."""
    return frozenset(name for name in _CONDITIONS if getattr(query, name))


def values(query: Query) -> dict[str, Any]:
    """The values of a query's conditions."""
    parts = {f"only_{name}": getattr(query, name) for name in conditions(query) - {"own", "erased"}}
    if query.reason:
        parts["only_reason"] = f" {query.reason} "
    texts = {name: str(value) for name, value in parts.items() if isinstance(value, str)}  # not a member of an enum
    return {"slug": query.petition, **parts, **texts}


def _meant(names: Conditions) -> Iterator[sa.ColumnElement[bool]]:
    yield _c.petition == bound("slug")
    if "erased" not in names:
        yield _c.sealed.is_not(None)
    yield from (condition for name, condition in _CONDITIONS.items() if name in names)


def _agreed(names: Conditions) -> Any:
    agreed = sa.select(_c.signer_id).where(*_meant(names), _c.updates)
    return sa.select(_signers.c.id).where(_signers.c.id.in_(agreed)).order_by(_signers.c.id)


@_build_once
def lock_audience(names: Conditions) -> Any:
    """Lock the people who agreed to updates, always in the same order."""
    return _agreed(names).with_for_update(key_share=True)


@_build_once
def lock_latecomers(names: Conditions) -> Any:
    """Lock them again, with those who came in between; fails if another transaction holds one of these."""
    return _agreed(names).with_for_update(key_share=True, nowait=True)


@_build_once
def audience(names: Conditions) -> Any:
    """Count the people who agreed to updates and can be reached, by group, over signatures with some statuses."""
    group = (_c.platform, _c.locale, _c.label)
    return (
        sa.select(*group, sa.func.count())
        .join(_signers, _signers.c.id == _c.signer_id)
        .where(*_meant(names), _c.status.in_(any_of("statuses")), _c.updates, _signers.c.reachable)
        .group_by(*group)
    )


_MOVED = (
    _c.status, _c.platform, _c.locale, _c.label, _c.receipt, _c.sealed, _c.digest, _c.updates, _c.by_email, _c.contacts,
    _c.signed_at, _c.utc_offset,
)  # fmt: skip


def _move(*where: sa.ColumnElement[bool], **changes: Any) -> Any:
    return sa.update(_signatures).where(*where).values(changed_at=bound("now"), **changes).returning(*_MOVED)


@_build_once
def counts(names: Conditions) -> Any:
    """Count signatures by status."""
    return sa.select(_c.status, sa.func.count()).where(*_meant(names)).group_by(_c.status)


@_build_once
def reasons(names: Conditions) -> Any:
    """Count signatures by the signals against them."""
    return sa.select(_c.reason, sa.func.count()).where(*_meant(names)).group_by(_c.reason)


_MOST_VALUES = 1000


@lru_cache(maxsize=64)
def by_value(names: Conditions, column: str) -> Any:
    """Count signatures by the value of a column, the most frequent first."""
    count = sa.func.count()
    named = (_c[column] != "", sa.not_(_OWN)) if column == "label" else ()
    return (
        sa.select(_c[column], count).where(*_meant(names), *named)
        .group_by(_c[column]).order_by(count.desc()).limit(_MOST_VALUES)
    )  # fmt: skip


RECORDS = sa.select(_c.reason, _c.accepted, sa.func.count()).where(_c.reason != "").group_by(_c.reason, _c.accepted)


@_build_once
def first(names: Conditions) -> Any:
    """Read the oldest signatures."""
    return sa.select(_signatures).where(*_meant(names)).order_by(_c.id).limit(bound("most"))


@_build_once
def accept(names: Conditions) -> Any:
    """Take signatures out of quarantine. SETTLE then decides which of several with the same mailbox counts."""
    return _move(*_meant(names), _c.status == _QUARANTINED, status=_IF_MAILBOX_IS_FREE, accepted=True)


@_build_once
def admit(names: Conditions) -> Any:
    """Let duplicates count beside the signature that has their mailbox, which is no longer compared with theirs."""
    return _move(*_meant(names), _c.status == _DUPLICATE, status=_COUNTED, accepted=True, mailbox=None)


@_build_once
def invalidate(names: Conditions) -> Any:
    """Make the signatures with one status invalid."""
    return _move(*_meant(names), _c.status == bound("before"), status=_INVALID)


@_build_once
def restore(names: Conditions) -> Any:
    """Return invalid signatures to the status they would have had without the review. SETTLE then settles mailboxes."""
    status = sa.case((_SUSPICIOUS, _QUARANTINED), else_=_IF_MAILBOX_IS_FREE)
    return _move(*_meant(names), _c.status == _INVALID, status=status)


def _settle(mailbox: sa.ColumnElement[bool]) -> Any:
    """For each mailbox that is not counted, let one duplicate count: the oldest without a signal against it.

    If all have signals against them, all of them wait.
    """
    twin = _signatures.alias()
    counted = sa.exists().where(twin.c.petition == _c.petition, twin.c.mailbox == _c.mailbox, twin.c.status == _COUNTED)
    place = sa.func.row_number().over(partition_by=_c.mailbox, order_by=(_SUSPICIOUS, _c.id))
    all_wait = sa.func.min(sa.case((_SUSPICIOUS, 1), else_=0)).over(partition_by=_c.mailbox)
    free = (
        sa.select(_c.id, place.label("place"), all_wait.label("all_wait"))
        .where(_c.petition == bound("slug"), _c.status == _DUPLICATE, mailbox, ~counted)
        .subquery()
    )
    heirs = sa.select(free.c.id).where((free.c.place == 1) | (free.c.all_wait == 1))
    return _move(_c.id.in_(heirs), status=sa.case((_SUSPICIOUS, _QUARANTINED), else_=_COUNTED))


SETTLE = _settle(_c.mailbox.is_not(None))
SETTLE_MAILBOX = _settle(_c.mailbox == bound("box"))
