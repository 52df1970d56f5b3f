"""Inputs that look like probing, not like a person who struggles with the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from core.conversation.state import Conversation
from core.petition.form import FieldKind
from core.petition.petition import Petition

MACHINE_SPEED = dt.timedelta(seconds=1)
"""Nobody reads a question and types an answer within this time."""


def count_probes(
    state: Conversation, petition: Petition, values: Mapping[str, str], refused: Iterable[str], now: dt.datetime
) -> int:
    """The number of these values that look like probing.

    Those are values that were refused and came at machine speed, and any e-mail address given after another one,
    whether that was accepted or not. Someone who types six spellings of a name, and four of a country, is a person.
    """
    rushed = state.answered_at is not None and now - state.answered_at < MACHINE_SPEED
    hasty = {name for name in refused if name in values} if rushed else set()
    return len(hasty | _further_addresses(state, petition, values))


def _further_addresses(state: Conversation, petition: Petition, values: Mapping[str, str]) -> set[str]:
    """The fields that get another address than the one given before, which may have been refused."""
    names = {field.name for field in petition.fields if field.kind is FieldKind.EMAIL}
    given = {name for name in names if values.get(name, "").strip()}
    return {name for name in given if name in state.errors or state.answers.get(name, values[name]) != values[name]}
