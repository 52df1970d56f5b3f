"""`/which PAGE COMMAND ...`: another page of the petitions to choose from for a command; only buttons carry it."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.screen import Screen
from core.messages import Message
from core.organizer.command import (
    AboutOne,
    AnyCommand,
    ChoosePetition,
    CommandLine,
    OrganizerCommand,
    OrganizerContext,
    Petitions,
    choose_petition,
    parse_page,
)
from core.organizer.count import Count


def choosing_for(commands: Sequence[AnyCommand]) -> OrganizerCommand[ChoosePetition]:
    """The command that turns the pages; it parses the other command's order, but never carries it out.

    For a command that takes no petition, it leads to the counts.
    """
    known = {command.name: command for command in commands}

    def parse(argument: str, _: Petitions) -> ChoosePetition:
        page, name, rest = (*argument.split(maxsplit=2), "", "", "")[:3]
        return ChoosePetition(parse_page(page), CommandLine(name, rest))

    def run(context: OrganizerContext, order: ChoosePetition) -> Screen:
        command = known.get(order.line.name)
        meant = command.parse(order.line.argument, {}) if command else None
        return choose_petition(context, meant if isinstance(meant, AboutOne) else Count(), order.page)

    return OrganizerCommand(ChoosePetition.name, Message("organizer.which"), parse, run, noted=False, only_reads=True)
