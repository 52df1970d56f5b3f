"""Milestones: numbers that a petition crosses once, and the communities that follow them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.conversation.scene import ways_in
from core.conversation.screen import Line, Progress, Screen, Style
from core.log.records import CheckpointRecord
from core.messages import Message
from core.outbox import NewEntry, Outbox, Topic
from core.petition.log_words import log_words
from core.petition.petition import Petition
from core.platforms import WRITABLE

FIRST = 100
CROSSED = Topic("milestone", repeat=True)
"""The topic that adds an entry for each community; a repeat is harmless, since each entry has a key."""
TO_COMMUNITY: Mapping[str, Topic] = {name: Topic(f"milestone.{name}", repeat=False) for name in WRITABLE}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A number that a petition crossed, and when."""

    petition: str
    number: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Follower:
    """A community that follows milestones, with the channel or topic and the language for posts.

    Without a `locale`, each post is in its petition's original language. `publish` means that the platform sends the
    posts on to other communities that follow the channel.
    """

    platform: str
    chat: str
    channel: str
    label: str
    locale: str
    publish: bool = False


class Milestones(Protocol):
    """The milestones crossed, and the communities that follow."""

    def cross(self, milestone: Milestone) -> bool:
        """Record a milestone; False if it was crossed before."""

    def crossed(self) -> tuple[Milestone, ...]:
        """All crossed milestones, newest first."""

    def follow(self, follower: Follower) -> None:
        """Let a community follow; if it already does, it gets its posts in the new channel."""

    def unfollow(self, platform: str, chat: str) -> None:
        """Stop a community from following."""

    def follower(self, platform: str, chat: str) -> Follower | None:
        """The community, if it follows."""

    def followers(self) -> tuple[Follower, ...]:
        """All communities that follow."""


def passed(before: int, after: int) -> tuple[int, ...]:
    """The numbers of 100, 1,000, 10,000 ... above `before` and not above `after`."""
    numbers = (10**power for power in range(len(str(FIRST)) - 1, len(str(after))))
    return tuple(number for number in numbers if before < number)


def cross(milestones: Milestones, outbox: Outbox, petition: str, before: int, after: int, now: dt.datetime) -> None:
    """Add a post about the highest milestone that the count has just crossed for the first time.

    All crossed milestones are recorded. Otherwise, after a drop in the count, a lower one could be posted after a
    higher one.
    """
    new = [number for number in passed(before, after) if milestones.cross(Milestone(petition, number, now))]
    if new:
        payload = {"petition": petition, "number": new[-1]}
        outbox.put([NewEntry(CROSSED, f"{petition}:{new[-1]}", now, payload)])


def milestone_screen(
    petition: Petition, number: int, counted: int, locale: str, now: dt.datetime, log: CheckpointRecord | None = None
) -> Screen:
    """The post in a community; it names the last checkpoint of the petition's log, if there is one."""
    reached = Message("milestone.reached", {"number": number})
    parts = (Line(reached, Style.TITLE), Line(petition.text(locale).title))
    named = (Line(log_words(log, petition), Style.NOTE),) if log else ()
    progress = Progress(counted, petition.next_goal(counted), petition.phase(now))
    return Screen((*parts, progress, *named), (tuple(ways_in(petition, now)),))
