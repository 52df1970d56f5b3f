"""Announcements, milestones and cards in memory, for tests/fakes.py; audiences are counted from scratch each time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from core.outreach.announcement import Announcement, AudienceCount, Recipient
from core.outreach.cards import Card, Edition
from core.outreach.communities import Community
from core.outreach.milestones import Follower, Milestone
from core.petition.label import is_personal
from core.ports import Person
from core.signatures.signature import Signature, SignatureStatus

UNREACHED = (SignatureStatus.WITHDRAWN, SignatureStatus.INVALID)


class OutreachStore(Protocol):
    """The committed values of outreach."""

    people: dict[tuple[str, str], Person]
    signatures: dict[int, tuple[int | None, Signature]]
    announcements: dict[int, Announcement]
    milestones: dict[tuple[str, int], Milestone]
    followers: dict[tuple[str, str], Follower]
    cards: dict[tuple[str, str, str], Card]
    communities: dict[tuple[str, str], Community]
    tallies: dict[tuple[str, SignatureStatus], int]


@dataclass
class MemoryAnnouncements:
    """core.outreach.announcement.Announcements."""

    store: OutreachStore

    def add(self, petition: str, words: str, now: dt.datetime) -> Announcement:
        new = Announcement(len(self.store.announcements) + 1, petition, words, now)
        self.store.announcements[new.id] = new
        return new

    def get(self, number: int) -> Announcement | None:
        return self.store.announcements.get(number)

    hold = get

    def save(self, announcement: Announcement) -> None:
        self.store.announcements[announcement.id] = announcement

    def last(self, count: int) -> tuple[Announcement, ...]:
        return tuple(reversed(self.store.announcements.values()))[:count]

    def audience_counts(self, petition: str) -> tuple[AudienceCount, ...]:
        counts = Counter(
            (signature.platform, signature.locale, "" if is_personal(signature.label) else signature.label)
            for _, signature in self._reached()
            if signature.petition == petition
        )
        return tuple(AudienceCount(*segment, people) for segment, people in counts.items())

    def recipients(self, petition: str, after: int, limit: int) -> tuple[Recipient, ...]:
        recipients = [
            Recipient(signature.id, owner, signature.platform, signature.locale, signature.label)
            for owner, signature in self._reached()
            if signature.petition == petition and signature.id and signature.id > after
        ]
        return tuple(recipients[:limit])

    def _reached(self) -> Iterator[tuple[int, Signature]]:
        reachable = {person.id for person in self.store.people.values() if person.reachable}
        for owner, signature in self.store.signatures.values():
            if owner in reachable and signature.updates and signature.status not in UNREACHED:
                assert owner
                yield owner, signature


@dataclass
class MemoryMilestones:
    """core.outreach.milestones.Milestones."""

    store: OutreachStore

    def cross(self, milestone: Milestone) -> bool:
        key = (milestone.petition, milestone.number)
        return self.store.milestones.setdefault(key, milestone) is milestone

    def crossed(self) -> tuple[Milestone, ...]:
        return tuple(
            sorted(self.store.milestones.values(), key=lambda milestone: (-milestone.at.timestamp(), milestone.number))
        )

    def follow(self, follower: Follower) -> None:
        self.store.followers[follower.platform, follower.chat] = follower

    def unfollow(self, platform: str, chat: str) -> None:
        self.store.followers.pop((platform, chat), None)

    def follower(self, platform: str, chat: str) -> Follower | None:
        return self.store.followers.get((platform, chat))

    def followers(self) -> tuple[Follower, ...]:
        return tuple(self.store.followers.values())


@dataclass
class MemoryCards:
    """core.outreach.cards.Cards."""

    store: OutreachStore

    def save(self, card: Card) -> None:
        self.store.cards[_key(card)] = card

    def forget(self, card: Card) -> None:
        self.store.cards.pop(_key(card), None)

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        cards = [card for card in self.store.cards.values() if (card.platform, card.chat) == (platform, chat)]
        return tuple(sorted(cards, key=lambda card: card.refreshed_at, reverse=True))

    def editions(self, platform: str) -> tuple[Edition, ...]:
        cards = [card for card in self.store.cards.values() if card.platform == platform and not card.moved_to]
        return tuple({(card.petition, card.locale) for card in cards})

    def outdated(
        self, platform: str, refreshed_before: dt.datetime, current: Mapping[Edition, str]
    ) -> tuple[Card, ...]:
        cards = [card for card in self.store.cards.values() if card.platform == platform]
        fresh = {card.chat for card in cards if card.refreshed_at > refreshed_before}
        stale = [
            card
            for card in cards
            if card.chat not in fresh
            and (card.moved_to or current.get((card.petition, card.locale), card.shown) != card.shown)
        ]
        return tuple(sorted(stale, key=lambda card: card.refreshed_at))

    def members_post(self, platform: str, chat: str) -> bool:
        known = self.store.communities.get((platform, chat))
        return known is None or known.members_post

    def claim(self, card: Card, now: dt.datetime) -> bool:
        stored = self.store.cards.get(_key(card))
        if stored is None or stored.refreshed_at != card.refreshed_at:
            return False
        self.save(replace(stored, refreshed_at=now))
        return True

    def community(self, platform: str, chat: str, new: str, title: str = "") -> Community:
        known = self.store.communities.get((platform, chat), Community(new, platform))
        known = self.store.communities[platform, chat] = replace(known, title=title or known.title)
        return known

    def set_locale(self, platform: str, chat: str, locale: str) -> None:
        known = self.store.communities.get((platform, chat))
        if known:
            self.store.communities[platform, chat] = replace(known, locale=locale)
            for card in list(self.store.cards.values()):
                if (card.platform, card.label) == (platform, known.label):
                    self.save(replace(card, locale=locale))

    def set_members_post(self, platform: str, chat: str, *, allowed: bool) -> None:
        known = self.store.communities.get((platform, chat))
        if known:
            self.store.communities[platform, chat] = replace(known, members_post=allowed)

    def communities(self) -> tuple[Community, ...]:
        return tuple(self.store.communities.values())

    def move(self, platform: str, chat: str, to: str) -> None:
        for card in self.in_chat(platform, chat):
            self.forget(card)
        known = self.store.communities.pop((platform, chat), None)
        if known is not None:
            self.store.communities[platform, to] = known


def _key(card: Card) -> tuple[str, str, str]:
    return card.platform, card.chat, card.message
