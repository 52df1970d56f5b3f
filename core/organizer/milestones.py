"""`/milestone`: the milestones crossed so far, and how many communities follow the next ones."""

from __future__ import annotations

from collections import Counter

from core.conversation.screen import Facts, Line, Part, Screen, Style
from core.messages import Message
from core.organizer.command import OrganizerContext, number, plain
from core.platforms import WRITABLE

SHOWN = 20


def _milestone(context: OrganizerContext) -> Screen:
    follow = Counter(follower.platform for follower in context.work.milestones.followers())
    crossed = [milestone for milestone in context.work.milestones.crossed() if milestone.petition in context.petitions]
    reached = tuple(
        (
            Message("milestone.row", {"number": milestone.number, "title": context.title(milestone.petition)}),
            Message("fact.day", {"date": context.petitions[milestone.petition].day(milestone.at)}),
        )
        for milestone in crossed[:SHOWN]
    )
    parts: list[Part] = [
        Line(Message("milestone.followers"), Style.HEADING),
        Facts(tuple((name.capitalize(), number(follow[name])) for name in WRITABLE)),
        Line(Message("milestone.how_telegram"), Style.NOTE),
        Line(Message("milestone.how_discord"), Style.NOTE),
        Line(Message("milestone.crossed" if reached else "milestone.none"), Style.HEADING),
    ]
    return Screen((*parts, Facts(reached)) if reached else tuple(parts))


MILESTONE = plain("milestone", Message("command.milestone"), _milestone, noted=False, only_reads=True)
