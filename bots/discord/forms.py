"""Draws forms as modals: one that signs if the letter and every question fit, otherwise one with the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discord import ComponentType, TextStyle

from bots.common.json_object import JsonObject
from bots.discord import custom_id, text
from bots.discord.custom_id import FormId
from bots.discord.fitting import texts_fit
from bots.discord.limits import (
    LONGEST_FIELD,
    LONGEST_OPTION,
    LONGEST_TITLE,
    MOST_FIELDS,
    MOST_OPTIONS,
    MOST_RADIOS,
    cut_to,
)  # fmt: skip
from bots.discord.message import MENU, shown_text
from core.conversation.one_form import sheet_of
from core.conversation.screen import OneForm, Prompt, Screen, View
from core.messages import Catalog, Message, Words
from core.petition.form import FieldKind
from core.petition.petition import Petition

LABEL, RADIO_GROUP = ComponentType.label.value, ComponentType.radio_group.value
CHECKBOXES = ComponentType.checkbox_group.value
WISHES, UPDATES, CHECK = "+wishes", "updates", "check"
"""The checkboxes below the fields of a form that signs, whose id no field can have, and their values."""
_LONGEST_INPUT = 4000
_MOST_PROMPTS = MOST_FIELDS - 2
"""The fields of a form that signs, beside its text and the checkboxes."""


@dataclass(frozen=True)
class DiscordForms:
    """Draws forms."""

    catalog: Catalog
    petitions: Mapping[str, Petition]

    def draw(self, view: View, label: str | None = None) -> JsonObject | None:
        """The modal with the screen's questions and earlier answers; None for a screen without, or with too many."""
        signing = view.one_form and self._signing(view.one_form, view, label)
        if signing:
            return signing
        prompts = form_prompts(view.screen)
        if not prompts:
            return None
        fields = [self._field(prompt, view.locale) for prompt in prompts]
        return self._modal(FormId(view.petition, label), view.locale, fields)

    def _modal(self, meaning: FormId, locale: str, parts: list[JsonObject]) -> JsonObject:
        petition = self.petitions[meaning.petition]
        title = petition.text(locale).title
        if petition.is_trial:
            title = self.catalog.words(Message("trial.form", {"title": title}), locale)
        return {"custom_id": custom_id.form(meaning), "title": cut_to(title, LONGEST_TITLE), "components": parts}

    def _signing(self, form: OneForm, view: View, label: str | None) -> JsonObject | None:
        """The form that signs, with the letter, what is handed in, and the questions; None if that doesn't fit."""
        locale, room = view.locale, _MOST_PROMPTS - len(form.prompts)
        if room < 0 or not all(self._is_whole(prompt, locale) for prompt in form.prompts):
            return None
        shown = {prompt.field.name for prompt in (*form.prompts, *form.others[:room])}
        fields = [self._field(prompt, locale) for prompt in view.screen.form if prompt.field.name in shown]
        left_out = tuple(prompt.caption for prompt in form.others[room:])
        meaning = FormId(view.petition, label, sheet_of(form, self.catalog, locale))
        parts = [shown_text(self._letter(form, locale)), *fields, self._wishes(left_out, locale)]
        return self._modal(meaning, locale, parts) if texts_fit(parts) else None

    def _letter(self, form: OneForm, locale: str) -> str:
        heading, *terms = (text.escaped(self.catalog.words(line.words, locale)) for line in (form.heading, *form.terms))
        title = "### " + text.escaped(" ".join(form.title.split()))
        return "\n\n".join((title, f"**{heading}**", text.document(form.letter, quoted=True), *terms))

    def _is_whole(self, prompt: Prompt, locale: str) -> bool:
        """True if a question that must be seen can be read to its end."""
        longest = ((prompt.caption, LONGEST_FIELD), *((words, LONGEST_OPTION) for _, words in prompt.options))
        most = MOST_OPTIONS if prompt.options else 0
        hint = prompt.form_hint or prompt.hint
        return len(prompt.options) <= most and all(
            len(self.catalog.words(words, locale)) <= limit for words, limit in (*longest, (hint, LONGEST_OPTION))
        )

    def _wishes(self, left_out: tuple[Words, ...], locale: str) -> JsonObject:
        """The checkboxes below the fields, none of them ticked: for updates, and for the review first."""
        wishes = [(UPDATES, Message("button.updates_on"), Message("form.updates_about"))]
        if left_out:
            wishes.append((CHECK, Message("form.check_box"), Message("form.check_about", {"captions": left_out})))
        options = [
            {
                "value": value,
                "label": cut_to(self.catalog.words(words, locale), LONGEST_OPTION),
                "description": cut_to(self.catalog.words(about, locale), LONGEST_OPTION),
            }
            for value, words, about in wishes
        ]
        group = {
            "type": CHECKBOXES, "custom_id": WISHES, "required": False,
            "min_values": 0, "max_values": len(options), "options": options,
        }  # fmt: skip
        caption = self.catalog.words(Message("form.wishes"), locale)
        return {"type": LABEL, "label": cut_to(caption, LONGEST_FIELD), "component": group}

    def _field(self, prompt: Prompt, locale: str) -> JsonObject:
        about = _correction(prompt) or prompt.form_hint or prompt.hint
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


def _correction(prompt: Prompt) -> Message | None:
    """The message about a wrong answer; None for one that was empty, of which the hint says more."""
    return prompt.error if prompt.error and prompt.error.key != "refused.empty" else None


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
