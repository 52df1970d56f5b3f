"""Sources from footnotes: who published what, when, and where, and which sentences rely on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from core.addresses import is_web_address
from core.petition.note_attributes import LONGEST, take_attributes
from core.petition.note_references import Reference, read_reference
from core.petition.source import DETAILS, Source, SourceKind
from core.petition.source_parts import has_title, is_undated, parts_of
from core.text.document import Document, Span
from core.text.sentences import sentences

_LINK = re.compile(r"<?(https?://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)\]}])>?")
_LEFT_OVER = re.compile(r"[\s,;:(]+[).]*$")
_BEFORE_LINK = re.compile(
    r"[\s,.;(\[]*\b(?:available (?:at|from|online)|retrieved from|accessed at|online at|at|from|via|url|link|see|"
    r"disponible en|recuperado de|en|verfügbar unter|abrufbar unter|unter|disponible sur|sur|en ligne)\s*:?\s*$",
    re.IGNORECASE,
)
_PIECES = re.compile(r"(?<=[;؛；])(?=\s)")
_MOST_PIECES = 12  # between semicolons, of which a note can have any number
_AND = re.compile(r"^\s*(?:and|see also|also|y|véase también|und|siehe auch|et|voir aussi)\b[\s,:]*")

NoteEntry: TypeAlias = Source | Reference
"""A source in a note, not yet numbered, or a reference to the source of another note."""


def read_note(note: Document, labels: Mapping[int, str], language: str = "en") -> tuple[NoteEntry, ...] | str:
    """The sources that a note gives or cites again, in its order, or what is wrong with it.

    A semicolon separates two. `labels` are those of the notes by number, and `language` is the text's.
    """
    spans = [span for block in note.blocks for span in block.spans]
    entries = _entries(list(_pieces(spans)), labels, language)
    return entries if isinstance(entries, tuple) else _entry(spans, labels, language)


def _entries(
    pieces: Sequence[Sequence[Span]], labels: Mapping[int, str], language: str
) -> tuple[NoteEntry, ...] | None:
    """The entries of a note in pieces, of which several may make one entry; None if some make none."""
    if not 1 < len(pieces) <= _MOST_PIECES:
        return None
    found: dict[int, tuple[NoteEntry, ...]] = {len(pieces): ()}  # by the piece that they begin with
    for first in range(len(pieces) - 1, -1, -1):
        for end in range(first + 1, len(pieces) + 1):
            spans = _together(pieces, first, end)
            entry = _entry(spans, labels, language) if end in found else ""
            if not isinstance(entry, str) and _is_whole(*entry):
                found[first] = (*entry, *found[end])
                break
    return found.get(0)


def _is_whole(entry: NoteEntry) -> bool:
    """True for an entry that is surely more than a part of one."""
    if isinstance(entry, Reference) or entry.kind is not SourceKind.ARTICLE:
        return True
    return is_undated(entry.date) or re.search(r"\d{4}", entry.date) is not None


def _pieces(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    """The spans of a note, cut after semicolons."""
    piece: list[Span] = []
    for span in spans:
        texts = [span.text] if span.link else _PIECES.split(span.text)
        for place, text in enumerate(texts):
            if place:
                yield piece
                piece = []
            piece.append(replace(span, text=text))
    yield piece


def _together(pieces: Sequence[Sequence[Span]], first: int, end: int) -> Sequence[Span]:
    """Some pieces of a note as one, without what joins it to the others."""
    spans = [span for piece in pieces[first:end] for span in piece]
    if first:
        spans[0] = replace(spans[0], text=_AND.sub("", spans[0].text))
    if end < len(pieces):
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip(" ;؛；"))
    return spans


def _entry(spans: Sequence[Span], labels: Mapping[int, str], language: str) -> tuple[NoteEntry] | str:
    """The only source or reference in a note, or what is wrong with it."""
    spans, attributes = take_attributes(spans)
    if isinstance(attributes, str):
        return attributes
    reference = read_reference(spans, labels)
    if reference is not None and attributes:
        return "cites the source of another note again: write what is in braces there"
    found = reference or _source(spans, attributes, language)
    return found if isinstance(found, str) else (found,)


def _source(spans: Sequence[Span], attributes: Mapping[str, str], language: str) -> Source | str:
    kind = SourceKind(attributes.get("type", SourceKind.ARTICLE).casefold())
    link, written, words = _link(spans)
    if link and not is_web_link(link):
        return f"has a link that isn't a web link: {link}. Write the whole address: https://..."
    parts = parts_of(words, _titled(spans), language, kind)
    if isinstance(parts, str):
        return parts
    if max(len(parts.publication), len(parts.title)) > LONGEST:
        return f"is longer than {LONGEST} characters: shorten the publication or the title"
    given = {"author": parts.author, **attributes}
    details = {name: given[name] for name in DETAILS if given.get(name)}
    publication = attributes.get("publisher", parts.publication)
    return Source(
        0, publication, parts.title, parts.date, link, written, (), attributes.get("quote", ""), kind, details
    )  # fmt: skip


def _link(spans: Sequence[Span]) -> tuple[str | None, str, str]:
    """The link of a note, its words without the link, and its words without what only leads to the link."""
    link = next((span.link for span in spans if span.link), None)
    written = "".join(span.text for span in _without_link(spans) if span.text != link).strip()
    written = _LEFT_OVER.sub(lambda match: "." if "." in match[0] else "", written) if link else written
    bare = _LINK.search(written)
    if bare:
        link = link or bare[1]
        before, after = _BEFORE_LINK.sub("", written[: bare.start()].rstrip(", ")), written[bare.end() :]
        written = (before + after).strip()
        return link, written, written
    return link, written, _BEFORE_LINK.sub("", written) if link else written


def _without_link(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans of a note without a link at its end, such as [link](https://...), whatever its words are."""
    end = len(spans)
    while end and not re.search(r"\w", spans[end - 1].text):
        end -= 1
    before = "".join(span.text for span in spans[: end - 1])
    return [*spans[: end - 1], *spans[end:]] if end and spans[end - 1].link and has_title(before) else spans


def _titled(spans: Sequence[Span]) -> str:
    """The title, if the note marks it with a link or italics instead of quotes; empty if it doesn't."""
    marked = [span.text.strip() for span in spans if span.link and span.text != span.link]
    marked = marked or [span.text.strip() for span in spans if span.italic]
    return marked[0].rstrip(",") if len(marked) == 1 else ""


def is_web_link(link: str) -> bool:
    """True for a link that every app opens: http or https, with a host."""
    return is_web_address(link)


def claims_of(language: str, *documents: Document) -> dict[int, tuple[str, ...]]:
    """The sentences that cite each source, by source number, each once; the documents are in `language`."""
    claims: dict[int, dict[str, None]] = {}
    for document in documents:
        for block in document.blocks:
            for sentence, numbers in sentences(block, language):
                for number in numbers:
                    claims.setdefault(number, {})[sentence] = None
    return {number: tuple(sentences_citing) for number, sentences_citing in claims.items()}
