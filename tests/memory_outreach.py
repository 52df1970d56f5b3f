"""Announcements and milestones in memory, for tests/fakes.py; whom they reach is counted anew each time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from core.outreach.announcement import Announcement, AudienceCount, Recipient
from core.outreach.milestones import Follower, Milestone
from core.petition.petition import is_personal
from core.ports import Person
from core.signatures.signature import Signature, SignatureStatus


class ReachStore(Protocol):
    """What is committed of it."""

    people: dict[tuple[str, str], Person]
    signatures: dict[int, tuple[int | None, Signature]]
    announcements: dict[int, Announcement]
    milestones: dict[tuple[str, int], Milestone]
    followers: dict[tuple[str, str], Follower]


@dataclass
class MemoryAnnouncements:
    """core.outreach.announcement.Announcements."""

    store: ReachStore

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

    def reach(self, petition: str) -> tuple[AudienceCount, ...]:
        found = Counter(
            (one.platform, one.locale, "" if is_personal(one.label) else one.label)
            for _, one in self._told()
            if one.petition == petition
        )
        return tuple(AudienceCount(*place, people) for place, people in found.items())

    def recipients(self, petition: str, after: int, limit: int) -> tuple[Recipient, ...]:
        found = [
            Recipient(one.id, owner, one.platform, one.locale, one.label)
            for owner, one in self._told()
            if one.petition == petition and one.id and one.id > after
        ]
        return tuple(found[:limit])

    def _told(self) -> Iterator[tuple[int, Signature]]:
        reachable = {one.id for one in self.store.people.values() if one.reachable}
        for owner, one in self.store.signatures.values():
            if owner in reachable and one.updates and one.status is not SignatureStatus.WITHDRAWN:
                assert owner
                yield owner, one


@dataclass
class MemoryMilestones:
    """core.outreach.milestones.Milestones."""

    store: ReachStore

    def cross(self, milestone: Milestone) -> bool:
        key = (milestone.petition, milestone.number)
        return self.store.milestones.setdefault(key, milestone) is milestone

    def crossed(self) -> tuple[Milestone, ...]:
        return tuple(sorted(self.store.milestones.values(), key=lambda one: (-one.at.timestamp(), one.number)))

    def follow(self, follower: Follower) -> None:
        self.store.followers[follower.platform, follower.chat] = follower

    def unfollow(self, platform: str, chat: str) -> None:
        self.store.followers.pop((platform, chat), None)

    def follower(self, platform: str, chat: str) -> Follower | None:
        return self.store.followers.get((platform, chat))

    def followers(self) -> tuple[Follower, ...]:
        return tuple(self.store.followers.values())
