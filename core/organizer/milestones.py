"""`/milestone`: which round numbers were crossed when, and how many communities are told of the next ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from core.conversation.screen import Facts, Line, Part, Screen, Style
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, number
from core.platforms import WRITABLE

SHOWN = 20


def _milestone(context: Context, _: str) -> Screen:
    follow = Counter(one.platform for one in context.work.milestones.followers())
    crossed = [one for one in context.work.milestones.crossed() if one.petition in context.petitions]
    reached = tuple(
        (
            Message("milestone.row", {"number": one.number, "title": context.title(one.petition)}),
            Message("fact.day", {"date": one.at.astimezone(dt.UTC).date()}),
        )
        for one in crossed[:SHOWN]
    )
    parts: list[Part] = [
        Line(Message("milestone.followers"), Style.HEADING),
        Facts(tuple((name.capitalize(), number(follow[name])) for name in WRITABLE)),
        Line(Message("milestone.how"), Style.NOTE),
        Line(Message("milestone.crossed" if reached else "milestone.none"), Style.HEADING),
    ]
    return Screen((*parts, Facts(reached)) if reached else tuple(parts))


MILESTONE = OrganizerCommand("milestone", Message("command.milestone"), _milestone, noted=False)
