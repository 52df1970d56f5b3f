"""Commands that a screen tells people to type, and those that each surface takes in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from bots.common.json_object import JsonObject
from bots.common.signer_commands import EVENTS
from bots.discord import commands as discord
from bots.discord.menu import definitions as discord_menu
from bots.telegram import commands as telegram
from core.messages import DEFAULT_LOCALE, Catalog, Message
from core.organizer import COMMANDS
from core.organizer.team import JOIN
from tests.screens.studio import DISCORD, TELEGRAM

_ORGANIZERS = {*(command.name for command in COMMANDS), JOIN}
_TYPED = re.compile(r"(?<![\w/.!])[/!][^\W\d_]+(?: [^\W\d_]+)?")
_TAG = re.compile(r"<[^>]*>")
_ONLY_ON = {"milestone.how_telegram": TELEGRAM, "milestone.how_discord": DISCORD}  # shown everywhere, typed there


def shown_commands(surface: str, html: str, catalog: Catalog, locale: str) -> Iterator[str]:
    """The likely commands on a screen, each with the word after it; not those for another platform."""
    words = " ".join(unescape(_TAG.sub(" ", html)).split())
    others = "|".join({TELEGRAM, DISCORD} - {surface})
    words = re.sub(rf"\b(?:{others}): [/!]\w+ \w+", " ", words)
    for key, home in _ONLY_ON.items():
        words = words if home == surface else words.replace(catalog.text(Message(key), locale), " ")
    return (found.group() for found in _TYPED.finditer(words))


def taken_commands(surface: str, catalog: Catalog, locale: str) -> set[str]:
    """The commands that people can type on a surface."""
    if surface == DISCORD:
        registered = {f"/{name}" for name in _registered(discord_menu(catalog), locale)}
        return registered | {discord.ORGANIZER_SIGN + name for name in _ORGANIZERS}
    if surface == TELEGRAM:
        listed = {name for name, _ in telegram.ADMINISTRATORS}
        return {f"/{name}" for name in _ORGANIZERS | listed | set(EVENTS)}
    return {f"/{name}" for name in _ORGANIZERS | set(EVENTS)}


def is_taken(shown: str, taken: set[str]) -> bool:
    """True if a surface takes the command, alone or with the word after it."""
    return shown in taken or shown.split(maxsplit=1)[0] in taken


def _registered(definitions: list[JsonObject], locale: str) -> Iterator[str]:
    """The slash commands as Discord shows them in a language; those of a group with its name."""
    for definition in definitions:
        name, inside = _called(definition, locale), definition.get("options", [])
        subcommands = [option for option in inside if "options" in option or not option.get("autocomplete")]
        yield from (f"{name} {_called(option, locale)}" for option in subcommands)
        if not subcommands:
            yield name


def _called(definition: JsonObject, locale: str) -> str:
    names = definition["name_localizations"].items()
    local = (name for code, name in names if code.split("-")[0] == locale and locale != DEFAULT_LOCALE)
    return str(next(local, definition["name"]))
