"""The choices on a message of Discord."""

from __future__ import annotations

from collections.abc import Iterator

from bots.discord.message import DiscordMessage


def tapped(message: DiscordMessage) -> Iterator[str]:
    """Everything that a person can choose on a message."""
    for row in message.rows:
        for one in row["components"]:
            yield from (option["value"] for option in one.get("options", ()))
            yield from [one["custom_id"]] if "options" not in one else []
