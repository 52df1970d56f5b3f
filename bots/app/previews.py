"""Previews of an announcement for organizers: what each platform would get."""

from __future__ import annotations

from collections.abc import Mapping

from bots.app.components import PREVIEWS, load
from core.conversation.screen import View
from core.messages import Catalog
from core.outreach.announcement import Preview
from core.petition.petition import Petition


def previews(catalog: Catalog, petitions: Mapping[str, Petition]) -> Mapping[str, Preview]:
    """The previews by platform; a platform's library is loaded when an organizer first looks."""

    def preview_of(module: str) -> Preview:
        def preview(view: View) -> str:
            text, buttons = load(module).preview(catalog, petitions, view)
            return f"{text}\n\n{' '.join(f'[{button}]' for button in buttons)}"

        return preview

    return {platform: preview_of(module) for platform, module in PREVIEWS.items()}
