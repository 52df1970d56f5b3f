"""The whole menu of slash commands, as Discord gets it."""

from __future__ import annotations

from bots.common.json_object import JsonObject
from bots.discord import moderator_commands
from bots.discord.commands import Translator, for_everyone
from core.messages import Catalog


def definitions(catalog: Catalog) -> list[JsonObject]:
    """The definitions of all commands: those for everyone, and the one for moderators."""
    translator = Translator(catalog)
    return [*for_everyone(translator), moderator_commands.definition(translator)]
