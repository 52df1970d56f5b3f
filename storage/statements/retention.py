"""The statements that erase what we must not keep any longer."""

from __future__ import annotations

import sqlalchemy as sa

from core.conversation.funnel import PENDING
from core.outbox import State
from core.petition.trial import PREVIEW_START
from core.signatures.signature import SignatureStatus
from storage.statements.build import any_of, bound
from storage.statements.signatures import ANONYMOUS
from storage.tables import (
    AudienceCountRow,
    ConversationRow,
    LogExclusionRow,
    OutboxRow,
    PlanRow,
    SignalRow,
    SignatureRow,
    SignerRow,
    StepRow,
    TrendRow,
    UpdateRow,
    table,
)

_signers, _conversations, _signatures = table(SignerRow), table(ConversationRow), table(SignatureRow)
_outbox, _steps, _audience = table(OutboxRow), table(StepRow), table(AudienceCountRow)
_signals, _plans, _updates = table(SignalRow), table(PlanRow), table(UpdateRow)
_trends, _exclusions = table(TrendRow), table(LogExclusionRow)
_c = _signatures.c

_PERSONAL = (_c.petition == bound("slug")) & (_c.signer_id.is_not(None) | _c.sealed.is_not(None))
_OF_PETITION = _conversations.c.petition == bound("slug")
_SIGNED = sa.select(_c.signer_id).where(_PERSONAL, _c.signer_id.is_not(None))
_TALKED = sa.select(_conversations.c.signer_id).where(_OF_PETITION)
_OPENED = sa.select(_exclusions.c.entry).where(_exclusions.c.petition == bound("slug"))
ANYBODY = sa.union_all(_SIGNED, _TALKED, _OPENED).limit(1)
PERSONAL_PAGE = (
    sa.select(_c.id, _c.signer_id)
    .where(_PERSONAL, _c.status == bound("kind"), _c.id > bound("after"))  # as signatures_in_order has them
    .order_by(_c.id)
    .limit(bound("most"))
)
TALKED_PAGE = (
    _TALKED.where(_conversations.c.signer_id > bound("after")).order_by(_conversations.c.signer_id).limit(bound("most"))
)
LOCK_PEOPLE = (
    sa.select(_signers.c.id).where(_signers.c.id.in_(any_of("people"))).order_by(_signers.c.id).with_for_update()
)
LOCK_PERSONAL = sa.select(_c.id).where(_PERSONAL, _c.id.in_(any_of("ids"))).order_by(_c.id).with_for_update()
ANONYMISE = sa.update(_signatures).where(_c.id.in_(any_of("ids"))).values(ANONYMOUS)
ERASE_CONVERSATIONS = sa.delete(_conversations).where(_OF_PETITION, _conversations.c.signer_id.in_(any_of("people")))
ERASE_PENDING_STEPS = sa.delete(_steps).where(_steps.c.petition == bound("slug"), _steps.c.step == PENDING)
ERASE_AUDIENCE = sa.delete(_audience).where(_audience.c.petition == bound("slug"))
ERASE_TRENDS = sa.delete(_trends).where(_trends.c.petition == bound("slug"))

ERASE_IDLE = (
    sa.delete(_signers)
    .where(
        _signers.c.id.in_(any_of("people")),
        ~sa.exists().where(_c.signer_id == _signers.c.id),
        ~sa.exists().where(_conversations.c.signer_id == _signers.c.id),
    )
    .returning(_signers.c.id)
)
_STANDING = sa.exists().where(_c.signer_id == _signers.c.id, _c.status != SignatureStatus.WITHDRAWN.value)
WITHOUT_SIGNATURE = (
    sa.select(_signers)
    .where(_signers.c.id.in_(any_of("people")), ~_STANDING)
    .order_by(_signers.c.id)  # always lock in the same order
)
SAVE_SEALED = sa.update(_signers).where(_signers.c.id == bound("signer")).values(sealed=bound("sealed"))

_TRIALS = f"{PREVIEW_START}%"
_TOUCHED = sa.union_all(
    sa.select(_c.petition, _c.changed_at.label("at")).where(_c.petition.like(_TRIALS)),
    sa.select(_conversations.c.petition, _conversations.c.updated_at).where(_conversations.c.petition.like(_TRIALS)),
).subquery()
TRIALS = sa.select(_TOUCHED.c.petition, sa.func.max(_TOUCHED.c.at)).group_by(_TOUCHED.c.petition)
ERASE_SIGNATURES = sa.delete(_signatures).where(_c.petition == bound("slug"))
ERASE_STEPS = sa.delete(_steps).where(_steps.c.petition == bound("slug"))

HELD = sa.select(sa.func.count()).select_from(_signatures).where(_PERSONAL)
_IDLE = (
    (_signers.c.met_at < bound("before"))
    & ~sa.exists().where(_c.signer_id == _signers.c.id)
    & ~sa.exists().where(_conversations.c.signer_id == _signers.c.id, _conversations.c.updated_at >= bound("before"))
    & ~sa.exists().where(_outbox.c.signer_id == _signers.c.id, _outbox.c.state.in_([State.WAITING, State.SENDING]))
)
FIND_IDLE = (
    sa.select(_signers.c.id).where(_IDLE, _signers.c.id > bound("after")).order_by(_signers.c.id).limit(bound("most"))
)
LOCK_IDLE = (
    sa.select(_signers.c.id)
    .where(_IDLE, _signers.c.id.in_(any_of("people")))
    .with_for_update(skip_locked=True, of=_signers)
)
ERASE_CONVERSATIONS_OF = (
    sa.delete(_conversations)
    .where(_conversations.c.signer_id.in_(any_of("people")))
    .returning(_conversations.c.signer_id, _conversations.c.petition, _conversations.c.stage, _conversations.c.sealed)
)
ERASE_PEOPLE = sa.delete(_signers).where(_signers.c.id.in_(any_of("people")))


def _erase_some(target: sa.Table, is_old: sa.ColumnElement[bool]) -> sa.Delete:
    """Delete at most `most` rows that are old."""
    key = tuple(target.primary_key)
    return sa.delete(target).where(sa.tuple_(*key).in_(sa.select(*key).where(is_old).limit(bound("most"))))


ERASE_SIGNALS = _erase_some(_signals, _signals.c.start < bound("before"))
ERASE_PLANS = _erase_some(_plans, _plans.c.at < bound("before"))
ERASE_OLD_TRENDS = _erase_some(_trends, _trends.c.hour < bound("before"))
ERASE_UPDATES = _erase_some(_updates, _updates.c.at < bound("before"))
