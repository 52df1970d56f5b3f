"""Finds buttons on a screen by their words or their events."""

from __future__ import annotations

from core.conversation.screen import Button, View
from core.conversation.state import Event, Reply
from core.messages import Catalog


def button_called(view: View, event: Reply, catalog: Catalog) -> Button | None:
    """The button of this petition with the words that were typed; None on a screen whose app shows no buttons."""
    typed = event.text.strip().casefold()
    rows = () if event.without_buttons and view.screen.is_typed else view.screen.buttons
    buttons = (button for row in rows for button in row if button.event and not button.petition)
    return next((each for each in buttons if catalog.words(each.text, view.locale).casefold() == typed), None)


def button_words(view: View, event: Event, catalog: Catalog) -> str:
    """The words on the screen's button for an event; empty if it has none."""
    buttons = (button for row in view.screen.buttons for button in row if button.petition in ("", view.petition))
    words = next((button.text for button in buttons if button.event == event), "")
    return catalog.words(words, view.locale)
