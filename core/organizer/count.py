"""`/count`: how each petition stands, with what does not count; to everybody else it is the public number."""

from __future__ import annotations

from core.conversation.screen import Screen
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand
from core.organizer.figures import standing

MOST_LISTED = 10  # petitions on one screen


def _count(context: Context, argument: str) -> Screen:
    slugs = [argument.lower()] if argument.lower() in context.petitions else list(context.petitions)[:MOST_LISTED]
    return Screen(tuple(part for slug in slugs for part in standing(context, slug)))


COUNT = OrganizerCommand("count", Message("command.count"), _count, noted=False)
