"""Words that are too long for Telegram or Discord, or of a form that they refuse, in translations and petitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import regex
from babel.messages.catalog import Message as Entry
from telegram.constants import BotCommandLimit, BotDescriptionLimit

from bots.discord.commands import GROUP, LONGEST_DESCRIPTION
from bots.discord.completion import LONGEST_CHOICE
from bots.discord.limits import LONGEST_BUTTON as LONGEST_DISCORD_BUTTON
from bots.discord.limits import LONGEST_FIELD, LONGEST_OPTION
from bots.discord.menu import definitions
from bots.discord.moderator_commands import MODERATE
from bots.telegram.commands import ADMINISTRATORS, MENU
from bots.telegram.renderer import LONGEST_BUTTON, LONGEST_PLACEHOLDER
from core.errors import ContentError
from core.messages import DEFAULT_LOCALE, Catalog
from core.organizer import COMMANDS
from core.petition.loading import LOCALES, read_folders
from core.petition.petition_file import Fault
from core.petition.text_files import TextReading
from core.petition.translations import english, english_translation, entries, read_po_file, translated

_ENGLISH = LOCALES / f"{DEFAULT_LOCALE}.po"
LONGEST_NAME = 32  # of a command on Discord
_NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]+")  # as Discord's reference defines it
_ON_DISCORD = re.compile(r"discord\.(?:command|option)_|moderate\.")
_ARGUMENT = re.compile(r"\{\w*\}")


@dataclass(frozen=True)
class Limit:
    """The most characters that a platform takes for the words of some messages."""

    longest: int
    place: str

    def fault(self, words: str) -> str:
        """The sentence about words that are too long; empty if they aren't. Arguments don't count."""
        length = len(_ARGUMENT.sub("", words))
        return (
            f"it's {length} characters long, but {self.place} has room for {self.longest}"
            if length > self.longest
            else ""
        )


_BY_KEY = {
    "telegram.description": Limit(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH, "an empty chat on Telegram"),
    "telegram.short_description": Limit(
        BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH, "the bot's profile on Telegram"
    ),
    "discord.card_sources": Limit(LONGEST_NAME, "a message's menu on Discord"),
}


def translation_limits(folder: Path) -> list[Fault]:
    """Messages in the .po files of a folder that a platform would cut or refuse."""
    faults, limits = [], _limits()
    try:
        scopes = list(_scopes())
    except ContentError:  # check_locales says why
        scopes = []
    for path in sorted(folder.glob("*.po")):
        try:
            here = entries(read_po_file(path))
        except ContentError:  # check_locales says why
            continue
        forms = english if path.stem == DEFAULT_LOCALE else translated
        for key, entry in here.items():
            texts = [limit.fault(words) for limit in limits(key) for words in forms(entry)]
            faults += [Fault(path, entry.lineno or 1, f"{key}: {text}") for text in dict.fromkeys(filter(None, texts))]
        faults += [
            Fault(path, here[key].lineno or 1, f"{key}: {text}") for key, text in _name_faults(here, forms, scopes)
        ]
    return sorted(faults)


def _limits() -> Callable[[str], Iterator[Limit]]:
    """The limits of a message, by its key."""
    described = {message.key for _, message in (*MENU, *ADMINISTRATORS)}
    described |= {command.description.key for command in COMMANDS}
    menu = Limit(BotCommandLimit.MAX_DESCRIPTION, "Telegram's menu of commands")
    slash = Limit(LONGEST_DESCRIPTION, "Discord's list of commands")
    on_discord = {message.key for _, message in MENU}

    def limits(key: str) -> Iterator[Limit]:
        section = key.partition(".")[0]
        if key in _BY_KEY:
            yield _BY_KEY[key]
        if key in described:
            yield menu
        if key in on_discord or _ON_DISCORD.match(key):
            yield slash
        if section in ("button", "option"):
            yield Limit(min(LONGEST_BUTTON, LONGEST_DISCORD_BUTTON), "a button")
        if section == "caption":
            yield Limit(LONGEST_FIELD, "a caption in Discord's form")
        if section == "hint":
            yield Limit(LONGEST_OPTION, "a hint in Discord's form")

    return limits


def _name_faults(
    here: Mapping[str, Entry], forms: Callable[[Entry], tuple[str, ...]], scopes: list[list[str]]
) -> Iterator[tuple[str, str]]:
    """Names of commands that Discord refuses, each with its key."""
    names = {key: forms(entry)[0] for key, entry in here.items() if key.startswith("name.") and forms(entry)[0]}
    for key, name in names.items():
        plain = "".join(regex.findall(_NAME, name.casefold()))[:LONGEST_NAME]
        if name != name.lower() or not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            yield key, f"on Discord, a command has at most {LONGEST_NAME} small letters and no spaces: write {plain!r}"
    for scope in scopes:
        typed = {key: names.get(key, key.removeprefix("name.")).casefold() for key in scope}
        for key in names.keys() & typed.keys():
            same = [other for other in scope if other != key and typed[other] == typed[key]]
            if same:
                yield key, f"{names[key]!r} is also the name of {same[0]}: give each command its own name"


def _scopes() -> Iterator[list[str]]:
    """The keys of names that must differ from each other: of all commands, of a group's, and of one's options."""
    commands = definitions(Catalog({DEFAULT_LOCALE: english_translation(read_po_file(_ENGLISH))}))
    yield [f"name.{command['name']}" for command in commands]
    for command in commands:
        if command["name"] in (GROUP, MODERATE):
            yield [f"name.{option['name']}" for option in command["options"]]
            for inner in command["options"]:
                yield [f"name.{option['name']}" for option in inner.get("options", [])]


def petition_limits(folder: Path) -> list[Fault]:
    """Words in petitions that a platform shortens."""
    readings = (reading for petition in read_folders(folder).values() for reading in petition.texts.values())
    return sorted(fault for reading in readings for fault in _shortened(reading))


def _shortened(reading: TextReading) -> Iterator[Fault]:
    title = Limit(LONGEST_CHOICE, "a list on Discord")
    hint, option = Limit(LONGEST_PLACEHOLDER, "Telegram's input field"), Limit(LONGEST_BUTTON, "a button on a phone")
    for path, words in reading.front.words():
        limit = {"title": title, "hints": hint, "options": option}.get(path[0])
        text = limit.fault(words) if limit else ""
        if text:
            yield Fault(
                reading.letter.path, reading.front.lines.of(*path), f"{'.'.join(path)}: {text}; the rest is cut off"
            )
