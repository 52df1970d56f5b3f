"""Draws the form of a screen as a modal: its questions, and the inputs for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discord import ComponentType, TextStyle

from bots.common.json_object import JsonObject
from bots.discord import custom_id
from bots.discord.limits import (
    LONGEST_FIELD,
    LONGEST_OPTION,
    LONGEST_TITLE,
    MOST_FIELDS,
    MOST_OPTIONS,
    MOST_RADIOS,
    cut_to,
)  # fmt: skip
from bots.discord.message import MENU
from core.conversation.screen import Prompt, Screen, View
from core.messages import Catalog, Message
from core.petition.form import FieldKind
from core.petition.petition import Petition

LABEL, RADIO_GROUP = ComponentType.label.value, ComponentType.radio_group.value
_LONGEST_INPUT = 4000


@dataclass(frozen=True)
class DiscordForms:
    """Draws forms."""

    catalog: Catalog
    petitions: Mapping[str, Petition]

    def draw(self, view: View, label: str | None = None) -> JsonObject | None:
        """The modal with the screen's questions and earlier answers; None for a screen without, or with too many."""
        screen = view.screen
        prompts = form_prompts(screen)
        if not prompts:
            return None
        petition = self.petitions[view.petition]
        title = petition.text(view.locale).title
        if petition.is_trial:
            title = self.catalog.words(Message("trial.form", {"title": title}), view.locale)
        return {
            "custom_id": custom_id.form(view.petition, label),
            "title": cut_to(title, LONGEST_TITLE),
            "components": [self._field(prompt, view.locale) for prompt in prompts],
        }

    def _field(self, prompt: Prompt, locale: str) -> JsonObject:
        about = prompt.error or prompt.hint
        placeholder = cut_to(self.catalog.words(prompt.placeholder, locale), LONGEST_OPTION)
        component = self._menu_of(prompt, locale) if prompt.options else _text_input(prompt, placeholder)
        return {
            "type": LABEL,
            "label": cut_to(self.catalog.words(prompt.caption, locale), LONGEST_FIELD),
            "description": cut_to(self.catalog.words(about, locale), LONGEST_OPTION),
            "component": component | {"custom_id": prompt.field.name, "required": prompt.required},
        }

    def _menu_of(self, prompt: Prompt, locale: str) -> JsonObject:
        options = [
            {
                "value": key,
                "label": cut_to(self.catalog.words(words, locale), LONGEST_OPTION),
                "default": key == prompt.value,
            }
            for key, words in prompt.options[:MOST_OPTIONS]
        ]
        return {"type": RADIO_GROUP if 1 < len(options) <= MOST_RADIOS else MENU, "options": options}


def form_prompts(screen: Screen) -> Sequence[Prompt]:
    """The questions of a form, or none for a screen that asks nothing and has too many fields for one form.

    If a screen that asks has too many, those to answer come, with the answers still to be checked.
    """
    if len(screen.form) <= MOST_FIELDS or not screen.prompts:
        return screen.form if len(screen.form) <= MOST_FIELDS else ()
    asked = {prompt.field.name for prompt in screen.prompts}
    return [
        prompt
        for prompt in screen.form
        if prompt.field.name in asked or prompt.to_check or (prompt.required and not prompt.value)
    ][:MOST_FIELDS]


def _text_input(prompt: Prompt, placeholder: str) -> JsonObject:
    """A box for text, with the answer accepted earlier or else with the placeholder."""
    style = TextStyle.long if prompt.field.kind is FieldKind.TEXT else TextStyle.short
    longest = min(prompt.field.longest, _LONGEST_INPUT)
    component: JsonObject = {"type": ComponentType.text_input.value, "style": style.value, "max_length": longest}
    if 0 < len(prompt.value) <= longest:
        component["value"] = prompt.value
    elif placeholder:
        component["placeholder"] = placeholder
    return component
