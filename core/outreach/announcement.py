"""Announcements: what organizers tell those who signed and agreed to updates, to whom, and how it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeAlias

from core.conversation.screen import Button, Line, Passage, Screen, Style, View
from core.conversation.state import Open, SetUpdates
from core.messages import Message
from core.outbox import Topic
from core.petition.petition import Petition
from core.platforms import WRITABLE
from core.text.document import Document
from core.text.markdown import Numbering, parse

FAN_OUT = Topic("announce", repeat=True)
"""Puts an entry for each recipient; to do it twice is harmless, since each has a key."""
TO_PERSON: Mapping[str, Topic] = {name: Topic(f"announce.{name}", repeat=False) for name in WRITABLE}

Preview: TypeAlias = Callable[[View], str]
"""A screen in the very characters that are handed to a platform."""


class AnnouncementState(StrEnum):
    """How far an announcement is; a sending one is over when nothing of it is left in the outbox."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Audience:
    """Of those who agreed to updates, who signed in a language or came by a label; empty: everybody."""

    locale: str = ""
    label: str = ""

    def takes(self, locale: str, label: str) -> bool:
        """Whether somebody who signed so belongs to it."""
        return self.locale in ("", locale) and self.label in ("", label)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told: `words` are Markdown. Everybody up to the signature with the id `after` has an entry."""

    id: int
    petition: str
    words: str
    made_at: dt.datetime
    state: AnnouncementState = AnnouncementState.DRAFT
    audience: Audience = Audience()
    after: int = 0
    complete: bool = False

    @property
    def group(self) -> str:
        """The name of its entries' group in the outbox."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many people can be told who signed on one platform, in one language, by one label.

    Labels of signers' own links are left out, so that nobody can be told apart by them.
    """

    platform: str
    locale: str
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who agreed to updates and can be written to; `person` is core.ports.Person.id."""

    signature: int
    person: int
    platform: str
    locale: str
    label: str


class Announcements(Protocol):
    """The announcements, and whom they can reach."""

    def add(self, petition: str, words: str, now: dt.datetime) -> Announcement:
        """Store a new draft."""

    def get(self, number: int) -> Announcement | None:
        """The announcement with this id."""

    def hold(self, number: int) -> Announcement | None:
        """The same; until the commit nobody else may change it."""

    def save(self, announcement: Announcement) -> None:
        """Store what changed of it."""

    def last(self, count: int) -> tuple[Announcement, ...]:
        """The newest, newest first."""

    def reach(self, petition: str) -> tuple[AudienceCount, ...]:
        """How many people can be told, from kept counts."""

    def recipients(self, petition: str, after: int, limit: int) -> tuple[Recipient, ...]:
        """Those who can be told, in the order of their signatures, from behind the one with the id `after`."""


def told(reach: Iterable[AudienceCount], audience: Audience) -> dict[str, int]:
    """How many people of an audience there are on each platform where they can be written to."""
    found: dict[str, int] = dict.fromkeys(WRITABLE, 0)
    for one in reach:
        if one.platform in found and audience.takes(one.locale, one.label):
            found[one.platform] += one.people
    return found


def announcement_screen(petition: Petition, words: str, locale: str) -> Screen:
    """What a recipient gets: the organizers' words, and what they are about, why they come, how they stop.

    Its buttons name the petition, and so work for ever.
    """
    why = Message("announcement.why", {"organizer": petition.organizer})
    parts = (
        Line(petition.text(locale).title, Style.HEADING),
        Passage(written(words)),
        Line(why, Style.NOTE),
    )
    stop = Button(Message("button.updates_off"), SetUpdates(wanted=False), petition.slug)
    look = Button(Message("announcement.look"), Open(), petition.slug)
    return Screen(parts, ((stop, look),))


@lru_cache(maxsize=16)  # the same words for everybody who is told
def written(words: str) -> Document:
    """Words as people write them in a chat: Markdown in which every line stays a line."""
    kept = "\n".join(f"{line.rstrip()}  " if line.strip() else "" for line in words.split("\n"))
    return parse(kept, (), Numbering())[0]
