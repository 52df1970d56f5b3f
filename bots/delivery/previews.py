"""What each platform would be handed for a screen, for organizers who look at an announcement before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.conversation.screen import View
from core.messages import Catalog
from core.outreach.announcement import Preview
from core.petition.petition import Petition
from core.platforms import Platform


def previews(catalog: Catalog, petitions: dict[str, Petition]) -> Mapping[str, Preview]:
    """The previews by platform; a platform's library is loaded when somebody looks."""

    def telegram(shown: View) -> str:
        from bots.telegram.renderer import TelegramRenderer  # noqa: PLC0415  (as above)

        message = TelegramRenderer(catalog, petitions, "").render(shown)
        return _with_buttons(message.text, (button["text"] for row in message.keyboard for button in row))

    def discord(shown: View) -> str:
        from bots.discord.links import Links  # noqa: PLC0415  (as above)
        from bots.discord.renderer import DiscordRenderer  # noqa: PLC0415

        message = DiscordRenderer(catalog, petitions, Links(0)).render(shown)
        return _with_buttons(message.text, (one["label"] for row in message.rows for one in row["components"]))

    return {Platform.TELEGRAM: telegram, Platform.DISCORD: discord}


def _with_buttons(text: str, labels: Iterable[str]) -> str:
    return f"{text}\n\n{' '.join(f'[{label}]' for label in labels)}"
