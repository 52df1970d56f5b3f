"""`/goal`: the number of signatures to reach next."""

from __future__ import annotations

from core.conversation.screen import Button, Line, Screen, Style
from core.messages import Argument, Message
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    Petitions,
    about_petition,
    example_of,
    number,
    quoted,
    sentence,
    split_petition,
)
from core.organizer.decision_order import SetGoal, save_decision
from core.text.numbers import NotWhole, parse_number

HIGHEST_GOAL = 100_000_000
OFFERED = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)
_REASONS = {NotWhole.WORDS: "organizer.goal_words", NotWhole.FRACTION: "organizer.goal_fraction"}


def _parse(argument: str, petitions: Petitions) -> SetGoal:
    slug, words = split_petition(argument, petitions)
    goal = parse_number(words)
    if isinstance(goal, NotWhole) or not 0 < goal <= HIGHEST_GOAL:
        return SetGoal(slug, typed=words)
    return SetGoal(slug, goal)


def _goal(context: OrganizerContext, order: SetGoal) -> Screen:
    slug, counted = order.petition, context.work.tallies.of(order.petition).counted
    if order.goal > counted:
        save_decision(context, slug, goal=order.goal)
        return sentence("organizer.goal_done", goal=order.goal, title=context.title(slug))
    refused = (_refusal(order, counted),) if order.rest else ()
    present = context.petition(slug).next_goal(counted)
    how = Message("organizer.goal_how", {"goal": present, "example": example_of(context, order, "25000")})
    offers = [goal for goal in OFFERED if goal > counted][:4]
    rows = tuple((Button(number(goal), order=SetGoal(slug, goal)),) for goal in offers)
    return Screen((*refused, Line(how)), rows)


def _refusal(order: SetGoal, counted: int) -> Line:
    """The reason why a goal is impossible."""
    goal = order.goal or parse_number(order.typed)
    about: dict[str, Argument] = {"words": quoted(order.typed), "count": counted, "highest": HIGHEST_GOAL}
    if isinstance(goal, NotWhole):
        return Line(Message(_REASONS[goal], about), Style.ALERT)
    return Line(Message("organizer.goal_high" if goal > HIGHEST_GOAL else "organizer.goal_low", about), Style.ALERT)


GOAL = OrganizerCommand(
    "goal", Message("command.goal"), _parse, about_petition(_goal), parameters=(PETITION, Parameter("goal"))
)
