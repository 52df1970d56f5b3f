"""`/invite`, `/organizers`, `/dismiss`: the organizers besides those in the settings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.conversation.paging import page_line, page_of, turning_by_order
from core.conversation.screen import Button, Emphasis, Facts, Line, Screen, Style
from core.messages import Command, Message
from core.organizer.command import (
    LISTED,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    Petitions,
    name_page,
    parse_page,
    plain,
    sentence,
)
from core.platforms import Platform
from core.team import Organizer

JOIN = "join"
_SURE = "yes"
VALID_FOR = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ListOrganizers:
    """Show a page (from 0) of the organizers who joined with a code."""

    name: ClassVar[str] = "organizers"
    page: int = 0

    @property
    def argument(self) -> str:
        """The page as people count, except for the first."""
        return name_page(self.page)


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Remove an organizer; `key` names their entry. Organizers who remove themselves must have `is_sure`."""

    name: ClassVar[str] = "dismiss"
    key: str
    is_sure: bool = False

    @property
    def argument(self) -> str:
        """The key, and the word that confirms."""
        return f"{self.key} {_SURE}" if self.is_sure else self.key


def _invite(context: OrganizerContext) -> Screen:
    """A code with which one other person can become an organizer within a day."""
    code = context.new_code()
    context.work.organizers.invite(code, context.now + VALID_FOR)
    return Screen((Line(Message("organizer.invite", {"hours": 24})), _as_typed(f"{JOIN} {code}", context.platforms)))


def _as_typed(line: str, platforms: tuple[Platform, ...]) -> Line | Facts:
    """The command as people type it on these platforms: once if it is the same on all, otherwise for each."""
    commands = tuple(Command(line, platform) for platform in platforms)
    if len({platform.command_sign for platform in platforms}) > 1:
        return Facts(tuple(zip((platform.capitalize() for platform in platforms), commands, strict=True)))
    return Line(commands[0] if commands else Command(line), Style.HEADING)


def _organizers(context: OrganizerContext, order: ListOrganizers) -> Screen:
    """The organizers who joined with a code, without those named in the settings."""
    joined, page, pages = page_of(context.work.organizers.all(), order.page, LISTED)
    if not joined:
        return sentence("organizer.nobody_joined", command=Command("invite"))
    rows = tuple(
        (_name(organizer), Message("fact.day", {"date": context.day(organizer.since)})) for organizer in joined
    )
    buttons = ((_dismiss_button(organizer),) for organizer in joined)
    heading = Line(Message("organizer.joined"), Style.HEADING)
    turns = turning_by_order(page, pages, ListOrganizers)
    return Screen((heading, *page_line(page, pages), Facts(rows)), (*buttons, *turns))


def _parse_organizers(argument: str, _: Petitions) -> ListOrganizers:
    return ListOrganizers(parse_page(argument))


def _name(organizer: Organizer) -> str:
    return f"{organizer.signer.name} ({organizer.signer.platform.capitalize()})"


def _dismiss_button(organizer: Organizer) -> Button:
    return Button(Message("organizer.dismiss", {"name": _name(organizer)}), order=Dismiss(organizer.key))


def _parse_dismiss(argument: str, _: Petitions) -> Dismiss:
    key, reply = (*argument.split(), "", "")[:2]
    return Dismiss(key, reply == _SURE)


def _dismiss(context: OrganizerContext, order: Dismiss) -> Screen:
    """Remove an organizer; ask first if that is the organizer who asks."""
    mine = any(
        organizer.key == order.key for organizer in context.work.organizers.all() if _is_mine(context, organizer)
    )
    if mine and not order.is_sure:
        yes = Button(Message("organizer.leave_now"), order=Dismiss(order.key, is_sure=True))
        no = Button(Message("organizer.stay"), order=ListOrganizers(), emphasis=Emphasis.PRIMARY)
        return Screen((Line(Message("organizer.leave_ask")),), ((no, yes),))
    if not context.work.organizers.remove(order.key):
        return _organizers(context, ListOrganizers())
    return sentence("organizer.left" if mine else "organizer.dismissed")


def _is_mine(context: OrganizerContext, organizer: Organizer) -> bool:
    return (organizer.signer.platform, organizer.signer.user_id) == (context.signer.platform, context.signer.user_id)


INVITE = plain("invite", Message("command.invite"), _invite)
ORGANIZERS = OrganizerCommand(ListOrganizers.name, Message("command.organizers"), _parse_organizers, _organizers)
DISMISS = OrganizerCommand(
    "dismiss", Message("command.dismiss"), _parse_dismiss, _dismiss, parameters=(Parameter("entry"),)
)
