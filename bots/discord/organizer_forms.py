"""Forms for the longer texts of organizers: announcements, and the words about a victory."""

from __future__ import annotations

from typing import Any

from discord import ComponentType, TextStyle

from bots.common.callback_data import decode_order, encode_order
from bots.common.json_object import JsonObject
from bots.discord.form_flow import values_of
from bots.discord.limits import LONGEST_FIELD, LONGEST_OPTION, LONGEST_TITLE, cut_to
from core.conversation.screen import Order
from core.messages import Catalog, Message
from core.organizer import COMMANDS
from core.organizer.command import CommandLine

_MARK = "w"  # before the order, in the id of the button and of the form
_TEXT = "text"
_WRITTEN = {command.name: command for command in COMMANDS if command.writing}


def to_write(order: Order) -> str:
    """The id of the button that opens the form for an order's text, and of the form itself."""
    return _MARK + encode_order(order)


def read_write(custom_id: str) -> CommandLine | None:
    """The order that lacks its text; None for the id of anything else."""
    line = decode_order(custom_id.removeprefix(_MARK)) if custom_id.startswith(_MARK) else None
    return line if line and line.name in _WRITTEN else None


def writing_form(line: CommandLine, catalog: Catalog, locale: str) -> JsonObject:
    """The form for the text that an order lacks."""
    command = _WRITTEN[line.name]
    writing = command.writing
    assert writing is not None  # noqa: S101  (read_write gives no other)
    text: JsonObject = {
        "type": ComponentType.text_input.value, "custom_id": _TEXT, "style": TextStyle.paragraph.value,
        "max_length": writing.longest, "required": True,
        "placeholder": cut_to(catalog.words(writing.example, locale), LONGEST_OPTION),
    }  # fmt: skip
    label = {
        "type": ComponentType.label.value,
        "label": cut_to(catalog.words(writing.caption, locale), LONGEST_FIELD),
        "description": cut_to(
            catalog.words(Message("discord.longest", {"longest": writing.longest}), locale), LONGEST_OPTION
        ),
        "component": text,
    }
    title = cut_to(catalog.words(command.description, locale), LONGEST_TITLE)
    return {"custom_id": to_write(line), "title": title, "components": [label]}


def written(line: CommandLine, components: Any) -> CommandLine:
    """The order with the text of the form."""
    text = next(iter(dict(values_of(components)).get(_TEXT, ())), "")
    return CommandLine(line.name, f"{line.argument} {text}".strip())
