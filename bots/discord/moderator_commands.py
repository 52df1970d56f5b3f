"""The definition of `/moderate` for Discord, and the names of its orders and options."""

from __future__ import annotations

import discord
from babel import Locale
from discord import AppCommandOptionType, AppCommandType, ChannelType

from bots.common.json_object import JsonObject
from bots.discord.commands import PETITION, Translator
from core.messages import DEFAULT_LOCALE, Catalog, Message

MODERATE = "moderate"
POST, REMOVE, SHARE, LANGUAGE, COMMUNITY = (
    f"{MODERATE} {order}" for order in ("post", "remove", "share", "language", "community")
)
MILESTONES_ON, MILESTONES_OFF, MILESTONES_STATUS = (
    f"{MODERATE} milestones {order}" for order in ("on", "off", "status")
)
CHANNEL, PUBLISH, WHO, LANGUAGE_OPTION = "channel", "publish", "who", "language"
MEMBERS, MODERATORS = "members", "moderators"
FOR_MODERATORS = {
    "integration_types": [0],
    "contexts": [0],
    "default_member_permissions": discord.Permissions(manage_messages=True).value,
}
"""Only in servers that have the bot, and at first only for members who may manage messages."""
_POSTABLE = (
    ChannelType.text, ChannelType.voice, ChannelType.news, ChannelType.news_thread, ChannelType.public_thread,
    ChannelType.private_thread, ChannelType.stage_voice,
)  # fmt: skip
_KIND = AppCommandOptionType


def definition(translator: Translator) -> JsonObject:
    """The command with its orders."""
    petition = translator.option(PETITION)
    publish = _option(translator, PUBLISH, Message("moderate.option_publish"), _KIND.boolean)
    orders = [
        _order(translator, POST, Message("moderate.post"), petition, publish),
        _order(translator, REMOVE, Message("moderate.remove"), petition),
        _order(translator, SHARE, Message("moderate.share"), _who(translator)),
        _order(translator, LANGUAGE, Message("moderate.language"), _language(translator)),
        _milestones(translator, publish),
        _order(translator, COMMUNITY, Message("moderate.community"), petition),
    ]
    command = translator.named(MODERATE, Message("moderate.command"))
    return command | {"type": AppCommandType.chat_input.value, "options": orders} | FOR_MODERATORS


def language_names(catalog: Catalog) -> dict[str, str]:
    """The languages that cards can have, each with its own name for itself."""
    return {code: (Locale.parse(code).get_display_name(code) or code).capitalize() for code in catalog.locales}


def _milestones(translator: Translator, publish: JsonObject) -> JsonObject:
    channel = _option(translator, CHANNEL, Message("moderate.option_channel"), _KIND.channel)
    channel |= {"channel_types": [kind.value for kind in _POSTABLE]}
    return translator.named("milestones", Message("moderate.milestones")) | {
        "type": _KIND.subcommand_group.value,
        "options": [
            _order(translator, MILESTONES_ON, Message("moderate.milestones_on"), channel, publish),
            _order(translator, MILESTONES_OFF, Message("moderate.milestones_off")),
            _order(translator, MILESTONES_STATUS, Message("moderate.milestones_status")),
        ],
    }


def _order(translator: Translator, path: str, described: Message, *options: JsonObject) -> JsonObject:
    """A subcommand, whose name is the last word of its path."""
    named = translator.named(path.rpartition(" ")[2], described) | {"type": _KIND.subcommand.value}
    return named | ({"options": list(options)} if options else {})


def _option(
    translator: Translator, name: str, described: Message, kind: AppCommandOptionType, *, required: bool = False
) -> JsonObject:
    return translator.named(name, described) | {"type": kind.value, "required": required}


def _language(translator: Translator) -> JsonObject:
    described = Message("moderate.option_language")
    return _option(translator, LANGUAGE_OPTION, described, _KIND.string, required=True) | {"autocomplete": True}


def _who(translator: Translator) -> JsonObject:
    choices = [
        {
            "name": translator.catalog.text(words, DEFAULT_LOCALE),
            "name_localizations": translator.translations(words),
            "value": value,
        }
        for value, words in ((MEMBERS, Message("moderate.members")), (MODERATORS, Message("moderate.moderators")))
    ]
    option = _option(translator, WHO, Message("moderate.option_who"), _KIND.string, required=True)
    return option | {"choices": choices}
