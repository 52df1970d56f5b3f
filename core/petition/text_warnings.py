"""Warnings about a petition's text: what a chat doesn't show as written, and what looks like a source but isn't one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from core.petition.petition_file import Fault
from core.petition.text_files import TextFile, TextReading
from core.text.lookalikes import is_above_sources, lookalikes, plain_warnings, sources_in
from core.text.note_marks import marks_in, note_marks
from core.text.survey import Survey, survey

NO_SOURCES = "the petition doesn't cite any sources, so its list of sources is empty"


def text_warnings(reading: TextReading) -> Iterator[Fault]:
    """Everything in a text that is allowed, but most likely not meant."""
    letter, background = reading.letter, reading.background
    for line, text in reading.front.warnings:
        yield Fault(letter.path, line, text)
    for path, words in reading.front.words():
        for text in (*plain_warnings(words), *_marks(words)):
            yield Fault(letter.path, reading.front.lines.of(*path), text)
    surveys = [(file, survey(file.below)) for file in (letter, background)]
    labels = {label for _, found in surveys for _, label in sources_in(found)}
    labels |= {label for file, _ in surveys for label, _ in file.marks.notes}
    for file, found in surveys:
        yield from (Fault(file.path, line, text) for line, text in lookalikes(file.below, found, labels))
    if not any(found.cites for _, found in surveys):
        yield from _without_sources(surveys, labels)


def _marks(words: str) -> Iterator[str]:
    """Markdown in a sentence that is shown as it is."""
    marks = [mark.mark for mark in marks_in(words) if not mark.is_bare] + re.findall(r"\[\^[^\]]*\]", words)
    for mark in marks:
        yield f"{mark!r} looks like a note, but notes don't work in the front matter: remove it"
    for sign in ("**", "__", "](", "`"):
        if sign in words:
            yield f"readers would see {sign}: bold words, links, and code don't work in the front matter. Remove it"
            return


def _without_sources(surveys: list[tuple[TextFile, Survey]], labels: Container[str]) -> Iterator[Fault]:
    """One warning at the first line that looks like a note, a source, or a heading above sources."""
    for file, found in surveys:
        sources = dict(sources_in(found))
        for paragraph in found.paragraphs:
            for number, line in enumerate(paragraph.lines, paragraph.line):
                if number in sources or is_above_sources(line) or any(note_marks(line, labels)):
                    yield Fault(file.path, number, f"{NO_SOURCES}, though this line looks like a note or a source")
                    return
