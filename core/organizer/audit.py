"""`/audit`: what organizers did, the newest first."""

from __future__ import annotations

import datetime as dt

from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, said
from core.screen import Facts, Line, Screen, Style

SHOWN = 20


def _audit(context: Context, _: str) -> Screen:
    deeds = context.work.audit.last(SHOWN)
    if not deeds:
        return said("organizer.nothing_done")
    rows = tuple(
        (f"{one.at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC · {one.who.name or one.who.platform}", f"/{one.what}")
        for one in deeds
    )
    return Screen((Line(Message("organizer.audit"), Style.HEADING), Facts(rows)))


AUDIT = OrganizerCommand("audit", Message("command.audit"), _audit, noted=False)
