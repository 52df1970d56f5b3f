"""The repositories of outreach: announcements, milestones, and cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from core.errors import SealError
from core.outreach.announcement import Announcement, AnnouncementState, Audience, AudienceCount, Recipient
from core.outreach.cards import Card, Edition
from core.outreach.communities import Community
from core.outreach.milestones import Follower, Milestone
from storage.contexts import AnyRow, context_of
from storage.repositories.base import Repository, SealingRepository
from storage.statements import outreach as sql


class SqlAnnouncements(Repository):
    """See core.outreach.announcement.Announcements."""

    def add(self, petition: str, words: str, now: dt.datetime) -> Announcement:
        draft = Announcement(0, petition, words, now)
        number = self._run(sql.ADD_ANNOUNCEMENT, **_announcement_to_row(draft)).scalar_one()
        return Announcement(number, petition, words, now)

    def get(self, number: int) -> Announcement | None:
        row = self._run(sql.GET_ANNOUNCEMENT, number=number).first()
        return _row_to_announcement(row) if row else None

    def hold(self, number: int) -> Announcement | None:
        row = self._run(sql.LOCK_ANNOUNCEMENT, number=number).first()
        return _row_to_announcement(row) if row else None

    def save(self, announcement: Announcement) -> None:
        self._run(sql.SAVE_ANNOUNCEMENT, number=announcement.id, **_announcement_to_row(announcement))

    def last(self, count: int) -> tuple[Announcement, ...]:
        return tuple(_row_to_announcement(row) for row in self._run(sql.LAST_ANNOUNCEMENTS, most=count))

    def audience_counts(self, petition: str) -> tuple[AudienceCount, ...]:
        return tuple(AudienceCount(*row) for row in self._run(sql.AUDIENCE_COUNTS, slug=petition))

    def recipients(self, petition: str, after: int, limit: int) -> tuple[Recipient, ...]:
        rows = self._run(sql.RECIPIENTS, slug=petition, after=after, most=limit)
        return tuple(Recipient(*row) for row in rows)


class SqlMilestones(Repository):
    """See core.outreach.milestones.Milestones."""

    def cross(self, milestone: Milestone) -> bool:
        return self._run(sql.CROSS, **asdict(milestone)).first() is not None  # the primary key decides who is first

    def crossed(self) -> tuple[Milestone, ...]:
        return tuple(Milestone(row.petition, row.number, row.at) for row in self._run(sql.CROSSED))

    def follow(self, follower: Follower) -> None:
        self._run(sql.FOLLOW, **asdict(follower))

    def unfollow(self, platform: str, chat: str) -> None:
        self._run(sql.UNFOLLOW, on_platform=platform, in_chat=chat)

    def follower(self, platform: str, chat: str) -> Follower | None:
        row = self._run(sql.FOLLOWER, on_platform=platform, in_chat=chat).mappings().first()
        return Follower(**row) if row else None

    def followers(self) -> tuple[Follower, ...]:
        return tuple(Follower(**row) for row in self._run(sql.FOLLOWERS).mappings())


class SqlPostedCards(Repository):
    """See core.outreach.cards.PostedCards."""

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        rows = self._run(sql.CARDS_IN_CHAT, on_platform=platform, in_chat=chat).mappings()
        return tuple(Card(**row) for row in rows)

    def editions(self, platform: str) -> tuple[Edition, ...]:
        return tuple((row.petition, row.locale) for row in self._run(sql.CARD_EDITIONS, on_platform=platform))

    def members_post(self, platform: str, chat: str) -> bool:
        allowed = self._run(sql.MEMBERS_POST, on_platform=platform, in_chat=chat).scalar()
        return allowed is None or bool(allowed)

    def outdated(
        self, platform: str, refreshed_before: dt.datetime, current: Mapping[Edition, str]
    ) -> tuple[Card, ...]:
        place = {"on_platform": platform, "before": refreshed_before}
        rows = [*self._run(sql.REPLACED_CARDS, **place).mappings()]
        for (slug, language), digest in current.items():
            rows += self._run(sql.OUTDATED_CARDS, **place, slug=slug, language=language, digest=digest).mappings()
        return tuple(sorted((Card(**row) for row in rows), key=attrgetter("refreshed_at")))


class SqlCards(SqlPostedCards, SealingRepository):
    """See core.outreach.cards.Cards."""

    def save(self, card: Card) -> None:
        row = asdict(card)
        rest = {name: value for name, value in row.items() if name not in ("platform", "chat", "message")}
        if not self._run(sql.SAVE_CARD, **_key(card), **rest).rowcount:
            self._run(sql.ADD_CARD, **row)

    def forget(self, card: Card) -> None:
        self._run(sql.FORGET_CARD, **_key(card))

    def claim(self, card: Card, now: dt.datetime) -> bool:
        return self._run(sql.CLAIM_CARD, **_key(card), refreshed=card.refreshed_at, now=now).rowcount > 0

    def community(self, platform: str, chat: str, new: str, title: str = "") -> Community:
        self._run(sql.ADD_COMMUNITY, platform=platform, chat=chat, label=new, locale="", members_post=True)
        row = self._run(sql.COMMUNITY, on_platform=platform, in_chat=chat).mappings().one()
        if title and title != self._title(row):
            sealed = self._vault.seal({"title": title}, *context_of("communities", row))
            self._run(sql.SET_TITLE, on_platform=platform, in_chat=chat, title=sealed)
        return self._community(row, title)

    def set_locale(self, platform: str, chat: str, locale: str) -> None:
        for statement in (sql.SET_LOCALE, sql.TRANSLATE_CARDS):
            self._run(statement, on_platform=platform, in_chat=chat, language=locale)

    def set_members_post(self, platform: str, chat: str, *, allowed: bool) -> None:
        self._run(sql.SET_MEMBERS_POST, on_platform=platform, in_chat=chat, allowed=allowed)

    def communities(self) -> tuple[Community, ...]:
        return tuple(self._community(row) for row in self._run(sql.COMMUNITIES).mappings())

    def move(self, platform: str, chat: str, to: str) -> None:
        row = self._run(sql.COMMUNITY, on_platform=platform, in_chat=chat).mappings().first()
        if row is not None:
            self._run(sql.REMOVE_COMMUNITIES, on_platform=platform, in_chats=[chat, to])
            kept = {name: row[name] for name in ("label", "sealed", "locale", "members_post")}
            self._run(sql.ADD_COMMUNITY, platform=platform, chat=to, **kept)
        self._run(sql.FORGET_CARDS, on_platform=platform, in_chat=chat)  # after the community, as in `set_locale`

    def _community(self, row: AnyRow, title: str = "") -> Community:
        title = title or self._title(row)
        return Community(row["label"], row["platform"], title, row["locale"], row["members_post"])

    def _title(self, row: AnyRow) -> str:
        """The stored title; empty if there is none, or if no known key opens it."""
        try:
            return str(
                self._vault.open(row["sealed"], *context_of("communities", row))["title"] if row["sealed"] else ""
            )
        except SealError:
            return ""


def _announcement_to_row(announcement: Announcement) -> dict[str, Any]:
    return {
        "petition": announcement.petition, "words": announcement.words, "made_at": announcement.made_at,
        "state": announcement.state.value, "locale": announcement.audience.locale,
        "label": announcement.audience.label, "after": announcement.after, "complete": announcement.complete,
    }  # fmt: skip


def _row_to_announcement(row: sa.Row[*tuple[Any, ...]]) -> Announcement:
    state, audience = AnnouncementState(row.state), Audience(row.locale, row.label)
    return Announcement(row.id, row.petition, row.words, row.made_at, state, audience, row.after, row.complete)


def _key(card: Card) -> dict[str, str]:
    return {"on_platform": card.platform, "in_chat": card.chat, "in_message": card.message}
