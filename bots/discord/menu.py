"""All commands, as Discord gets them."""

from __future__ import annotations

from bots.common.json_object import JsonObject
from bots.discord import card_menu, moderator_commands
from bots.discord.commands import Translator, for_everyone
from core.messages import Catalog


def definitions(catalog: Catalog) -> list[JsonObject]:
    """The definitions of all commands: for everyone, for moderators, and in the menu of a card."""
    translator = Translator(catalog)
    return [*for_everyone(translator), moderator_commands.definition(translator), card_menu.definition(translator)]
