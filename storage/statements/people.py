"""The statements for signers, conversations, organizers, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa

from core.signatures.review import ERASED
from storage.statements.build import any_of, bound, per_dialect, upsert
from storage.tables import (
    AuditEntryRow,
    ConversationRow,
    InviteRow,
    OrganizerRow,
    PlanRow,
    SignerRow,
    UpdateRow,
    table,
)  # fmt: skip

_signers, _conversations, _plans = table(SignerRow), table(ConversationRow), table(PlanRow)
_organizers, _invites, _audit, _updates = table(OrganizerRow), table(InviteRow), table(AuditEntryRow), table(UpdateRow)
KEY_LENGTH = 16
"""Number of characters of an organizer's fingerprint that a button carries."""

# FOR NO KEY UPDATE: a review holds the tally and changes many signatures. PostgreSQL then looks up their signers,
# and must not wait for a signer who is locked here and waits for the tally.
LOCK_SIGNER = sa.select(_signers).where(_signers.c.fingerprint == bound("who")).with_for_update(key_share=True)
HANDLED = sa.exists().where(_updates.c.fingerprint == bound("update"))
LOCK_SIGNER_BY_ID = sa.select(_signers).where(_signers.c.id == bound("signer")).with_for_update(key_share=True)
ADD_SIGNER = per_dialect(_signers, lambda insert: insert.on_conflict_do_nothing().returning(_signers.c.id))
SAVE_SEEN = sa.update(_signers).where(_signers.c.id == bound("signer")).values(seen=bound("ids"))
SAVE_SIGNER = (
    sa.update(_signers)
    .where(_signers.c.id == bound("signer"))
    .values({name: bound(name) for name in ("locale", "focus", "seen", "sealed")})
)
SET_REACHABLE = sa.update(_signers).where(_signers.c.id == bound("signer")).values(reachable=bound("now_reachable"))
_KEY = sa.select(_signers.c.fingerprint).where(_signers.c.id == bound("signer")).scalar_subquery()
_WITHOUT_KEY = sa.func.replace(_plans.c.words, _KEY, ERASED)
# Skip what a transaction holds: an organizer may be taking the plan and waiting for this person.
_PLANS_WITH_KEY = (
    sa.select(_plans.c.fingerprint).where(_plans.c.words != _WITHOUT_KEY).with_for_update(skip_locked=True)
)
ERASE_FROM_PLANS = sa.update(_plans).where(_plans.c.fingerprint.in_(_PLANS_WITH_KEY)).values(words=_WITHOUT_KEY)
_NAMED = _plans.c.words.contains(_signers.c.fingerprint)
_PLANS_NAMING = (
    sa.select(_plans.c.fingerprint)
    .where(sa.exists().where(_signers.c.id.in_(any_of("people")), _NAMED))
    .with_for_update(skip_locked=True)
)
ERASE_PLANS_NAMING = sa.delete(_plans).where(_plans.c.fingerprint.in_(_PLANS_NAMING))
ERASE_SIGNER = sa.delete(_signers).where(_signers.c.id == bound("signer"))

ADD_UPDATE = per_dialect(_updates, lambda insert: insert.on_conflict_do_nothing().returning(_updates.c.at))
HAS_UPDATE = sa.select(_updates.c.at).where(_updates.c.fingerprint == bound("update"))

_CONVERSATION = (_conversations.c.signer_id, _conversations.c.petition, _conversations.c.sealed)
GET_CONVERSATION = sa.select(*_CONVERSATION).where(
    _conversations.c.signer_id == bound("signer"), _conversations.c.petition == bound("slug")
)
SAVE_CONVERSATION = upsert(_conversations)
ERASE_CONVERSATIONS = (
    sa.delete(_conversations).where(_conversations.c.signer_id == bound("signer")).returning(*_CONVERSATION)
)

GET_ORGANIZER = sa.select(_organizers.c.since).where(_organizers.c.fingerprint == bound("who"))
ADD_ORGANIZER = upsert(_organizers)
REMOVE_ORGANIZER = sa.delete(_organizers).where(
    sa.func.substr(_organizers.c.fingerprint, 1, KEY_LENGTH) == bound("key")
)
ORGANIZERS = sa.select(_organizers).order_by(_organizers.c.since)
ADD_INVITE = sa.insert(_invites)
REDEEM_INVITE = sa.delete(_invites).where(_invites.c.fingerprint == bound("code"), _invites.c.until >= bound("now"))

ADD_AUDIT_ENTRY = sa.insert(_audit)
LAST_AUDIT_ENTRIES = sa.select(_audit).order_by(_audit.c.id.desc()).limit(bound("most"))
