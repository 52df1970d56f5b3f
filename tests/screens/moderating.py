"""Screens for communities and their moderators: cards, counts, refusals, and the menus of commands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from bots.discord.card_menu import KIND as MESSAGE_MENU
from bots.discord.menu import definitions
from bots.discord.organizing import organize_definition
from bots.preview.states import closed_states
from bots.telegram.commands import ADMINISTRATORS, GROUP, MENU
from core.conversation import state as ev
from core.conversation.choosing import choose_petition
from core.conversation.scene import card, companion_lines
from core.conversation.screen import View
from core.messages import Message
from core.organizer import COMMANDS
from core.petition.petition import Petition
from core.queries import Queries
from core.services.community import DAYS, report
from tests.screens import drawing
from tests.screens.reading import variant
from tests.screens.studio import DISCORD, TELEGRAM, TERMINAL, Studio
from tests.world import TREES

CARDS, COMMUNITY, MENUS, ANSWERS = (
    "Cards",
    "A community's signatures",
    "Menus and descriptions",
    "Answers to moderators",
)
LABEL, PEOPLE = "g0123456789ab", 1234


def cards(studio: Studio) -> None:
    """Posts for everybody in a group or a server."""
    petition = studio.petitions[TREES]
    shown = View(card(petition, studio.locale, PEOPLE, studio.world.now), studio.locale, TREES)
    with studio.place(TELEGRAM, CARDS, "A card in a group") as pieces:
        pieces.append(drawing.telegram(studio.telegram.card(shown, LABEL)))
    with studio.place(DISCORD, CARDS, "A card in a server") as pieces:
        pieces.append(drawing.discord(studio.discord.card(shown, LABEL)))
    _shut(studio, replace(petition, opens=dt.date(2026, 9, 1), closes=dt.date(2026, 12, 31)))
    with studio.place(TELEGRAM, CARDS, "/count in a group") as pieces:
        counted = Message("progress.count", {"count": PEOPLE, "goal": petition.next_goal(PEOPLE)})
        lines = [petition.text(studio.locale).title, studio.says(counted), *_together(studio, "telegram.group_count")]
        pieces.append(drawing.paragraphs(lines))
    person = studio.person("Ben", TREES)
    person.does(ev.Open())
    assert person.view
    parts = (*person.screen.parts, *companion_lines("discord.server_count", 7))
    in_server = replace(person.view, screen=replace(person.screen, parts=parts))
    studio.in_company(CARDS, "/petition show in a server", in_server)
    many = {f"trees-{number}": variant(slug=f"trees-{number}") for number in range(10)}
    choice = Studio(studio.album, studio.locale, *many.values())
    for page in range(2):
        choice.does(CARDS, f"Very many petitions, page {page + 1}", choice.person("Ben", ""), ev.ListPetitions(page))


def _shut(studio: Studio, petition: Petition) -> None:
    """The card, without signatures, and the list in every state in which nobody can sign."""
    for state in closed_states(petition):
        shown = View(card(state.petition, studio.locale, 0, state.now), studio.locale, TREES)
        with studio.place(TELEGRAM, CARDS, f"A card in a group: {state.title.lower()}") as pieces:
            pieces.append(drawing.telegram(studio.telegram.card(shown, LABEL)))
        with studio.place(DISCORD, CARDS, f"A card in a server: {state.title.lower()}") as pieces:
            pieces.append(drawing.discord(studio.discord.card(shown, LABEL)))
        listed = choose_petition({TREES: petition}, partial(_in_state, state.petition), studio.locale, state.now)
        studio.show(CARDS, f"The list: {state.title.lower()}", View(listed, studio.locale))


def _in_state(decided: Petition, _: Petition) -> Petition:
    return decided


def _together(studio: Studio, key: str) -> list[str]:
    return [studio.catalog.words(line.words, studio.locale) for line in companion_lines(key, 7)]


@dataclass(frozen=True)
class _Brought:
    """The two figures of a community that a report asks for."""

    total: int
    days: Sequence[tuple[dt.date, int]] = ()

    def credited(self, petition: str, label: str) -> int:
        return self.total

    def trend(self, petition: str, label: str, since: dt.date) -> Sequence[tuple[dt.date, int]]:
        return self.days


def reports(studio: Studio) -> None:
    """`/community`, for few and for many."""
    today, petitions = studio.world.now.date(), {TREES: studio.petitions[TREES]}
    many = _Brought(40, [(today - dt.timedelta(days=ago), 5 + ago) for ago in range(DAYS - 2)])
    for title, brought in (("/community, with few", _Brought(3)), ("/community", many)):
        screen = report(cast("Queries", brought), petitions, LABEL, studio.locale, studio.world.now)
        studio.show(COMMUNITY, title, View(screen, studio.locale))


def orders(studio: Studio) -> None:
    """Answers to `/petition` in a group that has its card, and to what administrators write after it."""
    for title, message in (
        ("/petition where the card already is", Message("telegram.above")),
        ("A card after /petition move", Message("telegram.moved")),
        ("A card after /petition move: its button", Message("telegram.to_card")),
        ("/petition move, with several petitions", Message("telegram.move_which")),
        ("/petition language", Message("telegram.language_ask", {"language": "English"})),
        ("/petition language es", Message("telegram.language_set", {"language": "Español"})),
    ):
        studio.sentence(TELEGRAM, ANSWERS, title, message)


def answers(studio: Studio) -> None:
    """Sentences to moderators, and why something cannot be done."""
    for surface, title, message in (
        (TELEGRAM, "/milestone on", Message("milestone.on")),
        (TELEGRAM, "/milestone off", Message("milestone.off")),
        (TERMINAL, "At the beginning", Message("terminal.hint")),
        (TERMINAL, "At the end", Message("terminal.goodbye")),
    ):
        studio.sentence(surface, ANSWERS, title, message)


def menus(studio: Studio) -> None:
    """Commands as each platform lists them, and what Telegram says of the bot."""
    for title, commands in (
        ("The menu in a private chat", MENU),
        ("The menu of organizers", [(one.name, one.description) for one in COMMANDS]),
        ("The menu in a group", GROUP),
        ("The menu of a group's administrators", ADMINISTRATORS),
    ):
        _menu(studio, title, commands)
    with studio.place(TELEGRAM, MENUS, "The bot's profile") as pieces:
        keys = ("telegram.short_description", "telegram.description")
        pieces.append(drawing.paragraphs(studio.says(Message(key)) for key in keys))
    with studio.place(DISCORD, MENUS, "The commands") as pieces:
        pieces.append(
            drawing.table(row for one in definitions(studio.catalog) for row in _slash(studio.locale, one, "/"))
        )
    with studio.place(DISCORD, MENUS, "The command of the organizers' server") as pieces:
        pieces.append(drawing.table(_slash(studio.locale, organize_definition(studio.catalog), "/")))


def _menu(studio: Studio, title: str, commands: Iterable[tuple[str, Message]]) -> None:
    with studio.place(TELEGRAM, MENUS, title) as pieces:
        pieces.append(drawing.table((f"/{name}", studio.says(words)) for name, words in commands))


def _slash(locale: str, command: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    """A command and its options as Discord shows them in this language."""
    described = command.get("description_localizations", {})
    names = command.get("name_localizations", {})
    code = next((code for code in (*described, *names) if code.startswith(locale)), "")
    name = ("" if command.get("type") == MESSAGE_MENU else before) + names.get(code, command["name"])
    yield name, described.get(code, command.get("description", ""))
    for one in command.get("options", []):
        yield from _slash(locale, one, f"{name} ")
