"""Warnings about a petition's text: what a chat doesn't show as written, and what looks like a source but isn't one."""

from __future__ import annotations

from collections.abc import Iterator

from core.petition.petition_file import Fault
from core.petition.text_files import TextFile, TextReading
from core.text.lookalikes import lookalikes, plain_warnings
from core.text.note_marks import SOURCES, note_marks, source_label
from core.text.survey import Survey, survey

NO_SOURCES = "the petition cites no sources, so readers find none under Sources"


def text_warnings(reading: TextReading) -> Iterator[Fault]:
    """Everything in a text that is allowed, but most likely not meant."""
    letter, background = reading.letter, reading.background
    for line, text in reading.front.warnings:
        yield Fault(letter.path, line, text)
    for path, words in reading.front.words():
        for text in (*plain_warnings(words), *_marks(words)):
            yield Fault(letter.path, reading.front.lines.of(*path), text)
    surveys = [(file, survey(file.below)) for file in (letter, background)]
    for file, found in surveys:
        yield from (Fault(file.path, line, text) for line, text in lookalikes(file.below, found))
    if not any(found.cites for _, found in surveys):
        yield from _without_sources(surveys)


def _marks(words: str) -> Iterator[str]:
    """Markdown in a sentence that is shown as it is."""
    yield from note_marks(words)
    for sign in ("**", "__", "](", "`"):
        if sign in words:
            yield f"{sign} is shown as it is: the front matter has no bold words, links, or code. Remove it"
            return


def _without_sources(surveys: list[tuple[TextFile, Survey]]) -> Iterator[Fault]:
    """One warning at the first line that looks like a note, a source, or a heading above sources."""
    for file, found in surveys:
        for paragraph in found.paragraphs:
            for number, line in enumerate(paragraph.lines, paragraph.line):
                alone = line.strip(" :#*_").casefold() in SOURCES
                if alone or source_label(line) or any(note_marks(line)):
                    yield Fault(file.path, number, f"{NO_SOURCES}, though this line looks like a note or a source")
                    return
