"""The statements for the outbox.

States are literals here: otherwise the planner cannot see that a partial index covers all the rows wanted.
"""

from __future__ import annotations

import sqlalchemy as sa

from core.outbox import State
from storage.statements.build import add_if_new, add_to, any_of, bound, per_dialect, sum_of
from storage.tables import OutboxPauseRow, OutboxRow, OutboxTotalRow, table

LEASE_EXPIRED = "LeaseExpired"

_outbox, _totals, _pauses = table(OutboxRow), table(OutboxTotalRow), table(OutboxPauseRow)
_c = _outbox.c


def _is(state: State) -> sa.ColumnElement[bool]:
    return _c.state == sa.literal_column(f"'{state.value}'")


_AMONG = _c.id.in_(any_of("ids"))
_OF_TOPIC, _IN_GROUP = _c.topic == bound("of_topic"), _c.group == bound("in_group")
_PAUSED = sa.exists().where(_pauses.c.topic == _c.topic, _pauses.c.group == _c.group)
_UNCLAIMED = sa.or_(_c.leased_until.is_(None), _c.leased_until < bound("now"))
_OUT_OF_HAND = {"worker": "", "leased_until": None}


def _in_order(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The entries with these conditions, locked in the order of their ids, as HELD locks them."""
    return _c.id.in_(sa.select(_c.id).where(*conditions).order_by(_c.id).with_for_update())


PUT = per_dialect(
    _outbox, lambda insert: insert.on_conflict_do_nothing(index_elements=["topic", "key"]).returning(_c.id)
)
CLAIMABLE = (
    sa.select(_outbox)
    .where(_is(State.WAITING), _c.topic.in_(any_of("topics")), _c.due <= bound("now"), _UNCLAIMED, ~_PAUSED)
    .order_by(_c.due, _c.id)
    .limit(bound("most"))
    .with_for_update(skip_locked=True)
)
CLAIM = sa.update(_outbox).where(_AMONG).values(worker=bound("by"), leased_until=bound("until"), claim=_c.claim + 1)
CLAIMED = (
    sa.select(_c.id, _c.claim).where(_AMONG, _is(State.WAITING), _c.worker != "").order_by(_c.id).with_for_update()
)
BEGIN = sa.update(_outbox).where(_AMONG).values(state=State.SENDING.value, leased_until=bound("until"))
RENEW = sa.update(_outbox).where(_in_order(_AMONG, _c.worker == bound("by"))).values(leased_until=bound("until"))
HELD = (
    sa.select(_c.id, _c.claim, _c.state, _c.reason)
    .where(_AMONG, sa.or_(_c.worker != "", _c.state == State.DOUBTFUL.value))
    .order_by(_c.id)
    .with_for_update()
)
WAIT = (
    sa.update(_outbox)
    .where(_c.id == bound("entry"))
    .values(state=State.WAITING.value, due=bound("at"), reason=bound("why"), attempts=_c.attempts + bound("failed"))
    .values(_OUT_OF_HAND)
)
FINISH = (
    sa.update(_outbox)
    .where(_AMONG)
    .values(state=bound("state"), reason=bound("why"), attempts=_c.attempts + bound("failed"))
    .values(finished_at=bound("now"), sealed=None, signer_id=None, **_OUT_OF_HAND)
)
EXPIRED = (
    sa.select(_c.id, _c.topic, _c.group, _c.repeat)
    .where(_is(State.SENDING), _c.leased_until < bound("now"))
    .order_by(_c.leased_until)
    .limit(bound("most"))
    .with_for_update(skip_locked=True)
)
EXPIRE_TO_WAITING = (
    sa.update(_outbox)
    .where(_AMONG)
    .values(state=State.WAITING.value, due=bound("now"), reason=LEASE_EXPIRED, attempts=_c.attempts + 1)
    .values(_OUT_OF_HAND)
)
CANCEL = sa.delete(_outbox).where(_in_order(_is(State.WAITING), _c.finished_at.is_(None), _OF_TOPIC, _IN_GROUP))
ERASE_OF_PERSON = sa.delete(_outbox).where(_in_order(_c.signer_id == bound("signer")))
ERASE_OF_PEOPLE = sa.delete(_outbox).where(_in_order(_c.signer_id.in_(any_of("people"))))
PAUSE = add_if_new(_pauses)
RESUME = sa.delete(_pauses).where(_pauses.c.topic == bound("of_topic"), _pauses.c.group == bound("in_group"))
PURGE = sa.delete(_outbox).where(
    _c.id.in_(
        sa.select(_c.id)
        .where(_is(State.DONE), _OF_TOPIC, _c.finished_at < bound("before"))
        .order_by(_c.finished_at)
        .limit(bound("most"))
    )
)

OPEN = (  # in the order of its index, so that nothing has to be sorted
    sa.select(_c.state, sa.func.count()).where(_c.finished_at.is_(None), _OF_TOPIC).group_by(_c.group, _c.state)
)
OPEN_OF_GROUP = OPEN.where(_IN_GROUP)
TOTALS = (
    sa.select(_totals.c.state, sum_of(_totals.c.total))
    .where(_totals.c.topic == bound("of_topic"))
    .group_by(_totals.c.state)
)
TOTALS_OF_GROUP = TOTALS.where(_totals.c.group == bound("in_group"))
REASONS = (
    sa.select(_totals.c.state, _totals.c.reason, sum_of(_totals.c.total).label("total"))
    .where(_totals.c.topic == bound("of_topic"))
    .group_by(_totals.c.state, _totals.c.reason)
)
REASONS_OF_GROUP = REASONS.where(_totals.c.group == bound("in_group"))
TROUBLES = (
    sa.select(_totals.c.topic, _totals.c.state, _totals.c.reason, sum_of(_totals.c.total).label("total"))
    .where(_totals.c.state.in_([State.DEAD.value, State.DOUBTFUL.value]))
    .group_by(_totals.c.topic, _totals.c.state, _totals.c.reason)
    .order_by(_totals.c.topic, _totals.c.state, _totals.c.reason)
)
ADD_TO_TOTAL = add_to(_totals.c.total)
BACKLOG = (
    sa.select(_c.topic, sa.func.count().label("depth"), sa.func.min(_c.due, type_=_c.due.type).label("oldest"))
    .where(_is(State.WAITING), _c.due <= bound("now"), ~_PAUSED)
    .group_by(_c.topic)
)
