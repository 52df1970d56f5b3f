"""Buttons that sign are green, and those that erase are red, wherever buttons have colors."""

from __future__ import annotations

from typing import Any

import pytest
from discord import ButtonStyle

from bots.common.links import Links
from bots.discord.renderer import DiscordRenderer
from bots.telegram.renderer import TelegramRenderer
from core.conversation.screen import Button, Emphasis, Line, Screen, View
from core.conversation.state import Begin
from tests.telegram_server.keyboards import check
from tests.world import SALESFORCE, catalog, petitions

STYLES = [
    (Emphasis.PLAIN, None, ButtonStyle.secondary),
    (Emphasis.PRIMARY, "primary", ButtonStyle.primary),
    (Emphasis.SUCCESS, "success", ButtonStyle.success),
    (Emphasis.DANGER, "danger", ButtonStyle.danger),
]


@pytest.mark.parametrize(("emphasis", "telegram", "discord"), STYLES)
def test_buttons_have_the_color_of_their_emphasis(
    emphasis: Emphasis, telegram: str | None, discord: ButtonStyle
) -> None:
    button = Button("Go", Begin(), emphasis=emphasis)
    view = View(Screen((Line("Ready?"),), ((button,),)), "en", SALESFORCE)
    ((drawn,),) = TelegramRenderer(catalog(), petitions(), Links(telegram="bot")).render(view).keyboard
    assert drawn.get("style") == telegram
    check({"inline_keyboard": [[drawn]]})
    row: Any = DiscordRenderer(catalog(), petitions(), Links(discord=1)).render(view).rows[0]
    assert row["components"][0]["style"] == discord.value
