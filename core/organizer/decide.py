"""`/pause`, `/reopen`, `/close`, `/victory`, `/goal`: what is decided about a petition is shown everywhere at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.conversation.screen import Button, Line, Order, Screen
from core.messages import Message
from core.organizer.command import Context, OrganizerCommand, about_petition, number, said
from core.petition.form import unseemly
from core.petition.petition import Decision, PetitionStatus

YES = "yes"
HIGHEST_GOAL = 100_000_000
OFFERED = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)
LONGEST_WORDS = 500


def _save(context: Context, slug: str, **changes: object) -> None:
    """Let a decision be in force; the moment since when is that of the status, from which retention counts."""
    before = context.work.decisions.of(slug)
    after: Decision = replace(before, **changes)  # type: ignore[arg-type]
    if before.since is None or after.status is not before.status:
        after = replace(after, since=context.now)
    context.work.decisions.save(slug, after)


@dataclass(frozen=True, slots=True)
class _Switch:
    """A command that only changes the status: what it asks first, and what it says when it is done."""

    name: str
    status: PetitionStatus
    ask: str
    done: str

    def __call__(self, context: Context, slug: str, argument: str) -> Screen:
        title = context.title(slug)
        if argument.lower() != YES:
            yes = Button(Message("organizer.yes"), order=Order(self.name, f"{slug} {YES}"), primary=True)
            return Screen((Line(Message(self.ask, {"title": title})),), ((yes,),))
        _save(context, slug, status=self.status)
        if self.status is PetitionStatus.OPEN and not context.petition(slug).is_open(context.now):
            return said("organizer.still_closed", title=title)
        return said(self.done, title=title)

    def command(self, description: str) -> OrganizerCommand:
        """The command, as the menu describes it."""
        return OrganizerCommand(self.name, Message(description), about_petition(self.name, self))


def _victory(context: Context, slug: str, argument: str) -> Screen:
    """The words are kept as they are written, and shown above the petition from now on."""
    words = " ".join(argument.split())
    if not words or any(unseemly(character) for character in words) or len(words) > LONGEST_WORDS:
        return said("organizer.victory_how", longest=LONGEST_WORDS)
    _save(context, slug, status=PetitionStatus.VICTORY, words=words)
    return said("organizer.victory_done", title=context.title(slug))


def _goal(context: Context, slug: str, argument: str) -> Screen:
    digits = argument.replace(",", "").replace(".", "").replace(" ", "")
    if not _is_number(digits) or not 0 < int(digits) <= HIGHEST_GOAL:
        counted = context.work.tallies.of(slug).counted
        present = context.petition(slug).next_goal(counted)
        offers = [goal for goal in OFFERED if goal > counted][:4]
        rows = tuple((Button(number(goal), order=Order("goal", f"{slug} {goal}")),) for goal in offers)
        return Screen((Line(Message("organizer.goal_how", {"goal": present})),), rows)
    _save(context, slug, goal=int(digits))
    return said("organizer.goal_done", goal=int(digits))


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= len(str(HIGHEST_GOAL))


PAUSE = _Switch("pause", PetitionStatus.PAUSED, "organizer.pause_ask", "organizer.pause_done").command("command.pause")
REOPEN = _Switch("reopen", PetitionStatus.OPEN, "organizer.reopen_ask", "organizer.reopen_done").command(
    "command.reopen"
)
CLOSE = _Switch("close", PetitionStatus.CLOSED, "organizer.close_ask", "organizer.close_done").command("command.close")
VICTORY = OrganizerCommand("victory", Message("command.victory"), about_petition("victory", _victory))
GOAL = OrganizerCommand("goal", Message("command.goal"), about_petition("goal", _goal))
