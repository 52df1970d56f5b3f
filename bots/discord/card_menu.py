"""The command in a message's menu: the sources of the petition on one of our cards."""

from __future__ import annotations

from typing import Any

from discord import AppCommandType

from bots.common.json_object import JsonObject
from bots.discord import custom_id
from bots.discord.commands import EVERYWHERE, Translator
from bots.discord.message import walk
from core.messages import DEFAULT_LOCALE, Message

KIND = AppCommandType.message.value
_NAME = Message("discord.card_sources")


def definition(translator: Translator) -> JsonObject:
    """The definition for Discord. Commands in menus have names with spaces, and no descriptions."""
    name = translator.catalog.text(_NAME, DEFAULT_LOCALE)
    return {"type": KIND, "name": name, "name_localizations": translator.translations(_NAME)} | EVERYWHERE


def card_of(data: Any, bot: int) -> tuple[str, str] | None:
    """The petition and the label of the card that the command was used on; None for any other message.

    `data` is what Discord sent, and `bot` our user's number: a card of another bot isn't ours.
    """
    message = data["resolved"]["messages"][data["target_id"]]
    if int(message["author"]["id"]) != bot:
        return None
    found = (custom_id.read_card(one.get("custom_id", "")) for one in walk(message.get("components", ())))
    return next((card for card in found if card), None)
