"""A letter and a background with the sources of their notes, numbered without gaps in the order of first citation.

A note may cite two sources, or one of another note again: its mark in the text then becomes [1][2], or [1, p. 12].
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from core.petition.note_references import Reference
from core.petition.source import Source
from core.petition.sources import NoteEntry, claims_of, read_note
from core.text.document import Block, Document, Span
from core.text.markdown import Numbering, parse

_Key: TypeAlias = tuple[str, int]
"""A source: the label of its note, and its place there."""
_Cited: TypeAlias = Mapping[str, Sequence[tuple[_Key, str]]]
"""The sources that each label cites, each with its locator."""


@dataclass(frozen=True)
class CitedText:
    """A text with its sources. `faults` are by the labels of notes, and `labels` those of the sources, by number.

    `cited` are the labels of all notes that the text cites, or that such a note cites again.
    """

    letter: Document
    background: Document
    sources: tuple[Source, ...]
    labels: Mapping[int, str]
    cited: frozenset[str]
    faults: Mapping[str, str]


def read_cited_text(letter: str, background: str, labels: Collection[str], language: str) -> CitedText:
    """The text in two Markdown files, the second of which has the notes with these `labels`."""
    first = Numbering()
    body, _ = parse(letter, labels, first)
    reasons, noted = parse(background, labels, first)
    notes = {label: noted.get(label, Document()) for label in labels}
    names = {number: label for label, number in first.numbers.items()}
    entries, faults = _entries(notes, names, language)
    cited = _resolved(entries, faults)
    order = _Order(names, cited)
    drawn = order.renumbered(body), order.renumbered(reasons)
    used = frozenset(order.seen) | {label for label, _ in order.numbers}
    for label in notes:
        order.number_all(label)
    claims = claims_of(language, *drawn)
    sources = tuple(
        replace(found, number=number, claims=claims.get(number, ()))
        for (label, place), number in order.numbers.items()
        if isinstance(found := (entries.get(label) or {}).get(place), Source)
    )
    return CitedText(*drawn, sources, {number: label for (label, _), number in order.numbers.items()}, used, faults)


def _entries(
    notes: Mapping[str, Document], names: Mapping[int, str], language: str
) -> tuple[dict[str, dict[int, NoteEntry]], dict[str, str]]:
    """The entries of each note, by their place in it, and the faults of the notes that have one."""
    entries, faults = dict[str, dict[int, NoteEntry]](), dict[str, str]()
    for label, note in notes.items():
        found = read_note(note, names, language)
        if isinstance(found, str):
            faults[label] = found
        else:
            entries[label] = dict(enumerate(found))
    return entries, faults


def _resolved(entries: Mapping[str, Mapping[int, NoteEntry]], faults: dict[str, str]) -> _Cited:
    """The sources that each label cites; the faults of references are added to the others."""
    cited: dict[str, list[tuple[_Key, str]]] = {}
    labels = list(entries)
    for label, found in entries.items():
        cited[label] = []
        for place, entry in found.items():
            key = _key(label, place, entries, labels)
            if isinstance(key, str):
                faults.setdefault(label, key)
            else:
                cited[label].append((key, entry.locator if isinstance(entry, Reference) else ""))
    return cited


def _key(
    label: str, place: int, entries: Mapping[str, Mapping[int, NoteEntry]], labels: Sequence[str]
) -> _Key | str:  # fmt: skip
    """The source that an entry gives or cites again, through any number of notes, or what is wrong with it."""
    passed = set[_Key]()
    while isinstance(entry := entries[label][place], Reference):
        passed.add((label, place))
        target = entry.label or _before(label, labels)
        if not entry.label and place:
            place -= 1
        elif target not in entries:
            return f"cites the note [^{target}] again, which has no source" if target else "has no note before it"
        elif len(entries[target]) > 1:
            return f"cites the note [^{target}] again, which has several sources: write that source here once more"
        else:
            label, place = target, 0
        if (label, place) in passed:
            return "cites a note that cites it back: write the source in one of them"
    return label, place


def _before(label: str, labels: Sequence[str]) -> str:
    """The label of the note before another; empty for the first note."""
    place = labels.index(label)
    return labels[place - 1] if place else ""


@dataclass
class _Order:
    """Gives each source a number when it is first cited, and draws the citations with it."""

    names: Mapping[int, str]
    cited: _Cited
    numbers: dict[_Key, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def renumbered(self, document: Document) -> Document:
        """The document with the numbers and the locators of the sources."""
        return Document(tuple(self._block(block) for block in document.blocks))

    def number_all(self, label: str) -> None:
        """Give a number to each source of a note that nothing cites."""
        for key, _ in self._of(label):
            self._number(key)

    def _block(self, block: Block) -> Block:
        if all(span.citation is None for span in block.spans):
            return block
        return replace(block, spans=tuple(new for span in block.spans for new in self._span(span)))

    def _span(self, span: Span) -> Iterator[Span]:
        if span.citation is None:
            yield span
            return
        label = self.names[span.citation]
        self.seen.add(label)
        for key, locator in self._of(label):
            number = self._number(key)
            yield Span(f"[{number}, {locator}]" if locator else f"[{number}]", citation=number, locator=locator)

    def _of(self, label: str) -> Sequence[tuple[_Key, str]]:
        """The sources that a label cites; a note with a fault counts as one source."""
        return self.cited.get(label) or (((label, 0), ""),)

    def _number(self, key: _Key) -> int:
        return self.numbers.setdefault(key, len(self.numbers) + 1)
