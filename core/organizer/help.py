"""`/help`: every command for organizers, as a button."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.screen import Button, Line, Screen, Style
from core.messages import Command, Message
from core.organizer.command import AnyCommand, CommandLine, OrganizerCommand, OrganizerContext, plain

_IN_A_ROW = 3


def help_on(commands: Sequence[AnyCommand]) -> OrganizerCommand[CommandLine]:
    """The command that explains the others."""
    lines = tuple(
        Line(Message("organizer.help_entry", {"command": Command(command.name), "what": command.description}))
        for command in commands
    )
    buttons = tuple(Button(Command(command.name), order=CommandLine(command.name)) for command in commands)
    rows = tuple(buttons[first : first + _IN_A_ROW] for first in range(0, len(buttons), _IN_A_ROW))
    screen = Screen((Line(Message("organizer.help"), Style.HEADING), *lines), rows)

    def run(_: OrganizerContext) -> Screen:
        return screen

    return plain("help", Message("command.help"), run, noted=False, only_reads=True)
