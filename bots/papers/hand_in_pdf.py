"""The hand-in: the document for the target, with the text, the count and its explanation, the names, and the answers.

It is set part by part in a separate process (bots/papers/press.py) and bound at the end, so memory grows only with the
finished pages of the file being bound.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from bots.common.captions import truncate_cells
from bots.papers.hand_in_rows import LINE, HandInRow, RowLayout, RowPage, SignerLine, cell
from bots.papers.hand_in_shelf import Shelf
from bots.papers.paper import A4, BETWEEN, TYPE_SIZE, Paper
from bots.papers.press import Press
from bots.papers.typesetting import language_facts, set_pages
from bots.papers.volumes import About, Binder, count_pages
from core.petition.petition import PetitionText
from core.text.document import Block, Document

PAGES_AT_ONCE = 8  # of names; the number set at once determines the peak memory
_FRAME = "hand_in_frame.typ"
_TEXT = (_FRAME, "hand_in_text.typ")
_PICTURE_SCALE = 1.5  # pixels per point
_LONGEST_HEAD = 95  # characters of the title in the running head


@dataclass(frozen=True, slots=True)
class HandInWords:
    """All words on the pages besides the petition's own, in its language.

    `target` to `date` are captions; `letter` to `versions` are headings; `page` holds {page} and {pages};
    `unnamed` replaces a name that is not given, and may be empty. `answers` is the heading of the appendix, and
    `agreed` says whose answers it has.
    """

    target: str
    organizer: str
    date: str
    letter: str
    background: str
    sources: str
    signers: str
    counting: str
    version: str
    versions: str
    page: str
    unnamed: str = ""
    answers: str = ""
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """The petition's text in one language, with the name of that language."""

    text: PetitionText
    name: str


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """A question in the appendix: its caption, and the number of signers for each option in words."""

    caption: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HandIn:
    """Content of a hand-in.

    `versions` are the texts that people could sign; the title on the first page is that of the first. `headline` is the
    count in words ("12,345 signatures"). `counting` explains it, in rows of words and a number. `date` is the day of
    the count. `answers` are the questions of the appendix; without any, there is none.
    """

    versions: tuple[LetterVersion, ...]
    target: str
    organizer: str
    headline: str
    counting: tuple[tuple[str, int], ...]
    date: dt.date
    locale: str
    words: HandInWords
    paper: Paper = A4
    answers: tuple[AnswerCount, ...] = ()

    @property
    def title(self) -> str:
        """The title of the petition."""
        return self.versions[0].text.title


@dataclass(frozen=True, slots=True)
class HandInFiles:
    """The written files in order, the total number of pages, and the number of signers."""

    files: tuple[Path, ...]
    pages: int
    signers: int


