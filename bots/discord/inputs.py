"""The inputs of a Discord form: which questions it has, and the boxes for text."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ComponentType, TextStyle

from bots.common.json_object import JsonObject
from core.conversation.screen import Prompt, Screen
from core.petition.form import FieldKind

MOST_FIELDS = 5
_LONGEST_INPUT = 4000


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


def text_input(prompt: Prompt, placeholder: str) -> JsonObject:
    """A box for text, with the answer accepted earlier or else with the placeholder."""
    style = TextStyle.long if prompt.field.kind is FieldKind.TEXT else TextStyle.short
    longest = min(prompt.field.longest, _LONGEST_INPUT)
    component: JsonObject = {"type": ComponentType.text_input.value, "style": style.value, "max_length": longest}
    if 0 < len(prompt.value) <= longest:
        component["value"] = prompt.value
    elif placeholder:
        component["placeholder"] = placeholder
    return component
