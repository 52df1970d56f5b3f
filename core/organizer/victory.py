"""`/victory`: the organizers' words above a petition that has been won, which ends signing."""

from __future__ import annotations

from typing import TypeAlias

from core.conversation.screen import Button, Emphasis, Line, Screen, Style
from core.messages import Argument, Command, Message
from core.organizer.command import (
    PETITION,
    TEXT,
    OrganizerCommand,
    OrganizerContext,
    Petitions,
    Writing,
    about_petition,
    example_of,
    sentence,
    split_petition,
)
from core.organizer.decision_order import NO, Close, ConfirmVictory, Reopen, Victory, save_decision
from core.petition.form import is_forbidden
from core.petition.petition import PetitionStatus
from core.signatures.review import Plan

LONGEST_WORDS = 500
_EXAMPLE = Message("organizer.victory_example")
_DO = "do "
_PLANNED = f"{Victory.name} "  # before the words of a plan, since reviews keep theirs there too

VictoryOrder: TypeAlias = Victory | ConfirmVictory


def _parse(argument: str, petitions: Petitions) -> VictoryOrder:
    if argument.lower().startswith(_DO) and len(argument.split()) == 2:
        return ConfirmVictory(argument[len(_DO) :].strip().upper())
    slug, words = split_petition(argument, petitions)
    return Victory(slug, " ".join(words.split()))


def _victory(context: OrganizerContext, order: VictoryOrder) -> Screen:
    return _declare(context, order) if isinstance(order, ConfirmVictory) else about_petition(_ask)(context, order)


def _ask(context: OrganizerContext, order: Victory) -> Screen:
    """Show the words as people will read them, and say that signing stops."""
    words, example = order.words, example_of(context, order, text=_EXAMPLE)
    about_how: dict[str, Argument] = {"longest": LONGEST_WORDS, "example": example}
    how, again = Message("organizer.victory_how", about_how), Victory(order.petition)
    if len(words) > LONGEST_WORDS:
        about: dict[str, Argument] = {"length": len(words), "longest": LONGEST_WORDS}
        return Screen((Line(Message("organizer.victory_long", about), Style.ALERT), Line(how)), writes=again)
    if any(is_forbidden(character) for character in words):
        return Screen((Line(Message("organizer.victory_unseemly"), Style.ALERT), Line(how)), writes=again)
    if not words:
        return Screen((Line(how),), writes=again)
    yes = Button(
        Message("organizer.victory_now"), order=plan_victory(context, order.petition, words), emphasis=Emphasis.PRIMARY
    )
    no = Button(Message("organizer.leave"), order=Close(order.petition, NO))
    ask = Message("organizer.victory_ask", {"title": context.title(order.petition)})
    return Screen((Line(ask), Line(words, Style.HEADING)), ((yes, no),))


def plan_victory(context: OrganizerContext, slug: str, words: str) -> ConfirmVictory:
    """Keep the words until they are confirmed, since they may be too long for a button; the order that confirms."""
    code = context.new_code()
    context.work.reviews.keep(code, Plan(slug, _PLANNED + words, context.now))
    return ConfirmVictory(code)


def _declare(context: OrganizerContext, order: ConfirmVictory) -> Screen:
    """Put the words above the petition."""
    plan = context.work.reviews.take(order.code)
    is_valid = plan and plan.words.startswith(_PLANNED) and not plan.is_old(context.now)
    if plan is None or not is_valid or plan.petition not in context.petitions:
        return sentence("organizer.victory_gone", command=Command(order.name))
    words = plan.words.removeprefix(_PLANNED)
    save_decision(context, plan.petition, status=PetitionStatus.VICTORY, words=words)
    back = Button(Message("organizer.reopen_now"), order=Reopen(plan.petition))
    done = Message("organizer.victory_done", {"title": context.title(plan.petition)})
    return Screen((Line(done, Style.NOTICE),), ((back,),))


VICTORY = OrganizerCommand(
    "victory", Message("command.victory"), _parse, _victory, parameters=(PETITION, TEXT),
    writing=Writing(Message("organizer.victory_text"), LONGEST_WORDS, _EXAMPLE),
)  # fmt: skip
