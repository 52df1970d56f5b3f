"""A form that was sent, as an event: its answers, what it showed, and the boxes that were ticked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bots.discord import custom_id
from bots.discord.forms import CHECK, UPDATES, WISHES
from core.conversation.state import Event, Open
from core.conversation.typed import SendForm
from core.petition.petition import Petition


def sent_form(data: Any, petitions: Mapping[str, Petition]) -> tuple[str, Event]:
    """The petition of a form that was sent, and the event; the form of a petition that is gone only shows where one is.

    A form from an older version of the bot carries nothing that it showed, so it leads to the review.
    """
    meant = custom_id.read_form(data["custom_id"], petitions)
    if meant is None:
        return "", Open()
    fields = dict(values_of(data["components"]))
    wishes = fields.pop(WISHES, ())
    values = {name: next(iter(chosen), "") for name, chosen in fields.items()}
    return meant.petition, SendForm(values, meant.label, meant.sheet, UPDATES in wishes, CHECK in wishes)


def values_of(components: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The values of each field by its name; texts have none."""
    for part in components:
        field = part.get("component") or {}
        if "custom_id" in field:
            values = [field["value"]] if "value" in field else field.get("values") or []
            yield field["custom_id"], tuple(value for value in values if value)
