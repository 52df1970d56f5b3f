"""The preview of a screen on Discord: its text, and the words of what can be tapped."""

from __future__ import annotations

from bots.discord.preview import preview
from bots.discord.renderer import MENU_FROM
from core.conversation import state as ev
from core.conversation.screen import Button, Line, Screen, View
from core.messages import Message
from tests.world import SALESFORCE, catalog, petitions


def drawn(sources: int) -> tuple[str, list[str]]:
    """The preview of a screen with buttons for so many sources."""
    rows = tuple(
        (Button(Message("button.source", {"number": number, "publication": "Gizmodo"}), ev.ShowSource(number)),)
        for number in range(1, sources + 1)
    )
    screen = Screen((Line("Hello"),), (*rows, (Button(Message("button.sign"), ev.Begin()),)))
    return preview(catalog(), petitions(), View(screen, "en", SALESFORCE))


def test_buttons_are_named_by_their_words() -> None:
    assert drawn(1) == ("Hello", ["Source 1: Gizmodo", "Sign"])


def test_a_menu_is_named_by_what_it_says_while_it_is_closed() -> None:
    assert drawn(MENU_FROM) == ("Hello", ["Choose", "Sign"])
