"""Arranges a text that an organizer has already: finds its title, letter, background, sources, and what it asks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.petition.draft_notes import Doubt, Note, cite, cited_labels, readable, replace_citations, take_notes
from core.petition.draft_paragraphs import DraftParagraph, paragraphs_of
from core.petition.draft_parts import Parts, is_greeting, split
from core.text.lookalikes import is_page_part
from core.text.markdown import Numbering, parse
from core.text.note_marks import source_label
from core.text.sentences import sentences

NO_WORDS = "there are no words in it"
NO_BACKGROUND = "Write here why people should sign, with the sources as footnotes."
ORGANIZER, TARGET = "Name of the organizer", "the person or body that decides"
_LONGEST_TITLE, _LONGEST_SUMMARY, _LONGEST_NAME = 150, 600, 100  # as in front_matter.py and petition_file.py
_SHORTEST_SENTENCE = 20  # characters of one that says something on its own
_SUMMARY = range(40, 301)  # characters of a sentence that says what the petition asks


@dataclass(frozen=True)
class Draft:
    """The parts of a petition, in Markdown; `doubts` are the guesses, by line of the text."""

    title: str
    summary: str
    organizer: str
    target: str
    letter: str
    background: str
    doubts: tuple[Doubt, ...] = ()


def arrange(text: str, language: str, *, is_markdown: bool) -> Draft | str:
    """The petition in a text, or the reason why there is none in it."""
    doubts: list[Doubt] = []
    paragraphs = _without_page_parts(paragraphs_of(text, is_markdown=is_markdown), doubts)
    paragraphs, notes = take_notes(paragraphs, doubts)
    if all(paragraph.is_rule for paragraph in paragraphs):
        return "there are only sources in it: write the title and the letter above them" if notes else NO_WORDS
    parts = split(tuple(cite(paragraph, notes, doubts) for paragraph in paragraphs), doubts)
    target = parts.target[:_LONGEST_NAME].strip()
    if not target:
        doubts.append(
            (
                parts.title.line,
                "no line says who the petition is for, such as “To the Town Council:”; correct target in petition.toml",
            )
        )
    if not parts.organizer:
        doubts.append((parts.title.line, "no line says who organizes the petition; correct organizer in petition.toml"))
    return Draft(
        _title(parts.title, doubts),
        _summary(parts, target, language, doubts),
        parts.organizer[:_LONGEST_NAME].strip() or ORGANIZER,
        target or TARGET,
        _joined(parts.letter) or parts.title.words,
        _background(parts, notes, language, doubts),
        tuple(sorted(set(doubts))),
    )


def _without_page_parts(paragraphs: Sequence[DraftParagraph], doubts: list[Doubt]) -> list[DraftParagraph]:
    kept = []
    for paragraph in paragraphs:
        lines = tuple(line for line in paragraph.lines if not is_page_part(line.rstrip("\\")))
        if lost := [line.strip() for line in paragraph.lines if line not in lines]:
            doubts.append((paragraph.line, f"left out as a part of the page around it: {' / '.join(lost)}"))
        if any(re.search(r"\w", line) for line in lines) or paragraph.is_rule:
            kept.append(replace(paragraph, lines=(*lines[:-1], lines[-1].rstrip("\\")) if lost else lines))
    return kept


def _title(title: DraftParagraph, doubts: list[Doubt]) -> str:
    words = _words(title.words) or title.words.strip("#>*_-[]() ") or "Untitled"
    if len(words) > _LONGEST_TITLE:
        doubts.append((title.line, f"the title was cut after {_LONGEST_TITLE} characters"))
        words = words[:_LONGEST_TITLE].rsplit(" ", 1)[0]
    return words


def _words(markdown: str) -> str:
    """The words of a text alone, without bold marks, links, and citations."""
    document, _ = parse(replace_citations(markdown, lambda _: ""), (), Numbering())
    return " ".join(document.text.split())


def _summary(parts: Parts, target: str, language: str, doubts: list[Doubt]) -> str:
    """The first sentence that names the target and says what the petition asks, or the letter's first one."""
    letter, background = (list(_said(part, parts.address, language)) for part in (parts.letter, parts.background))
    said = (*letter, *background)
    asking = (each for each in said if target and target in each[1] and len(each[1]) in _SUMMARY)
    whole = (each for each in letter if len(each[1]) >= _SHORTEST_SENTENCE)
    paragraph, sentence = next(asking, next(whole, said[0] if said else (parts.title, parts.title.words)))
    doubts.append((paragraph.line, f"taken as the summary: {sentence[:_LONGEST_SUMMARY]}"))
    return sentence[:_LONGEST_SUMMARY].strip()


def _said(
    paragraphs: Sequence[DraftParagraph], address: DraftParagraph | None, language: str
) -> Iterator[tuple[DraftParagraph, str]]:
    """The sentences that may be a summary, each with its paragraph."""
    for paragraph in paragraphs:
        if not paragraph.is_heading and paragraph is not address and not is_greeting(paragraph):
            for sentence in _sentences(paragraph, language):
                if not sentence.endswith((":", "：")) and not source_label(sentence):
                    yield paragraph, sentence


def _sentences(paragraph: DraftParagraph, language: str) -> list[str]:
    document, _ = parse(replace_citations(paragraph.text, lambda _: ""), (), Numbering())
    return [" ".join(sentence.split()) for block in document.blocks for sentence, _ in sentences(block, language)]


def _joined(paragraphs: Sequence[DraftParagraph]) -> str:
    return "\n\n".join(paragraph.text for paragraph in paragraphs)


def _background(parts: Parts, notes: Sequence[Note], language: str, doubts: list[Doubt]) -> str:
    """The background with the notes at its foot; sources that nothing cites become a list above them."""
    if not parts.background:
        doubts.append((parts.title.line, "found no background: write it in background.md"))
    cited = cited_labels((*parts.letter, *parts.background))
    cited |= {note.source for note in notes if note.label in cited}
    uncited = [note for note in notes if note.label not in cited]
    doubts += [
        (note.line, f"nothing cites this source, so it became a list item in the background: {note.text}")
        for note in uncited
    ]
    kept = [readable(note, language, doubts) for note in notes if note.label in cited]
    blocks = (
        _joined(parts.background) or NO_BACKGROUND,
        "\n".join(f"- {note.text}" for note in uncited),
        "\n".join(f"[^{note.label}]: {note.text}" for note in kept),
    )
    return "\n\n".join(block for block in blocks if block)
