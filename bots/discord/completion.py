"""Completion of options: petitions, sources, and languages, by their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bots.common.json_object import JsonObject
from bots.discord import commands, moderator_commands
from bots.discord.commands import Invocation
from bots.discord.limits import MOST_OPTIONS, cut_to
from core.petition.collection import distinct_titles
from core.petition.petition import Petition

LONGEST_CHOICE = 100


def complete(
    typed: Invocation, petitions: Mapping[str, Petition], locale: str, languages: Mapping[str, str]
) -> list[JsonObject]:
    """The petitions, languages, or sources to choose from, while a person types."""
    match typed.focused:
        case commands.PETITION:
            return offered(typed, _petitions(petitions, locale))
        case moderator_commands.LANGUAGE_OPTION:
            return offered(typed, ((own, code) for code, own in languages.items()))
    return offered(typed, _sources(typed, petitions, locale))


def offered(typed: Invocation, choices: Iterable[tuple[str, str]]) -> list[JsonObject]:
    """The choices, as words and value, that contain every typed word, up to Discord's limits."""
    words = typed.options.get(typed.focused, "").casefold().split()
    fitting = [
        (name, value)
        for name, value in choices
        if len(value) <= LONGEST_CHOICE and all(word in f"{name} {value}".casefold() for word in words)
    ]
    return [{"name": cut_to(name, LONGEST_CHOICE), "value": value} for name, value in fitting[:MOST_OPTIONS]]


def _petitions(petitions: Mapping[str, Petition], locale: str) -> Iterator[tuple[str, str]]:
    titles = distinct_titles(petitions, locale)
    for slug, petition in petitions.items():
        yield titles[slug], petition.public_slug


def _sources(typed: Invocation, petitions: Mapping[str, Petition], locale: str) -> Iterator[tuple[str, str]]:
    chosen = petitions.get(typed.options.get(commands.PETITION, ""))
    if chosen is None and len(petitions) == 1:
        (chosen,) = petitions.values()
    for source in chosen.text(locale).sources if chosen else ():
        words = ", ".join(dict.fromkeys((source.origin, source.title)))
        yield f"[{source.number}] {words}", str(source.number)
