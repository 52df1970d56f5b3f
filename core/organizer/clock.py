"""`/clock`: lets an organizer confirm a clock that jumped, so that retention goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from core.conversation.screen import Button, Emphasis, Line, Screen, Style
from core.messages import Argument, Message
from core.organizer.command import (
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    Petitions,
)
from core.petition.retention import confirm_clock, find_doubt

NAME = "clock"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ConfirmClock:
    """Confirm that the clock reads the right day, which the organizer was shown; without a day, ask."""

    name: ClassVar[str] = NAME
    day: str = ""

    @property
    def argument(self) -> str:
        """The day, as YYYY-MM-DD."""
        return self.day


def _parse(argument: str, _: Petitions) -> ConfirmClock:
    return ConfirmClock(argument if _DAY.fullmatch(argument) else "")


def _confirm(context: OrganizerContext, order: ConfirmClock) -> Screen:
    newest, today = find_doubt(context.work.moments, context.now), context.day(context.now)
    about: dict[str, Argument] = {"today": today}
    if newest is None:
        return Screen((Line(Message("clock.right", about)),))
    if order.day == today.isoformat():
        confirm_clock(context.work.moments, context.now)
        return Screen((Line(Message("clock.confirmed", about), Style.NOTICE),))
    about["date"] = context.day(newest)
    yes = Button(Message("clock.yes", about), order=ConfirmClock(today.isoformat()), emphasis=Emphasis.PRIMARY)
    return Screen((Line(Message("clock.ask", about), Style.ALERT), Line(Message("clock.wrong"))), ((yes,),))


CLOCK = OrganizerCommand(NAME, Message("command.clock"), _parse, _confirm, parameters=(Parameter("day"),))
