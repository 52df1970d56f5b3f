"""Constant parts of everything that Discord sends here, serialized once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bots.common.identity import discord_application
from tests.bench.discord.bots import TOKEN
from tests.discord_server.events import ATTACHMENT_BYTES
from tests.discord_server.payloads import channel_json, guild_json, member_json, message_json, user_json
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.snowflakes import iso
from tests.discord_server.state import IN_GUILD, Channel, GuildState, Member, Message, User

MADE = 1_790_000_000.0
FIRST_ID = 1_500_000_000_000_000_000  # about as long as ids are today
MEMBER_ID = 123_456_789_123_456_789  # placeholder in the JSON below for the member's id

_BOT = User(discord_application(TOKEN), "Undersign", is_bot=True)
_GUILD = GuildState(800_000_000_000_000_000, "Riverside", MEMBER_ID, made=MADE)
_CHANNEL = Channel(800_000_000_000_000_001, "general", _GUILD)
_PERSON = User(MEMBER_ID, "Ada Lovelace")


def inside(values: Mapping[str, Any]) -> str:
    """Serialize an object without its braces."""
    return json.dumps(values)[1:-1]


def _circumstances(permissions: Permission) -> str:
    who = member_json(Member(_PERSON), MADE) | {"permissions": str(int(permissions))}
    return inside(
        {
            "application_id": str(_BOT.id), "version": 1, "context": IN_GUILD, "locale": _PERSON.locale,
            "entitlements": [], "entitlement_sku_ids": [], "attachment_size_limit": ATTACHMENT_BYTES,
            "authorizing_integration_owners": {"0": str(_GUILD.id)}, "app_permissions": str(int(_CHANNEL.bot)),
            "guild_id": str(_GUILD.id), "guild": {"id": str(_GUILD.id), "locale": _GUILD.locale, "features": []},
            "guild_locale": _GUILD.locale, "channel_id": str(_CHANNEL.id), "member": who,
            "channel": channel_json(_CHANNEL, _BOT) | {"permissions": str(int(permissions))},
        }
    )  # fmt: skip


def _message() -> str:
    origin = {"id": str(MEMBER_ID), "type": 2, "user": user_json(_PERSON)}
    origin["authorizing_integration_owners"] = {"0": str(_GUILD.id)}
    body = message_json(Message(0, _CHANNEL, _BOT, MADE, edited=MADE), _BOT)
    body |= {"type": 20, "webhook_id": str(_BOT.id), "interaction_metadata": origin}
    return inside({name: body[name] for name in body if name not in ("id", "content", "components", "flags")})


CIRCUMSTANCES = {
    "member": _circumstances(MEMBER),
    "moderator": _circumstances(MEMBER | Permission.MANAGE_MESSAGES | Permission.MANAGE_GUILD),
}
"""Of an interaction: who, where, and with which permissions."""
MESSAGE = _message()
"""Of a message: all but id, content, components and flags."""

GUILD = json.dumps(guild_json(_GUILD, _BOT))
BOT_JSON = user_json(_BOT) | {"verified": True, "mfa_enabled": False, "locale": "en-US"}
APPLICATION = json.dumps(
    {
        "id": str(_BOT.id), "name": _BOT.name, "description": "", "icon": None, "bot_public": True, "summary": "",
        "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "owner": user_json(_BOT), "team": None,
        "created": iso(MADE),
    }
)  # fmt: skip
