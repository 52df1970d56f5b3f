"""Preview for organizers of a screen as Discord would show it."""

from __future__ import annotations

from collections.abc import Mapping

from bots.common.links import Links
from bots.discord.renderer import DiscordRenderer
from core.conversation.screen import View
from core.messages import Catalog
from core.petition.petition import Petition


def preview(catalog: Catalog, petitions: Mapping[str, Petition], view: View) -> tuple[str, list[str]]:
    """The message's text, and the words of its buttons and menus."""
    message = DiscordRenderer(catalog, petitions, Links(discord=0)).render(view)
    components = (component for row in message.rows for component in row["components"])
    return message.text, [component.get("label") or component["placeholder"] for component in components]
