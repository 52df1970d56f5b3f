"""`/audit`: what organizers did, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from core.conversation.screen import Facts, Line, Part, Screen, Style
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, number, said
from core.outbox import State

SHOWN = 20


def _audit(context: Context, _: str) -> Screen:
    entries, troubles = context.work.audit.last(SHOWN), tuple(_troubles(context))
    if not entries:
        return Screen((*said("organizer.nothing_done").parts, *troubles))
    rows = tuple(
        (f"{one.at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC · {one.who.name or one.who.platform}", f"/{one.what}")
        for one in entries
    )
    return Screen((Line(Message("organizer.audit"), Style.HEADING), Facts(rows), *troubles))


def _troubles(context: Context) -> Iterator[Part]:
    """What was to be sent and was not, or perhaps was: how much, by topic and reason."""
    found = context.work.outbox.troubles()
    if found:
        names = {State.DEAD: "audit.dead", State.DOUBTFUL: "audit.doubtful"}
        rows = tuple(
            (Message(names[state], {"topic": topic, "reason": reason}), number(count))
            for (topic, state, reason), count in found.items()
        )
        yield Line(Message("audit.outbox"), Style.HEADING)
        yield Facts(rows)


AUDIT = OrganizerCommand("audit", Message("command.audit"), _audit, noted=False)
