"""The meaning of a direct message: text to take, or something else that answers nothing."""

from __future__ import annotations

import discord
from discord import MessageType

from core.conversation.state import Event, Reply
from core.conversation.typed import Media, MediaKind


def is_from_person(message: discord.Message) -> bool:
    """True for what a person wrote; False for what bots write, and for Discord's own notes, as of a pinned message."""
    return not message.author.bot and message.type in (MessageType.default, MessageType.reply)


def event_of(message: discord.Message) -> Event:
    """The event of a direct message; a forwarded text is text, as if its reader had typed it."""
    text = message.content or next((one.content for one in message.message_snapshots if one.content), "")
    if text:
        return Reply(text)
    return Media(MediaKind.VOICE if _is_spoken(message) else MediaKind.OTHER)


def _is_spoken(message: discord.Message) -> bool:
    return message.flags.voice or any((one.content_type or "").startswith("audio/") for one in message.attachments)
