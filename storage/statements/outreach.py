"""The statements for announcements and their audience, milestones and followers, cards and communities."""

from __future__ import annotations

import sqlalchemy as sa

from core.signatures.signature import SignatureStatus
from storage.statements.build import add_if_new, add_to, any_of, bound, per_dialect, sum_of, upsert
from storage.tables import (
    AnnouncementRow,
    AudienceCountRow,
    CardRow,
    CommunityRow,
    FollowerRow,
    MilestoneRow,
    SignatureRow,
    SignerRow,
    table,
)

_announcements, _audience = table(AnnouncementRow), table(AudienceCountRow)
_signers, _signatures = table(SignerRow), table(SignatureRow)
_milestones, _followers = table(MilestoneRow), table(FollowerRow)
_cards, _communities = table(CardRow), table(CommunityRow)
_s = _signatures.c

ADD_ANNOUNCEMENT = sa.insert(_announcements).returning(_announcements.c.id)
GET_ANNOUNCEMENT = sa.select(_announcements).where(_announcements.c.id == bound("number"))
LOCK_ANNOUNCEMENT = GET_ANNOUNCEMENT.with_for_update()
SAVE_ANNOUNCEMENT = (
    sa.update(_announcements)
    .where(_announcements.c.id == bound("number"))
    .values({column.name: bound(column.name) for column in _announcements.c if not column.primary_key})
)
LAST_ANNOUNCEMENTS = sa.select(_announcements).order_by(_announcements.c.id.desc()).limit(bound("most"))

_REACHABLE = (
    sa.text("signatures.updates"),  # worded like the index
    _s.status != SignatureStatus.WITHDRAWN.value,
    _signers.c.id == _s.signer_id,
    _signers.c.reachable,
)
_REACHED = (*_REACHABLE, _s.status != SignatureStatus.INVALID.value)
_WEIGHT = sa.case((_s.status == SignatureStatus.INVALID.value, 0), else_=1)
"""Signers of invalid signatures count as nobody, with the same statements, so that nothing shows to them."""
_SEGMENT = sa.select(_s.petition, _s.platform, _s.locale, _s.label, _WEIGHT).where(*_REACHABLE)
SEGMENTS_OF_SIGNER = _SEGMENT.where(_s.signer_id == bound("signer"))
SEGMENT_OF_SIGNATURE = _SEGMENT.where(_s.id == bound("signature"))
COUNT_AUDIENCE = add_to(_audience.c.people)
_GROUP, _PEOPLE = (_audience.c.platform, _audience.c.locale, _audience.c.label), sum_of(_audience.c.people)
AUDIENCE_COUNTS = (
    sa.select(*_GROUP, _PEOPLE.label("people"))
    .where(_audience.c.petition == bound("slug"))
    .group_by(*_GROUP)
    .having(_PEOPLE > 0)
)
RECIPIENTS = (
    sa.select(_s.id, _s.signer_id, _s.platform, _s.locale, _s.label)
    .where(*_REACHED, _s.petition == bound("slug"), _s.id > bound("after"))
    .order_by(_s.id)
    .limit(bound("most"))
)

CROSS = per_dialect(_milestones, lambda insert: insert.on_conflict_do_nothing().returning(_milestones.c.number))
CROSSED = sa.select(_milestones).order_by(_milestones.c.at.desc(), _milestones.c.number)
FOLLOW = upsert(_followers)
_FOLLOWER = (_followers.c.platform == bound("on_platform"), _followers.c.chat == bound("in_chat"))
UNFOLLOW = sa.delete(_followers).where(*_FOLLOWER)
FOLLOWER = sa.select(_followers).where(*_FOLLOWER)
FOLLOWERS = sa.select(_followers)

_c = _cards.c
_IN_CHAT = (_c.platform == bound("on_platform"), _c.chat == bound("in_chat"))
_CARD = (*_IN_CHAT, _c.message == bound("in_message"))
ADD_CARD = add_if_new(_cards)
SAVE_CARD = (
    sa.update(_cards).where(*_CARD).values({column.name: bound(column.name) for column in _c if not column.primary_key})
)
FORGET_CARD = sa.delete(_cards).where(*_CARD)
FORGET_CARDS = sa.delete(_cards).where(*_IN_CHAT)
CARDS_IN_CHAT = sa.select(_cards).where(*_IN_CHAT).order_by(_c.refreshed_at.desc())
CLAIM_CARD = sa.update(_cards).where(*_CARD, _c.refreshed_at == bound("refreshed")).values(refreshed_at=bound("now"))
_JUST_REFRESHED = sa.select(_c.chat).where(_c.platform == bound("on_platform"), _c.refreshed_at > bound("before"))
_RIPE = (_c.platform == bound("on_platform"), _c.chat.not_in(_JUST_REFRESHED))
CARD_EDITIONS = (
    sa.select(_c.petition, _c.locale).distinct().where(_c.platform == bound("on_platform"), _c.moved_to == "")
)
OUTDATED_CARDS = sa.select(_cards).where(
    *_RIPE, _c.moved_to == "", _c.petition == bound("slug"), _c.locale == bound("language"), _c.shown != bound("digest")
)
REPLACED_CARDS = sa.select(_cards).where(*_RIPE, _c.moved_to != "")

ADD_COMMUNITY = add_if_new(_communities)
_COMMUNITY = (_communities.c.platform == bound("on_platform"), _communities.c.chat == bound("in_chat"))
COMMUNITY = sa.select(_communities).where(*_COMMUNITY)
MEMBERS_POST = sa.select(_communities.c.members_post).where(*_COMMUNITY)
SET_TITLE = sa.update(_communities).where(*_COMMUNITY).values(sealed=bound("title"))
SET_LOCALE = sa.update(_communities).where(*_COMMUNITY).values(locale=bound("language"))
_ITS_LABEL = sa.select(_communities.c.label).where(*_COMMUNITY).scalar_subquery()
TRANSLATE_CARDS = (
    sa.update(_cards)
    .where(_c.platform == bound("on_platform"), _c.label == _ITS_LABEL)
    .values(locale=bound("language"))
)
SET_MEMBERS_POST = sa.update(_communities).where(*_COMMUNITY).values(members_post=bound("allowed"))
COMMUNITIES = sa.select(_communities)
REMOVE_COMMUNITIES = sa.delete(_communities).where(
    _communities.c.platform == bound("on_platform"), _communities.c.chat.in_(any_of("in_chats"))
)
