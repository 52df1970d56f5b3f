"""`/help`: every command for organizers, as a button; and the one that was probably meant by a mistyped command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.conversation.screen import Button, Line, Outlets, Screen, Style
from core.conversation.state import Event
from core.messages import Argument, Command, Message
from core.organizer.command import (
    LONGEST_CARRIED,
    AnyCommand,
    CommandLine,
    OrganizerCommand,
    OrganizerContext,
    plain,
    quoted,
)
from core.petition.wording import nearest

_IN_A_ROW = 3
_LIKELY = 0.6  # similarity of the names


def help_on(commands: Sequence[AnyCommand]) -> OrganizerCommand[CommandLine]:
    """The command that explains the others."""
    lines = tuple(
        Line(Message("organizer.help_entry", {"command": Command(command.name), "what": command.description}))
        for command in commands
    )
    buttons = tuple(Button(Command(command.name), order=CommandLine(command.name)) for command in commands)
    rows = tuple(buttons[first : first + _IN_A_ROW] for first in range(0, len(buttons), _IN_A_ROW))
    screen = Screen((Line(Message("organizer.help"), Style.HEADING), *lines), rows, outlets=Outlets())

    def run(_: OrganizerContext) -> Screen:
        return screen

    return plain("help", Message("command.help"), run, noted=False, only_reads=True)


def suggest(
    typed: CommandLine, organizers: Sequence[str], signers: Mapping[str, Event], groups: Mapping[str, Sequence[str]]
) -> Screen | None:
    """A button with the nearest of the organizers' and signers' commands; None if no name is near.

    If the name of one of the `groups` was typed, it's the command after it.
    """
    line = _after_group(typed, groups)
    near = nearest(line.name, (*organizers, *signers), _LIKELY)  # the first of several that are as near
    if not near:
        return None
    if near in organizers:
        fits = len(line.argument.encode()) <= LONGEST_CARRIED
        order = CommandLine(near, line.argument if fits else "")
        meant = Command(f"{near} {order.argument}".strip())
        button = Button(meant, order=order)
    else:
        meant = Command(near, is_signers=True)
        button = Button(meant, event=signers[near])
    about: dict[str, Argument] = {"typed": quoted(typed.name), "command": meant}
    return Screen((Line(Message("organizer.unknown_command", about)),), ((button,),))


def _after_group(line: CommandLine, groups: Mapping[str, Sequence[str]]) -> CommandLine:
    """The command after the name of a group, or of a group in a group; the line itself if none is near."""
    if line.name not in groups:
        return line
    name, _, argument = line.argument.partition(" ")
    inner = _after_group(CommandLine(name.lower(), argument.strip()), groups)
    return inner if nearest(inner.name, groups[line.name], _LIKELY) else line
