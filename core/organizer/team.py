"""`/invite`, `/organizers`, `/dismiss`: who else may organize."""

from __future__ import annotations

import datetime as dt

from core.conversation.screen import Button, Facts, Line, Order, Screen, Style
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, said
from core.ports import Organizer

JOIN = "join"
VALID_FOR = dt.timedelta(hours=24)


def _invite(context: Context, _: str) -> Screen:
    """A code that makes one other person an organizer, within a day."""
    code = context.new_code()
    context.work.organizers.invite(code, context.now + VALID_FOR)
    return Screen((Line(Message("organizer.invite", {"hours": 24})), Line(f"/{JOIN} {code}", Style.HEADING)))


def _organizers(context: Context, _: str) -> Screen:
    """Those who joined by a code; those named in the settings stand there, and only there."""
    joined = context.work.organizers.all()
    if not joined:
        return said("organizer.nobody_joined")
    rows = tuple((_name(one), Message("fact.day", {"date": one.since.date()})) for one in joined)
    buttons = tuple(
        (Button(Message("organizer.dismiss", {"name": _name(one)}), order=Order("dismiss", one.key)),) for one in joined
    )
    return Screen((Line(Message("organizer.joined"), Style.HEADING), Facts(rows)), buttons)


def _name(organizer: Organizer) -> str:
    return f"{organizer.signer.name} ({organizer.signer.platform})"


def _dismiss(context: Context, key: str) -> Screen:
    """Take somebody's right to organize back."""
    if not context.work.organizers.remove(key):
        return _organizers(context, "")
    return said("organizer.dismissed")


INVITE = OrganizerCommand("invite", Message("command.invite"), _invite)
ORGANIZERS = OrganizerCommand("organizers", Message("command.organizers"), _organizers)
DISMISS = OrganizerCommand("dismiss", Message("command.dismiss"), _dismiss)
