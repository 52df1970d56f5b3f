"""`/announce [slug] TEXT`: drafts an announcement and previews it; without a text, lists the latest ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.conversation.screen import Button, Line, Screen, Style
from core.messages import Command, Message
from core.organizer.announcement import draft_screen
from core.organizer.announcement_order import AnnouncementOrder
from core.organizer.command import (
    PETITION,
    TEXT,
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    Writing,
    example_of,
    sentence,
)
from core.outreach.announcement import Announcement
from core.petition.collection import find_slug
from core.petition.form import is_forbidden
from core.text.pages import utf16_length

LONGEST = 1500  # UTF-16 units: a preview shows it twice, and must fit on every platform
LISTED = 8
_EXAMPLE = Message("announcement.example")
LONGEST_BEGINNING = 40


@dataclass(frozen=True, slots=True)
class Announce(PetitionOrder):
    """Write an announcement; without words, list the existing ones.

    Without a petition, the words are kept while the organizer chooses one.
    """

    name = "announce"
    words: str = ""

    @property
    def rest(self) -> str:
        """The words."""
        return self.words


def _parse(argument: str, petitions: Petitions) -> Announce:
    """Parse the argument; the petition's slug may be on a line of its own."""
    first, *rest = argument.split(maxsplit=1)[:2] or [""]
    if first.lower() in petitions:
        return Announce(find_slug(petitions, first.lower()), "".join(rest).strip())
    only = next(iter(petitions)) if len(petitions) == 1 else ""
    return Announce(only, argument.strip())


def _announce(context: OrganizerContext, order: Announce) -> Screen:
    words = order.words
    if not words:
        return _recent(context, order)
    if utf16_length(words) > LONGEST:
        return sentence("announcement.too_long", longest=LONGEST, length=utf16_length(words))
    if any(is_forbidden(character) and character != "\n" for character in words):
        return sentence("announcement.unseemly")
    return draft_screen(
        context, context.work.announcements.add(order.petition or context.open_petition, words, context.now)
    )


def _recent(context: OrganizerContext, order: Announce) -> Screen:
    recent = list(recent_announcements(context))
    rows = tuple((Button(words, order=AnnouncementOrder(announcement.id)),) for announcement, words in recent)
    heading = Message("announcement.recent", {"count": len(recent)}) if recent else Message("announcement.none")
    example = example_of(context, order, text=_EXAMPLE) if order.petition else Command(Announce.name, text=_EXAMPLE)
    how = Message("announcement.how", {"example": example})
    return Screen((Line(heading, Style.HEADING), Line(how)), rows, writes=Announce(order.petition))


def recent_announcements(context: OrganizerContext) -> Iterator[tuple[Announcement, Message]]:
    """The latest announcements, newest first, each with its beginning."""
    for announcement in context.work.announcements.last(LISTED):
        yield announcement, _summary(context, announcement)


def _summary(context: OrganizerContext, announcement: Announcement) -> Message:
    beginning = " ".join(announcement.words.split())[:LONGEST_BEGINNING]
    return Message(
        "announcement.entry",
        {"number": str(announcement.id), "date": context.day(announcement.made_at), "words": beginning},
    )


ANNOUNCE = OrganizerCommand(
    "announce", Message("command.announce"), _parse, _announce, parameters=(PETITION, TEXT),
    writing=Writing(Message("announcement.text"), LONGEST, _EXAMPLE),
)  # fmt: skip
