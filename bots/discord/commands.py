"""The slash commands: their events, and their definitions for Discord in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discord import AppCommandOptionType, AppCommandType, Locale

from bots.common.json_object import JsonObject
from bots.common.signer_commands import SIGNERS_MENU
from core.conversation import state as ev
from core.conversation.state import Event
from core.messages import DEFAULT_LOCALE, Catalog, Message
from core.platforms import Platform

EVERYWHERE = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
"""Installed on a server or on an account; in servers, in the bot's direct messages, in any other private chat."""
GROUP, HELP = "petition", "help"
PETITION, SOURCE = "petition", "source"
ORGANIZER_SIGN = Platform.DISCORD.command_sign
LONGEST_DESCRIPTION = 100
_LOCALES = frozenset(locale.value for locale in Locale)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command with its event and its options. All options have completion."""

    name: str
    event: Event
    description: Message
    options: tuple[str, ...] = ()


GROUPED: tuple[SlashCommand, ...] = (
    SlashCommand("show", ev.Open(), Message("discord.command_show"), (PETITION,)),
    SlashCommand("sign", *SIGNERS_MENU["sign"], (PETITION,)),
    SlashCommand("read", *SIGNERS_MENU["read"], (PETITION,)),
    SlashCommand("sources", *SIGNERS_MENU["sources"], (PETITION, SOURCE)),
    SlashCommand("share", *SIGNERS_MENU["share"], (PETITION,)),
    SlashCommand("count", *SIGNERS_MENU["count"], (PETITION,)),
)
PLAIN: tuple[SlashCommand, ...] = tuple(
    SlashCommand(name, *SIGNERS_MENU[name])
    for name in ("mysignatures", "withdraw", "updates", "language", "privacy", "mydata", "forget", HELP)
)
EVENTS: Mapping[str, Event] = {
    **{f"{GROUP} {command.name}": command.event for command in GROUPED},
    **{command.name: command.event for command in PLAIN},
}
_OPTIONS: Mapping[str, Message] = {
    PETITION: Message("discord.option_petition"),
    SOURCE: Message("discord.option_source"),
}


def for_everyone(translator: Translator) -> list[JsonObject]:
    """The definitions of the commands for everyone, for Discord."""
    grouped = [translator.command(command, AppCommandOptionType.subcommand.value) for command in GROUPED]
    group = translator.named(GROUP, Message("discord.command_petition")) | {"options": grouped}
    kind = AppCommandType.chat_input.value
    return [
        command | EVERYWHERE
        for command in (group | {"type": kind}, *(translator.command(command, kind) for command in PLAIN))
    ]


@dataclass(frozen=True)
class Translator:
    """Names and descriptions in all languages."""

    catalog: Catalog

    def command(self, command: SlashCommand, kind: int) -> JsonObject:
        """A command or subcommand with its options."""
        options = [self.option(name) for name in command.options]
        return (
            self.named(command.name, command.description) | {"type": kind} | ({"options": options} if options else {})
        )

    def named(self, name: str, description: Message) -> JsonObject:
        """A translated name, and a description."""
        names = {code: word for code, word in self.translations(Message(f"name.{name}")).items() if word != name}
        return self.described(name, description) | {"name_localizations": names}

    def described(self, name: str, description: Message) -> JsonObject:
        """A name that is the same in every language, and a description."""
        described = self.translations(description)
        return {
            "name": name,
            "description": self.catalog.text(description, DEFAULT_LOCALE)[:LONGEST_DESCRIPTION],
            "description_localizations": {code: words[:LONGEST_DESCRIPTION] for code, words in described.items()},
        }

    def option(self, name: str) -> JsonObject:
        """An option that completes what is typed."""
        kind = AppCommandOptionType.string.value
        return self.named(name, _OPTIONS[name]) | {"type": kind, "required": False, "autocomplete": True}

    def translations(self, message: Message) -> dict[str, str]:
        """The message in each language but the default, by Discord's codes."""
        others = (locale for locale in self.catalog.locales if locale != DEFAULT_LOCALE)
        return {code: self.catalog.text(message, locale) for locale in others for code in _codes(locale)}


def _codes(locale: str) -> list[str]:
    """Discord's codes for a language: its own or those of its regions; none if Discord lacks the language."""
    name = locale.replace("_", "-")
    return [name] if name in _LOCALES else sorted(code for code in _LOCALES if code.startswith(f"{name}-"))


_PERMISSIONS = "default_member_permissions"
_OURS: Mapping[str, Any] = {
    "name": "", "description": "", "type": None, "required": False, "autocomplete": False, "options": [],
    "name_localizations": {}, "description_localizations": {},
    "integration_types": [], "contexts": [], "choices": [], "channel_types": [],
}  # fmt: skip


def differ(present: list[JsonObject], wanted: list[JsonObject]) -> bool:
    """Compare commands, ignoring members that Discord adds by itself, such as ids and versions."""
    return _plain(present) != _plain(wanted)


def _plain(commands: list[JsonObject]) -> dict[str, JsonObject]:
    """Commands or options by name, with the members we set, and default values for missing ones."""
    plain = {}
    for item in commands:
        values = {key: item.get(key) or usual for key, usual in _OURS.items()}
        values["options"] = list(_plain(values["options"]).items())
        values[_PERMISSIONS] = str(item.get(_PERMISSIONS))  # a number in our call, and a string in Discord's answer
        plain[item["name"]] = values
    return plain


@dataclass(frozen=True, slots=True)
class Invocation:
    """A typed command: its full name, its options, and the option being typed now."""

    name: str
    options: Mapping[str, str]
    focused: str = ""


def invocation(data: Any) -> Invocation:
    """Parse the data of a command or of a completion."""
    name, options = [data["name"]], data.get("options", [])
    while options and options[0]["type"] in (
        AppCommandOptionType.subcommand.value, AppCommandOptionType.subcommand_group.value,
    ):  # fmt: skip
        name.append(options[0]["name"])
        options = options[0].get("options", [])
    focused = next((option["name"] for option in options if option.get("focused")), "")
    return Invocation(" ".join(name), {option["name"]: str(option["value"]) for option in options}, focused)
