"""Compares two versions of a petition sentence by sentence: what each part lost and gained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.messages import Message, Words
from core.petition.changes import differing_parts
from core.petition.envelope import Envelope
from core.petition.source import DETAILS
from core.text.document import Block, BlockKind, Span
from core.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part by its name, with what was removed and added; both are empty if only its form changed."""

    part: Message
    removed: tuple[Words, ...]
    added: tuple[Words, ...]


def compare(old: Envelope, new: Envelope, language: str) -> tuple[PartChange, ...]:
    """Everything that differs between two envelopes of the same format, in the petition's order."""
    return tuple(
        PartChange(words, *_differences(list(_pieces(name, old, language)), list(_pieces(name, new, language))))
        for name, words in differing_parts(old, new)
    )


def _differences(old: list[Words], new: list[Words]) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """The pieces that only one of two lists has in its place."""
    before, after = ([repr(piece) for piece in pieces] for pieces in (old, new))
    removed, added = list[Words](), list[Words]()
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += old[start:end]
            added += new[new_start:new_end]
    return tuple(removed), tuple(added)


def _pieces(name: str, envelope: Envelope, language: str) -> Iterator[Words]:
    """A part as pieces that people can compare: sentences, sources, questions, or one value."""
    match name:
        case "letter" | "background":
            for block in _blocks(envelope.get(name, "")):
                yield from (sentence for sentence, _ in sentences(block, language))
        case "sources":
            yield from map(_source, envelope.get(name, []))
        case "questions" | "options":
            yield from (_question(field, with_options=name == "options") for field in envelope.get("fields", []))
        case "consent":
            for sentence in envelope.get(name, {}).values():
                yield from [sentence] if isinstance(sentence, str) else sentence
        case _:
            yield from filter(None, _values(name, envelope))


def _values(name: str, envelope: Envelope) -> tuple[Words, ...]:
    """The values of a part that has no sentences; one that is missing is empty."""
    value = envelope.get(name, "")
    match name:
        case "contact":
            return value, envelope.get("organizer_url", "")
        case "named_if":
            return tuple(field["label"] for field in envelope.get("fields", []) if field["name"] == value)
        case "closes" if value:
            return (Message("fact.day", {"date": dt.date.fromisoformat(value)}),)
        case "retention_days":
            return (Message("changed.days", {"count": value}),)
    return (value,)


def _blocks(part: str | Iterable[Envelope]) -> Iterator[Block]:
    """The paragraphs of a text, with the addresses of its links; those of the first form are Markdown."""
    if isinstance(part, str):
        for paragraph in part.split("\n\n"):
            yield Block(BlockKind.PARAGRAPH, (Span(" ".join(paragraph.split())),))
        return
    for block in part:
        marker = [Span(f"{block['marker']} ")] if block.get("marker") else []
        yield Block(BlockKind.PARAGRAPH, (*marker, *map(_span, block["spans"])))


def _span(span: Envelope) -> Span:
    link, text = span.get("link"), span["text"]
    return Span(f"{text} ({link})" if link and link != text else text, citation=span.get("citation"))


def _source(source: Envelope) -> str:
    parts = (source["publication"], f"“{source['title']}”", source["date"], *(source.get(name) for name in DETAILS))
    quote = f"“{source['quote']}”" if source.get("quote") else ""
    return " ".join(filter(None, (f"{', '.join(filter(None, parts))}.", quote, source.get("link"))))


def _question(field: Envelope, *, with_options: bool) -> str:
    """A question; with its options, it is compared only by them."""
    options = ", ".join(option["label"] for option in field["options"])
    if with_options:
        return f"{field['label']} ({options})"
    return " · ".join(filter(None, (field["label"], field["hint"])))