def write(
    describe: Callable[[], HandIn],
    signers: Iterable[SignerLine],
    folder: Path,
    stem: str,
    *,
    largest: int | None = None,
    progress: Callable[[int, int], object] = lambda *_: None,
) -> HandInFiles:
    """Write the hand-in into `folder` as stem.pdf, or as stem-1.pdf, stem-2.pdf ... of at most `largest` bytes each.

    `signers` is read once and kept in an unnamed temporary file. Only then is `describe` called, so the count on the
    first page comes from this very reading. An exception from `progress` ends the work; finished files stay.

    Raises:
        OSError: the folder cannot be written.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as file, Press() as press:
        shelf = Shelf(file)
        shelf.fill(signers)
        hand_in = describe()
        about = About(hand_in.title, hand_in.organizer, hand_in.locale.replace("_", "-"), hand_in.date)
        binder = Binder(about, folder, stem, largest)
        layout = RowLayout.of(hand_in.paper, len(_number(shelf.longest, hand_in.locale)))
        _bind(binder, _Sheets(press, hand_in, layout, shelf), lambda done: progress(done, shelf.signers))
        files = binder.finish()
    return HandInFiles(files, binder.pages, shelf.signers)


class _Sheets:
    """Sets the parts. Every page gives the total number, so the text is set twice: its pages must be counted first."""

    def __init__(self, press: Press, hand_in: HandIn, layout: RowLayout, shelf: Shelf) -> None:
        self._press, self._hand_in, self._layout, self._shelf = press, hand_in, layout, shelf
        self._number_width = hand_in.paper.column_width - BETWEEN - layout.room
        self._rtl = Locale.parse(hand_in.locale).text_direction == "rtl"
        self._pages = 0
        self._text_pages = count_pages(self._set_text())
        self._before_answers = self._text_pages + sum(1 for _ in self.name_pages())
        self._before_rows = self._before_answers + (count_pages(self._set_answers()) if hand_in.answers else 0)
        self._pages = self._before_rows + sum(1 for _ in self.answer_pages())
        self.text = self._set_text()
        self.answers = self._set_answers() if hand_in.answers else b""

    def name_pages(self) -> Iterator[RowPage]:
        """The pages of names, not set yet."""
        return self._shelf.name_pages(self._layout, self._hand_in.words.unnamed)

    def answer_pages(self) -> Iterator[RowPage]:
        """The pages of answers, not set yet."""
        return self._shelf.answer_pages(self._layout)

    def names(self) -> Iterator[tuple[bytes, str, int]]:
        """The pages of names in batches, each with its bookmark and the number of its rows."""
        return self._batches(self.name_pages(), self._hand_in.words.signers, self._text_pages)

    def answer_lines(self) -> Iterator[tuple[bytes, str, int]]:
        """The pages of answers in batches, each with its bookmark and the number of its rows."""
        return self._batches(self.answer_pages(), self._hand_in.words.answers, self._before_rows)

    def _batches(self, pages: Iterator[RowPage], section: str, before: int) -> Iterator[tuple[bytes, str, int]]:
        last = 0
        while batch := list(islice(pages, PAGES_AT_ONCE)):
            rows = [row for page in batch for column in page for row in column]
            numbers = [row.signer.number for row in rows if row.signer.number] or [last]
            span = f"{_number(numbers[0], self._hand_in.locale)}–{_number(numbers[-1], self._hand_in.locale)}"
            yield self._set_rows(batch, section, before), f"{section} {span}", len(rows)
            before, last = before + len(batch), numbers[-1]

    def _set_rows(self, pages: list[RowPage], section: str, before: int) -> bytes:
        values = self._frame(before) | {
            "section": section,
            "size": TYPE_SIZE,
            "line": LINE,
            "columns": [[self._row(row) for row in column] for page in pages for column in page],
            "number-width": self._number_width,
        }
        return self._press.set((_FRAME, "hand_in_names.typ"), values, self._hand_in.locale)

    def _set_answers(self) -> bytes:
        hand_in = self._hand_in
        values = self._frame(self._before_answers) | {
            "section": hand_in.words.answers,
            "agreed": hand_in.words.agreed,
            "questions": [
                {"caption": each.caption, "options": _counted(each.options, hand_in.locale)} for each in hand_in.answers
            ],
        }
        return self._press.set((_FRAME, "hand_in_answers.typ"), values, hand_in.locale)

    def _set_text(self) -> bytes:
        values = self._frame(0) | _text_values(self._hand_in)
        return self._press.set(_TEXT, values, self._hand_in.locale)

    def _frame(self, pages_before: int) -> dict[str, object]:
        return _frame(self._hand_in, self._pages, pages_before)

    def _row(self, row: HandInRow) -> dict[str, object]:
        return {
            "number": _number(row.signer.number, self._hand_in.locale) if row.signer.number else "",
            "name": cell(row.signer.name, row.name_width, self._rtl),
            "place": cell(row.signer.place, row.place_width, self._rtl),
            "height": row.height - row.gap,
            "gap": row.gap,
            "indent": row.indent,
        }


def _bind(binder: Binder, sheets: _Sheets, on_signers: Callable[[int], object]) -> None:
    """Add all parts in order; `on_signers` is called with the number of signers listed so far."""
    binder.add(sheets.text)
    done = 0
    for part, bookmark, rows in sheets.names():
        binder.add(part, bookmark)
        done += rows
        on_signers(done)
    if sheets.answers:
        binder.add(sheets.answers)
    for part, bookmark, _ in sheets.answer_lines():
        binder.add(part, bookmark)
        on_signers(done)


def first_page(hand_in: HandIn) -> bytes:
    """A picture of the first page, without any signers' pages, as a PNG."""
    pages = 1
    for _ in range(2):  # each page says how many there are
        drawn = set_pages(_TEXT, _frame(hand_in, pages, 0) | _text_values(hand_in), hand_in.locale, _PICTURE_SCALE)
        pages = len(drawn)
    return drawn[0]


def _text_values(hand_in: HandIn) -> dict[str, object]:
    words, day = hand_in.words, format_date(hand_in.date, format="long", locale=hand_in.locale)
    return {
        "headline": hand_in.headline,
        "facts": [[words.target, hand_in.target], [words.organizer, hand_in.organizer], [words.date, day]],
        "counting": _counted(hand_in.counting, hand_in.locale),
        "headings": asdict(words),
        "versions": [_version(version) for version in hand_in.versions],
    }


def _frame(hand_in: HandIn, pages: int, pages_before: int) -> dict[str, object]:
    return {
        **hand_in.paper.frame(),
        "title": hand_in.title,
        "head": truncate_cells(hand_in.title, _LONGEST_HEAD),
        "organizer": hand_in.organizer,
        "foot": f"{hand_in.headline} · {format_date(hand_in.date, format='long', locale=hand_in.locale)}",
        "page-words": hand_in.words.page,
        "pages": str(pages),
        "pages-before": pages_before,
    }


def _counted(rows: tuple[tuple[str, int], ...], locale: str) -> list[tuple[str, str]]:
    return [(words, _number(count, locale)) for words, count in rows]


def _number(number: int, locale: str) -> str:
    return str(format_decimal(number, locale=locale))


def _version(version: LetterVersion) -> dict[str, object]:
    text = version.text
    return {
        "language": language_facts(text.language),
        "name": version.name,
        "title": text.title,
        "digest": text.digest,
        "letter": _blocks(text.letter),
        "background": _blocks(text.background),
        "sources": [{"number": source.number, "note": source.note, "link": source.link} for source in text.sources],
    }


def _blocks(document: Document) -> list[dict[str, object]]:
    return [_block(block) for block in document.blocks]


def _block(block: Block) -> dict[str, object]:
    return {
        "kind": block.kind.value,
        "level": block.level,
        "marker": block.marker,
        "spans": [asdict(span) for span in block.spans],
    }
