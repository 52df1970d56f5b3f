"""Tells which messages on Discord last (see bots.common.lasting)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bots.common import lasting


def is_lasting(interaction: discord.Interaction) -> bool:
    """True if the message whose button, menu, or form was used is an announcement or a receipt."""
    data: Any = interaction.data or {}
    tapped = next(iter(data.get("values") or []), data.get("custom_id", ""))
    return lasting.is_lasting(tapped, list(_ids(interaction.message.components if interaction.message else ())))


def _ids(components: Iterable[Any]) -> Iterator[str]:
    """The ids of all buttons, and of all choices in menus."""
    for component in components:
        yield str(getattr(component, "custom_id", None) or "")
        yield from (option.value for option in getattr(component, "options", None) or ())
        accessory = getattr(component, "accessory", None)
        yield from _ids([*getattr(component, "children", ()), *([accessory] if accessory else [])])
