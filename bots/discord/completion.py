"""Completion of options: petitions and sources, by their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bots.common.json_object import JsonObject
from bots.discord.commands import PETITION, Invocation
from bots.discord.limits import MOST_OPTIONS, cut_to
from core.petition.petition import Petition

LONGEST_CHOICE = 100


def complete(typed: Invocation, petitions: Mapping[str, Petition], locale: str) -> list[JsonObject]:
    """The choices that contain every typed word, up to Discord's limit."""
    words = typed.options.get(typed.focused, "").casefold().split()
    choices = _petitions(petitions, locale) if typed.focused == PETITION else _sources(typed, petitions, locale)
    fitting = [(name, value) for name, value in choices if all(word in f"{name} {value}".casefold() for word in words)]
    return [{"name": cut_to(name, LONGEST_CHOICE), "value": value} for name, value in fitting[:MOST_OPTIONS]]


def _petitions(petitions: Mapping[str, Petition], locale: str) -> Iterator[tuple[str, str]]:
    for petition in petitions.values():
        yield petition.text(locale).title, petition.public_slug


def _sources(typed: Invocation, petitions: Mapping[str, Petition], locale: str) -> Iterator[tuple[str, str]]:
    chosen = petitions.get(typed.options.get(PETITION, ""))
    if chosen is None and len(petitions) == 1:
        (chosen,) = petitions.values()
    for source in chosen.text(locale).sources if chosen else ():
        yield f"[{source.number}] {source.publication}, {source.title}", str(source.number)
