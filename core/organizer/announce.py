"""`/announce [slug] TEXT`: writes an announcement, and shows how it would arrive; without a text, those there are."""

from __future__ import annotations

from core.conversation.screen import Button, Line, Order, Screen, Style
from core.messages import Message
from core.organizer.announcement import NAME, draft_screen
from core.organizer.command import Context, OrganizerCommand, said
from core.outreach.announcement import Announcement
from core.petition.form import unseemly
from core.text.pages import utf16_length

LONGEST = 1500  # UTF-16 units: so that a preview has room for it twice on every platform
LISTED = 8
LONGEST_LABEL = 40


def _announce(context: Context, argument: str) -> Screen:
    slug, words = _about(context, argument)
    if not words:
        return _recent(context)
    if utf16_length(words) > LONGEST:
        return said("announcement.too_long", longest=LONGEST, length=utf16_length(words))
    if any(unseemly(character) and character != "\n" for character in words):
        return said("announcement.unseemly")
    return draft_screen(context, context.work.announcements.add(slug, words, context.now))


def _about(context: Context, argument: str) -> tuple[str, str]:
    """The petition and the words; no petition where it is still to be chosen, so that the words are kept meanwhile."""
    first, *rest = argument.split(maxsplit=1)[:2] or [""]
    if first.lower() in context.petitions:
        return first.lower(), "".join(rest).strip()
    only = next(iter(context.petitions)) if len(context.petitions) == 1 else ""
    return only, argument.strip()


def _recent(context: Context) -> Screen:
    found = context.work.announcements.last(LISTED)
    rows = tuple((Button(_called(one), order=Order(NAME, str(one.id))),) for one in found)
    heading = Message("announcement.recent", {"count": len(found)}) if found else Message("announcement.none")
    return Screen((Line(heading, Style.HEADING), Line(Message("announcement.how"))), rows)


def _called(one: Announcement) -> Message:
    begun = " ".join(one.words.split())[:LONGEST_LABEL]
    return Message("announcement.entry", {"number": str(one.id), "date": one.made_at.date(), "words": begun})


ANNOUNCE = OrganizerCommand("announce", Message("command.announce"), _announce)
