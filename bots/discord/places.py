"""Kinds of channels, and the permissions that a post in each of them needs, by Discord's own names."""

from __future__ import annotations

from collections.abc import Iterator

import discord
from discord import ChannelType

from core.messages import Message

_THREADS = (ChannelType.public_thread, ChannelType.private_thread, ChannelType.news_thread)
_VOICES = (ChannelType.voice, ChannelType.stage_voice)
ANNOUNCEMENTS = ChannelType.news


def kind_of(interaction: discord.Interaction) -> ChannelType:
    """The kind of channel that an interaction comes from; text if Discord doesn't tell."""
    return interaction.channel.type if interaction.channel is not None else ChannelType.text


def missing(held: discord.Permissions, kind: ChannelType) -> tuple[Message, ...]:
    """The permissions that a post in a channel of this kind needs and that aren't held.

    Without Connect, the chat of a voice or stage channel is closed, even to those who may view the channel.
    """
    return tuple(_missing(held, kind))


def needed(kind: ChannelType) -> tuple[Message, ...]:
    """All permissions that a post in a channel of this kind needs."""
    return missing(discord.Permissions.none(), kind)


def closed(kind: ChannelType) -> Message:
    """Say why Discord lets us post nothing in this channel, though it seems that no permission is missing."""
    if kind is ChannelType.private_thread:
        return Message("discord.not_in_thread")
    return Message("discord.missing", {"permissions": needed(kind)})


def closed_in(kind: ChannelType, channel: str) -> Message:
    """Say why we can't post in another channel, which is mentioned."""
    if kind is ChannelType.private_thread:
        return Message("discord.not_in_that_thread", {"channel": channel})
    return Message("discord.missing_in", {"channel": channel, "permissions": needed(kind)})


def _missing(held: discord.Permissions, kind: ChannelType) -> Iterator[Message]:
    if not held.view_channel:
        yield Message("discord.may_view")
    if kind in _VOICES and not held.connect:
        yield Message("discord.may_connect")
    if kind in _THREADS:
        if not held.send_messages_in_threads:
            yield Message("discord.may_send_in_threads")
    elif not held.send_messages:
        yield Message("discord.may_send")
