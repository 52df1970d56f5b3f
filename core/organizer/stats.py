"""`/stats`: how many signatures of each petition count, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterator

from core.messages import Message
from core.organizer.command import Context, OrganizerCommand
from core.screen import Facts, Line, Part, Screen, Style
from core.signing import SignatureStatus

_NAMES = {
    SignatureStatus.COUNTED: Message("stats.counted"),
    SignatureStatus.DUPLICATE: Message("stats.duplicate"),
    SignatureStatus.WITHDRAWN: Message("stats.withdrawn"),
}


def _stats(context: Context, argument: str) -> Screen:
    """Of the petition named, else of all."""
    named = argument.lower()
    slugs = [named] if named in context.petitions else list(context.petitions)
    return Screen(tuple(part for slug in slugs for part in _of(context, slug)))


def _of(context: Context, slug: str) -> Iterator[Part]:
    tally = context.work.tallies.of(slug)
    goal = context.petition(slug).next_goal(tally.counted)
    rows = [(name, Message("stats.number", {"number": tally.totals.get(status, 0)})) for status, name in _NAMES.items()]
    yield Line(context.title(slug), Style.HEADING)
    yield Facts((*rows, (Message("stats.goal"), Message("stats.number", {"number": goal}))))


STATS = OrganizerCommand("stats", Message("command.stats"), _stats)
