"""Announcements to signers who agreed to updates: text, audience, and appearance."""

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
"""The topic that adds an entry for each recipient; a repeat is harmless, since each entry has a key."""
TO_PERSON: Mapping[str, Topic] = {name: Topic(f"announce.{name}", repeat=False) for name in WRITABLE}

Preview: TypeAlias = Callable[[View], str]
"""A screen as the exact text that a platform gets."""


class AnnouncementState(StrEnum):
    """The state of an announcement; a sending one is over when the outbox has none of its entries left."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Audience:
    """People who agreed to updates and signed in a language or with a label; if empty, everybody."""

    locale: str = ""
    label: str = ""

    def takes(self, locale: str, label: str) -> bool:
        """True if a signature in this language, with this label, belongs to the audience."""
        return self.locale in ("", locale) and self.label in ("", label)


EVERYBODY = Audience()


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message to signers; `words` are Markdown.

    Every recipient up to the signature with the id `after` has an entry in the outbox.
    """

    id: int
    petition: str
    words: str
    made_at: dt.datetime
    state: AnnouncementState = AnnouncementState.DRAFT
    audience: Audience = EVERYBODY
    after: int = 0
    complete: bool = False

    @property
    def group(self) -> str:
        """The name of the group of its outbox entries."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """The number of reachable people who signed on one platform, in one language, with one label.

    Labels of signers' own links are left out, so the counts identify nobody.
    """

    platform: str
    locale: str
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """A reachable signer who agreed to updates; `person` is core.ports.Person.id."""

    signature: int
    person: int
    platform: str
    locale: str
    label: str


class Announcements(Protocol):
    """The announcements, and the people they can reach."""

    def add(self, petition: str, words: str, now: dt.datetime) -> Announcement:
        """Store a new draft."""

    def get(self, number: int) -> Announcement | None:
        """The announcement with this id."""

    def hold(self, number: int) -> Announcement | None:
        """Load the announcement and lock it until commit."""

    def save(self, announcement: Announcement) -> None:
        """Store its changes."""

    def last(self, count: int) -> tuple[Announcement, ...]:
        """The latest announcements, newest first."""

    def audience_counts(self, petition: str) -> tuple[AudienceCount, ...]:
        """The number of reachable people by group, from stored counts."""

    def recipients(self, petition: str, after: int, limit: int) -> tuple[Recipient, ...]:
        """Recipients in the order of their signatures, starting after the one with the id `after`."""


def audience_size(counts: Iterable[AudienceCount], audience: Audience) -> dict[str, int]:
    """The number of people in an audience, on each platform where they can be reached."""
    people: dict[str, int] = dict.fromkeys(WRITABLE, 0)
    for group in counts:
        if group.platform in people and audience.takes(group.locale, group.label):
            people[group.platform] += group.people
    return people


def announcement_screen(petition: Petition, words: str, locale: str) -> Screen:
    """The message a recipient gets: the organizers' words, the petition, the reason for it, and how to unsubscribe.

    Its buttons name the petition, so they work forever.
    """
    why = Message("announcement.why", {"organizer": petition.in_language(locale).organizer})
    parts = (
        Line(petition.text(locale).title, Style.HEADING),
        Passage(message_document(words)),
        Line(why, Style.NOTE),
    )
    stop = Button(Message("button.updates_off"), SetUpdates(wanted=False), petition.slug)
    look = Button(Message("announcement.look"), Open(), petition.slug)
    return Screen(parts, ((stop, look),))


@lru_cache(maxsize=16)  # the same words for every recipient
def message_document(words: str) -> Document:
    """Text written as in a chat: Markdown in which every line break counts."""
    kept = "\n".join(f"{line.rstrip()}  " if line.strip() else "" for line in words.split("\n"))
    return parse(kept, (), Numbering())[0]
