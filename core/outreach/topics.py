"""The outbox's topics in words, for organizers and for signers who ask for their data."""

from __future__ import annotations

from collections.abc import Mapping

from core.messages import Message, Words

_KINDS: Mapping[str, Message] = {
    "announce": Message("topic.announce"),
    "milestone": Message("topic.milestone"),
    "files": Message("topic.files"),
    "searches": Message("topic.searches"),
    "checks": Message("topic.checks"),
    "outage": Message("topic.outage"),
    "retention": Message("topic.retention"),
}


def topic_words(topic: str) -> Words:
    """A topic's name for people, such as "Announcement on Telegram"; unchanged if another version made it."""
    kind, _, platform = topic.partition(".")
    if kind not in _KINDS:
        return topic
    return Message("topic.on", {"topic": _KINDS[kind], "platform": platform.capitalize()}) if platform else _KINDS[kind]
