"""Preview for organizers of a screen as Telegram would show it."""

from __future__ import annotations

from collections.abc import Mapping

from bots.common.links import Links
from bots.telegram.renderer import TelegramRenderer
from core.conversation.screen import View
from core.messages import Catalog
from core.petition.petition import Petition


def preview(catalog: Catalog, petitions: Mapping[str, Petition], view: View) -> tuple[str, list[str]]:
    """The message's text, and the words of its buttons."""
    message = TelegramRenderer(catalog, petitions, Links()).render(view)
    return message.text, [button["text"] for row in message.keyboard for button in row]
