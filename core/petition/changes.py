"""The parts of a petition that differ between two of its versions, as people know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.messages import Message
from core.petition.envelope import Envelope
from core.petition.source import DETAILS

_GAINED = ("link", "quote", "type", *DETAILS)
"""Parts that a source may gain without interrupting anyone."""
_UNSEEN = "note"
"""The part of a source that readers see only as its other parts."""

_WORDS: Mapping[str, Message] = {
    "title": Message("changed.title"),
    "letter": Message("changed.letter"),
    "background": Message("changed.background"),
    "sources": Message("changed.sources"),
    "target": Message("changed.target"),
    "organizer": Message("changed.organizer"),
    "contact": Message("changed.contact"),
    "controller": Message("changed.controller"),
    "questions": Message("changed.questions"),
    "options": Message("changed.options"),
    "named_if": Message("changed.named_if"),
    "retention_days": Message("changed.retention"),
    "closes": Message("changed.closes"),
    "timezone": Message("changed.timezone"),
    "consent": Message("changed.consent"),
}
_IN_CONSENT = frozenset(
    {"target", "organizer", "questions", "named_if", "retention_days", "closes"}
)  # parts that the sentences of the consent repeat


def changed_parts(old: Envelope, new: Envelope) -> tuple[Message, ...]:
    """The names of the parts that a signer has to read again, in the order of the petition.

    Both envelopes have the same format. A source that only gained a link, a quote, or a detail isn't among them.
    """
    gained = _only_gained(old.get("sources", []), new.get("sources", []))
    return tuple(words for name, words in differing_parts(old, new) if not (gained and name == "sources"))


def differing_parts(old: Envelope, new: Envelope) -> tuple[tuple[str, Message], ...]:
    """All parts that differ, each with its name for people."""
    changed = [name for name in _WORDS if _is_changed(name, old, new)]
    if "consent" in changed and _IN_CONSENT.intersection(changed):
        changed.remove("consent")  # it says the same about other names and numbers
    return tuple((name, _WORDS[name]) for name in changed)


def _is_changed(name: str, old: Envelope, new: Envelope) -> bool:
    match name:
        case "options":
            before, after = _options(old), _options(new)
            return any(before[field] != after[field] for field in before.keys() & after.keys())
        case "timezone":
            return bool(old.get("closes") and new.get("closes") and old.get(name) != new.get(name))
        case "questions":
            return _questions(old) != _questions(new)
        case "contact":
            return any(old.get(address) != new.get(address) for address in ("contact", "organizer_url"))
    return bool(old.get(name) != new.get(name))


def _only_gained(old: list[Envelope], new: list[Envelope]) -> bool:
    """True if the sources are the same, except that some have a link, a quote, or a detail that they lacked."""
    return len(old) == len(new) and all(
        before.get(name, "") == after.get(name, "") or (name in _GAINED and not before.get(name)) or name == _UNSEEN
        for before, after in zip(old, new, strict=True)
        for name in {*before, *after}
    )


def _questions(envelope: Envelope) -> list[dict[str, Any]]:
    """The questions without their options."""
    fields = envelope.get("fields", [])
    return [{name: value for name, value in field.items() if name != "options"} for field in fields]


def _options(envelope: Envelope) -> dict[str, Any]:
    """The options of each question, by its name."""
    return {field["name"]: field["options"] for field in envelope.get("fields", [])}
