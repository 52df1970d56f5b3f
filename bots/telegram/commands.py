"""The bot's commands: their events in a private chat, and their descriptions in Telegram's menus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

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

from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.messages import DEFAULT_LOCALE, Catalog, Message
from core.organizer import COMMANDS


@dataclass(frozen=True, slots=True)
class PrivateCommand:
    """A command of the private chat: its event, and its description (None: not in the menu)."""

    name: str
    event: Event
    description: Message | None


PRIVATE: tuple[PrivateCommand, ...] = (
    PrivateCommand("petitions", ev.Open(), Message("command.petitions")),
    PrivateCommand("sign", ev.Begin(), Message("command.sign")),
    PrivateCommand("read", ev.TurnPage(0), Message("command.read")),
    PrivateCommand("sources", ev.ListSources(), Message("command.sources")),
    PrivateCommand("count", ev.Show(Overlay.COUNT), Message("command.count")),
    PrivateCommand("mysignatures", ev.Show(Overlay.SIGNATURES), Message("command.mysignatures")),
    PrivateCommand("withdraw", ev.Show(Overlay.WITHDRAW), Message("command.withdraw")),
    PrivateCommand("share", ev.Show(Overlay.SHARE), Message("command.share")),
    PrivateCommand("language", ev.Show(Overlay.LANGUAGES), Message("command.language")),
    PrivateCommand("privacy", ev.Show(Overlay.PRIVACY), Message("command.privacy")),
    PrivateCommand("mydata", ev.SendData(), Message("command.mydata")),
    PrivateCommand("forget", ev.Show(Overlay.FORGET), Message("command.forget")),
    PrivateCommand("cancel", ev.Cancel(), Message("command.cancel")),
    PrivateCommand("back", ev.Back(), None),
    PrivateCommand("help", ev.Show(Overlay.MORE), Message("command.help")),
)
MENU: tuple[tuple[str, Message], ...] = (
    ("start", Message("command.start")),
    *((command.name, command.description) for command in PRIVATE if command.description),
)
GROUP: tuple[tuple[str, Message], ...] = (
    ("petition", Message("command.petition")),
    ("count", Message("command.count")),
)
ADMINISTRATORS = (
    *GROUP,
    ("community", Message("command.community")),
    ("milestone", Message("command.milestones_here")),
)


async def register(bot: Bot, catalog: Catalog, organizers: Sequence[str] = ()) -> None:
    """Register the commands and descriptions in every language, sending only changes.

    Organizers, given by id, see theirs in their own chat with the bot.
    """
    for organizer in organizers:
        with suppress(BadRequest):  # someone who has never talked to the bot has no chat with it yet
            await offer_menu(bot, catalog, organizer)
    for locale in catalog.locales:
        language = _language(locale)
        for scope, named in (
            (BotCommandScopeAllPrivateChats(), MENU),
            (BotCommandScopeAllGroupChats(), GROUP),
            (BotCommandScopeAllChatAdministrators(), ADMINISTRATORS),
        ):
            await _set(bot, scope, language, [BotCommand(name, catalog.text(text, locale)) for name, text in named])
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
    if await bot.get_my_commands(scope, language) != tuple(wanted):
        await bot.set_my_commands(wanted, scope, language)


async def _describe(bot: Bot, catalog: Catalog, locale: str, language: str) -> None:
    long = catalog.text(Message("telegram.description"), locale)
    short = catalog.text(Message("telegram.short_description"), locale)
    if (await bot.get_my_description(language)).description != long:
        await bot.set_my_description(long, language)
    if (await bot.get_my_short_description(language)).short_description != short:
        await bot.set_my_short_description(short, language)


EVENTS: Mapping[str, Event] = {command.name: command.event for command in PRIVATE}
