"""Inputs that look like probing, not like a person who struggles with the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from core.conversation.state import Conversation
from core.messages import Message
from core.petition.form import FieldKind, offered
from core.petition.petition import Petition
from core.signatures.signature import SignerContext

MACHINE_SPEED = dt.timedelta(seconds=1)
"""Nobody reads a question and types an answer within this time."""


def count_probes(
    state: Conversation, petition: Petition, values: Mapping[str, str], errors: Mapping[str, Message], now: dt.datetime
) -> int:
    """The number of these values that look like probing.

    Those are values that were refused and came at machine speed, and any email address given after another one,
    whether that was accepted or not. Someone who types six spellings of a name, and four of a country, is a person.
    "Which do you mean?" refuses nothing, and an address that it offered isn't another one.
    """
    rushed = state.answered_at is not None and now - state.answered_at < MACHINE_SPEED
    refused = {name for name, error in errors.items() if values.get(name, "").strip() and not offered(error)}
    hasty = refused if rushed else set()
    return len(hasty | _further_addresses(state, petition, values))


def count_dropped(before: Conversation, after: Conversation, petition: Petition, known: SignerContext) -> int:
    """1 if an address was removed or canceled instead of signed with.

    It is forgotten then, so nothing tells if the next one is the same; it counts as another one. An address that was
    filled in from an earlier signature doesn't count.
    """
    given = petition.answered(FieldKind.EMAIL, before.answers)
    kept = petition.answered(FieldKind.EMAIL, after.answers) or after.outcome
    return int(bool(given) and not kept and given != known.details.get(FieldKind.EMAIL))


def _further_addresses(state: Conversation, petition: Petition, values: Mapping[str, str]) -> set[str]:
    """The fields that get another address than the one given before, which may have been refused."""
    names = [field.name for field in petition.fields if field.kind is FieldKind.EMAIL]
    return {name for name in names if values.get(name, "").strip() and _is_further(state, name, values[name])}


def _is_further(state: Conversation, name: str, address: str) -> bool:
    error, given = state.errors.get(name), state.answers.get(name, "" if name in state.errors else address)
    return address.strip() not in (given, *offered(error)) and address != given
