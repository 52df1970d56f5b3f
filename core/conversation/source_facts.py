"""The facts about a source, each with the caption that its kind needs."""

from __future__ import annotations

from collections.abc import Iterator

from core.messages import Message, Words
from core.petition.source import DETAILS, Source, SourceKind

_CAPTIONS = {name: Message(f"source.{name}") for name in DETAILS}


def source_facts(source: Source) -> Iterator[tuple[Message, Words]]:
    """The facts that are known about a source, with their captions: a video has a channel, a book a publisher."""
    is_video = source.kind is SourceKind.VIDEO
    rows = (
        (Message("source.channel" if is_video else "source.publication"), source.publication),
        (Message("source.title"), source.title),
        *((_CAPTIONS[name], source.details.get(name, "")) for name in DETAILS),
        (Message("source.date"), source.date),
        (Message("source.link"), source.link or ""),
    )
    yield from ((caption, value) for caption, value in rows if value)
