"""`/help`: what organizers can ask for; each line is a button."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.screen import Button, Line, Order, Screen, Style
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand


def help_on(commands: Sequence[OrganizerCommand]) -> OrganizerCommand:
    """The command that explains the others."""

    def run(_: Context, __: str) -> Screen:
        lines = tuple(
            Line(Message("organizer.help_entry", {"name": one.name, "what": one.description})) for one in commands
        )
        rows = tuple((Button(f"/{one.name}", order=Order(one.name)),) for one in commands)
        paired = tuple(sum(rows[number : number + 3], ()) for number in range(0, len(rows), 3))
        return Screen((Line(Message("organizer.help"), Style.HEADING), *lines), paired)

    return OrganizerCommand("help", Message("command.help"), run, noted=False)
