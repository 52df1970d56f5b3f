"""`/audit`: the commands that organizers gave, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.screen import Facts, Line, Part, Screen, Style
from core.messages import Command, Message
from core.organizer.command import OrganizerContext, number, plain, sentence
from core.outbox import State
from core.outreach.topics import topic_words
from core.petition.zone import zone_words

SHOWN = 20


def _audit(context: OrganizerContext) -> Screen:
    entries, troubles = context.work.audit.last(SHOWN), tuple(_troubles(context))
    if not entries:
        return Screen((*sentence("organizer.nothing_done").parts, *troubles))
    zone = context.zone
    rows = tuple(
        (f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M} · {entry.who.name or entry.who.platform}", Command(entry.what))
        for entry in entries
    )
    heading = Line(Message("organizer.audit", {"zone": zone_words(zone)}), Style.HEADING)
    return Screen((heading, Facts(rows), *troubles))


def _troubles(context: OrganizerContext) -> Iterator[Part]:
    """Entries of the outbox that failed or may have failed, by topic and reason."""
    troubles = context.work.outbox.troubles()
    if troubles:
        names = {State.DEAD: "audit.dead", State.DOUBTFUL: "audit.doubtful"}
        rows = tuple(
            (Message(names[state], {"topic": topic_words(topic), "reason": reason}), number(count))
            for (topic, state, reason), count in troubles.items()
        )
        yield Line(Message("audit.outbox"), Style.HEADING)
        yield Facts(rows)


AUDIT = plain("audit", Message("command.audit"), _audit, noted=False, only_reads=True)
