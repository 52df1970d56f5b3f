"""Milestones: round numbers that a petition crosses once, and the communities that want to be told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.conversation.screen import Line, Progress, Screen, Style
from core.messages import Message
from core.outbox import NewEntry, Outbox, Topic
from core.petition.petition import Petition
from core.platforms import WRITABLE

FIRST = 100
CROSSED = Topic("milestone", repeat=True)
"""Puts an entry for each community; to do it twice is harmless, since each has a key."""
TO_COMMUNITY: Mapping[str, Topic] = {name: Topic(f"milestone.{name}", repeat=False) for name in WRITABLE}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A number that a petition crossed, and when."""

    petition: str
    number: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Follower:
    """A community that wants to be told: in which channel or topic of it, and in which language."""

    platform: str
    chat: str
    channel: str
    label: str
    locale: str


class Milestones(Protocol):
    """What was crossed, and who wants to be told."""

    def cross(self, milestone: Milestone) -> bool:
        """Remember a milestone; False where it was crossed before."""

    def crossed(self) -> tuple[Milestone, ...]:
        """All of them, newest first."""

    def follow(self, follower: Follower) -> None:
        """Tell a community from now on; one that follows already gets it where it now asks."""

    def unfollow(self, platform: str, chat: str) -> None:
        """Tell a community no more."""

    def follower(self, platform: str, chat: str) -> Follower | None:
        """The community, if it wants to be told."""

    def followers(self) -> tuple[Follower, ...]:
        """All communities that want to be told."""


def passed(before: int, after: int) -> tuple[int, ...]:
    """Those of 100, 1,000, 10,000 ... that lie above `before` and not above `after`."""
    numbers = (10**power for power in range(len(str(FIRST)) - 1, len(str(after))))
    return tuple(number for number in numbers if before < number)


def cross(milestones: Milestones, outbox: Outbox, petition: str, before: int, after: int, now: dt.datetime) -> None:
    """Have communities told of the highest milestone that the count just went over for the first time.

    All are remembered: else a count that fell would be told of a lower one after a higher one.
    """
    new = [number for number in passed(before, after) if milestones.cross(Milestone(petition, number, now))]
    if new:
        payload = {"petition": petition, "number": new[-1]}
        outbox.put([NewEntry(CROSSED, f"{petition}:{new[-1]}", now, payload)])


def milestone_screen(petition: Petition, number: int, counted: int, locale: str) -> Screen:
    """What a community is told."""
    reached = Message("milestone.reached", {"number": number})
    parts = (Line(reached, Style.TITLE), Line(petition.text(locale).title))
    return Screen((*parts, Progress(counted, petition.next_goal(counted))))
