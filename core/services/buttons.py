"""Finds buttons on a screen by their words or their events, and the words to which a signer agrees by one."""

from __future__ import annotations

from core.conversation.consent import shown_words
from core.conversation.one_form import agreed_words
from core.conversation.scene import Scene
from core.conversation.screen import Button, View
from core.conversation.state import Confirm, Event, Reply
from core.conversation.views import view_for
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


def confirmed_words(review: Scene, event: Event, catalog: Catalog) -> str:
    """The words about the data to which an event agrees: the form's, or the review's with those of its button."""
    if isinstance(event, Confirm) and event.by_form:
        return agreed_words(review, catalog)
    return f"{shown_words(review, catalog)}\n{button_words(view_for(review), event, catalog)}".strip()
