"""`/pause`, `/reopen`, `/close`: decisions about a petition, which show everywhere at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.conversation.screen import Button, Emphasis, Line, Screen
from core.messages import Command, Message
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    Petitions,
    about_petition,
    sentence,
    split_petition,
)
from core.organizer.decision_order import NO, YES, ChangeStatus, Close, Pause, Reopen, save_decision
from core.organizer.victory import plan_victory
from core.petition.petition import Decision, PetitionStatus


@dataclass(frozen=True, slots=True)
class _StatusWords:
    """Messages of a command: its line in the menu, the question, the button that confirms, and the report."""

    description: str
    ask: str
    now: str
    done: str


_WORDS: Mapping[type[ChangeStatus], _StatusWords] = {
    Pause: _StatusWords("command.pause", "organizer.pause_ask", "organizer.pause_now", "organizer.pause_done"),
    Reopen: _StatusWords("command.reopen", "organizer.reopen_ask", "organizer.reopen_now", "organizer.reopen_done"),
    Close: _StatusWords("command.close", "organizer.close_ask", "organizer.close_now", "organizer.close_done"),
}


def _status_command(order_type: type[ChangeStatus], status: PetitionStatus) -> OrganizerCommand[ChangeStatus]:
    """A command that only changes the status: it asks for confirmation first, and reports when it is done."""

    def parse(argument: str, petitions: Petitions) -> ChangeStatus:
        slug, rest = split_petition(argument, petitions)
        reply = rest.lower() if rest.lower() in (YES, NO) else ""
        return order_type(slug, reply, unknown="" if reply else rest)

    def run(context: OrganizerContext, order: ChangeStatus) -> Screen:
        slug, title, undo = order.petition, context.title(order.petition), Command(Reopen.name)
        before = context.work.decisions.of(slug)
        if before.erased_at:
            return sentence("organizer.reopen_erased", title=title, date=context.petitions[slug].day(before.erased_at))
        if order.reply == NO:
            return sentence("organizer.unchanged", title=title)
        if before.status is PetitionStatus.VICTORY and status is not PetitionStatus.OPEN:
            won = Message("organizer.won_already", {"title": title})
            return Screen((Line(won),), ((_button(Reopen(slug)),),))
        if order.reply != YES:
            return _ask(context, order, before)
        save_decision(context, slug, status=status)
        if status is PetitionStatus.OPEN and not context.petition(slug).is_open(context.now):
            return sentence("organizer.still_closed", title=title)
        done = Message(_WORDS[type(order)].done, {"title": title, "command": undo})
        return Screen((Line(done),), tuple(_ways_back(context, order, before)))

    return OrganizerCommand(
        order_type.name, Message(_WORDS[order_type].description), parse, about_petition(run),
        parameters=(PETITION, Parameter("reply", (YES, NO))),
    )  # fmt: skip


def _ask(context: OrganizerContext, order: ChangeStatus, before: Decision) -> Screen:
    words = _WORDS[type(order)]
    ask = "organizer.reopen_won_ask" if before.status is PetitionStatus.VICTORY else words.ask
    question = Message(ask, {"title": context.title(order.petition), "command": Command(Reopen.name)})
    no = Button(Message("organizer.leave"), order=replace(order, reply=NO, unknown=""))
    yes = Button(Message(words.now), order=replace(order, reply=YES, unknown=""), emphasis=Emphasis.PRIMARY)
    return Screen((Line(question),), ((yes, no),))


def _ways_back(context: OrganizerContext, order: ChangeStatus, before: Decision) -> tuple[tuple[Button, ...], ...]:
    """A button that leads back to the status before."""
    slug = order.petition
    if not isinstance(order, Reopen):
        return ((_button(Reopen(slug)),),)
    if before.status is PetitionStatus.VICTORY:
        return ((Button(Message("organizer.victory_now"), order=plan_victory(context, slug, before.words)),),)
    return ((_button(Close(slug) if before.status is PetitionStatus.CLOSED else Pause(slug)),),)


def _button(order: ChangeStatus) -> Button:
    """The button of a command, which asks before it does anything: it stays in the chat, to be tapped by mistake."""
    return Button(Message(_WORDS[type(order)].now), order=order)


PAUSE = _status_command(Pause, PetitionStatus.PAUSED)
REOPEN = _status_command(Reopen, PetitionStatus.OPEN)
CLOSE = _status_command(Close, PetitionStatus.CLOSED)
