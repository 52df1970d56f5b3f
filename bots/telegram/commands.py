"""The bot's commands as Telegram's menus list them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest

from bots.common.signer_commands import SIGNERS_MENU
from core.messages import DEFAULT_LOCALE, Catalog, Message
from core.organizer import COMMANDS

MENU: tuple[tuple[str, Message], ...] = tuple((name, description) for name, (_, description) in SIGNERS_MENU.items())
GROUP: tuple[tuple[str, Message], ...] = (
    ("petition", Message("command.petition")),
    ("count", Message("command.count")),
    ("help", Message("command.help")),
)
ADMINISTRATORS = (
    *GROUP,
    ("community", Message("command.community")),
    ("milestone", Message("command.milestones_here")),
)


EPHEMERAL = ("count", "help", "community", "milestone")
"""The group's commands whose answers only the person who asks needs to see."""


async def register(bot: Bot, catalog: Catalog, organizers: Sequence[str] = (), *, ephemeral: bool = False) -> None:
    """Register the commands and descriptions in every language, sending only changes.

    Organizers, given by id, see theirs in their own chat with the bot. In groups, nobody else sees a command in
    EPHEMERAL if the bot can answer it `ephemeral`ly.
    """
    for organizer in organizers:
        with suppress(BadRequest):  # someone who has never talked to the bot has no chat with it yet
            await offer_menu(bot, catalog, organizer)
    for locale in catalog.locales:
        language = _language(locale)
        for scope, named, alone in (
            (BotCommandScopeAllPrivateChats(), MENU, ()),
            (BotCommandScopeAllGroupChats(), GROUP, EPHEMERAL if ephemeral else ()),
            (BotCommandScopeAllChatAdministrators(), ADMINISTRATORS, EPHEMERAL if ephemeral else ()),
        ):
            commands = [
                BotCommand(name, catalog.text(text, locale), api_kwargs={"is_ephemeral": True} if name in alone else {})
                for name, text in named
            ]
            await _set(bot, scope, language, commands)
        await _describe(bot, catalog, locale, language)


async def offer_menu(bot: Bot, catalog: Catalog, organizer: str) -> None:
    """Show an organizer, given by id, all their commands in the menu of their own chat with the bot."""
    scope = BotCommandScopeChat(int(organizer))
    for locale in catalog.locales:
        named = dict(MENU) | {
            command.name: command.description for command in COMMANDS
        }  # for organizers, /count says more
        commands = [BotCommand(name, catalog.text(text, locale)) for name, text in named.items()]
        await _set(bot, scope, _language(locale), commands)


def _language(locale: str) -> str:
    """Telegram's code for a locale; empty for the default, which serves all languages without their own menu."""
    return "" if locale == DEFAULT_LOCALE else locale.split("_", maxsplit=1)[0]


async def _set(bot: Bot, scope: BotCommandScope, language: str, wanted: Sequence[BotCommand]) -> None:
    present = await bot.get_my_commands(scope, language)
    if present != tuple(wanted) or list(map(_is_ephemeral, present)) != list(map(_is_ephemeral, wanted)):
        await bot.set_my_commands(wanted, scope, language)


def _is_ephemeral(command: BotCommand) -> bool:
    return bool(command.api_kwargs.get("is_ephemeral"))


async def _describe(bot: Bot, catalog: Catalog, locale: str, language: str) -> None:
    long = catalog.text(Message("telegram.description"), locale)
    short = catalog.text(Message("telegram.short_description"), locale)
    if (await bot.get_my_description(language)).description != long:
        await bot.set_my_description(long, language)
    if (await bot.get_my_short_description(language)).short_description != short:
        await bot.set_my_short_description(short, language)
