"""`/pause`, `/reopen`, `/close`, `/victory`, `/goal`: decisions about a petition, which show everywhere at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from core.conversation.screen import Button, Line, Screen
from core.messages import Command, Message
from core.organizer.command import (
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    about_petition,
    number,
    sentence,
    split_petition,
)
from core.petition.form import is_forbidden
from core.petition.petition import Decision, PetitionStatus

YES, NO = "yes", "no"
HIGHEST_GOAL = 100_000_000
OFFERED = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)
LONGEST_WORDS = 500


def _save(context: OrganizerContext, slug: str, **changes: object) -> None:
    """Put a decision in force; `since` is the time of the status change, from which retention counts."""
    before = context.work.decisions.of(slug)
    after: Decision = replace(before, **changes)  # type: ignore[arg-type]
    if before.since is None or after.status is not before.status:
        after = replace(after, since=context.now)
    context.work.decisions.save(slug, after)


@dataclass(frozen=True, slots=True)
class ChangeStatus(PetitionOrder):
    """Change the status of a petition if the `reply` is YES; leave it if NO, and ask if it is empty."""

    reply: str = ""

    @property
    def rest(self) -> str:
        """The reply."""
        return self.reply


class Pause(ChangeStatus):
    """Stop signing for now."""

    name = "pause"


class Reopen(ChangeStatus):
    """Let people sign again."""

    name = "reopen"


class Close(ChangeStatus):
    """End the petition."""

    name = "close"


@dataclass(frozen=True, slots=True)
class Victory(PetitionOrder):
    """Declare victory with these words; without any, ask for them."""

    name = "victory"
    words: str = ""

    @property
    def rest(self) -> str:
        """The words."""
        return self.words


@dataclass(frozen=True, slots=True)
class SetGoal(PetitionOrder):
    """Set the next goal; 0 suggests some."""

    name = "goal"
    goal: int = 0

    @property
    def rest(self) -> str:
        """The goal in digits."""
        return str(self.goal) if self.goal else ""


@dataclass(frozen=True, slots=True)
class _StatusWords:
    """Messages of a command: its line in the menu, the question, the button that confirms, and the report."""

    description: str
    ask: str
    now: str
    done: str


def _status_command(
    order_type: type[ChangeStatus], status: PetitionStatus, words: _StatusWords
) -> OrganizerCommand[ChangeStatus]:
    """A command that only changes the status: it asks for confirmation first, and reports when it is done."""

    def parse(argument: str, petitions: Petitions) -> ChangeStatus:
        slug, rest = split_petition(argument, petitions)
        return order_type(slug, rest.lower() if rest.lower() in (YES, NO) else "")

    def run(context: OrganizerContext, order: ChangeStatus) -> Screen:
        slug, title, undo = order.petition, context.title(order.petition), Command(Reopen.name)
        erased_at = context.work.decisions.of(slug).erased_at
        if erased_at:
            return sentence("organizer.reopen_erased", title=title, date=erased_at.astimezone(dt.UTC).date())
        if order.reply == NO:
            return sentence("organizer.unchanged", title=title)
        if order.reply != YES:
            yes = Button(Message(words.now), order=replace(order, reply=YES), primary=True)
            no = Button(Message("organizer.leave"), order=replace(order, reply=NO))
            return Screen((Line(Message(words.ask, {"title": title, "command": undo})),), ((yes, no),))
        _save(context, slug, status=status)
        if status is PetitionStatus.OPEN and not context.petition(slug).is_open(context.now):
            return sentence("organizer.still_closed", title=title)
        return sentence(words.done, title=title, command=undo)

    return OrganizerCommand(order_type.name, Message(words.description), parse, about_petition(run))


def _parse_victory(argument: str, petitions: Petitions) -> Victory:
    slug, words = split_petition(argument, petitions)
    return Victory(slug, " ".join(words.split()))


def _victory(context: OrganizerContext, order: Victory) -> Screen:
    """Keep the words as written; from now on they appear above the petition."""
    words = order.words
    if not words or any(is_forbidden(character) for character in words) or len(words) > LONGEST_WORDS:
        return sentence("organizer.victory_how", longest=LONGEST_WORDS, command=Command(Victory.name))
    _save(context, order.petition, status=PetitionStatus.VICTORY, words=words)
    return sentence("organizer.victory_done", title=context.title(order.petition))


def _parse_goal(argument: str, petitions: Petitions) -> SetGoal:
    slug, words = split_petition(argument, petitions)
    digits = words.replace(",", "").replace(".", "").replace(" ", "")
    return SetGoal(slug, int(digits) if _is_number(digits) and int(digits) <= HIGHEST_GOAL else 0)


def _goal(context: OrganizerContext, order: SetGoal) -> Screen:
    slug = order.petition
    if not order.goal:
        counted = context.work.tallies.of(slug).counted
        present = context.petition(slug).next_goal(counted)
        offers = [goal for goal in OFFERED if goal > counted][:4]
        rows = tuple((Button(number(goal), order=SetGoal(slug, goal)),) for goal in offers)
        return Screen((Line(Message("organizer.goal_how", {"goal": present, "command": Command(SetGoal.name)})),), rows)
    _save(context, slug, goal=order.goal)
    return sentence("organizer.goal_done", goal=order.goal)


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= len(str(HIGHEST_GOAL))


PAUSE = _status_command(
    Pause,
    PetitionStatus.PAUSED,
    _StatusWords("command.pause", "organizer.pause_ask", "organizer.pause_now", "organizer.pause_done"),
)
REOPEN = _status_command(
    Reopen,
    PetitionStatus.OPEN,
    _StatusWords("command.reopen", "organizer.reopen_ask", "organizer.reopen_now", "organizer.reopen_done"),
)
CLOSE = _status_command(
    Close,
    PetitionStatus.CLOSED,
    _StatusWords("command.close", "organizer.close_ask", "organizer.close_now", "organizer.close_done"),
)
VICTORY = OrganizerCommand("victory", Message("command.victory"), _parse_victory, about_petition(_victory))
GOAL = OrganizerCommand("goal", Message("command.goal"), _parse_goal, about_petition(_goal))
