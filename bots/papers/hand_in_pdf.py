"""The hand-in: the document for the target, with the text, the count and its explanation, and the names.

It is set part by part in a separate process (bots/papers/press.py) and bound at the end, so memory grows only with the
finished pages of the file being bound.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from bots.common.captions import truncate_cells
from bots.papers.hand_in_rows import LINE, Row, RowLayout, RowPage, SignerLine, cell
from bots.papers.paper import A4, BETWEEN, TYPE_SIZE, Paper
from bots.papers.press import Press
from bots.papers.typesetting import language_facts
from bots.papers.volumes import About, Binder, count_pages
from core.petition.petition import PetitionText
from core.text.document import Block, Document

PAGES_AT_ONCE = 8  # of names; the number set at once determines the peak memory
_FRAME = "hand_in_frame.typ"
_LONGEST_HEAD = 95  # characters of the title in the running head


@dataclass(frozen=True, slots=True)
class HandInWords:
    """All words on the pages besides the petition's own, in its language.

    `target` to `date` are captions; `letter` to `versions` are headings; `page` holds {page} and {pages};
    `unnamed` replaces a name that is not given, and may be empty.
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


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """The petition's text in one language, with the name of that language."""

    text: PetitionText
    name: str


@dataclass(frozen=True, slots=True)
class HandIn:
    """Content of a hand-in.

    `versions` are the texts that people could sign; the title on the first page is that of the first. `headline` is the
    count in words ("12,345 signatures"). `counting` explains it, in rows of words and a number. `date` is the day of
    the count.
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
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as shelf, Press() as press:
        total, longest = _lay_by(signers, shelf)
        hand_in = describe()
        about = About(hand_in.title, hand_in.organizer, hand_in.locale.replace("_", "-"), hand_in.date)
        binder = Binder(about, folder, stem, largest)
        layout = RowLayout.of(hand_in.paper, len(_number(longest, hand_in.locale)))
        signed = _Signed(shelf, layout, hand_in.words.unnamed)
        sheets = _Sheets(press, hand_in, layout, sum(1 for _ in signed.pages()))
        binder.add(sheets.text)
        for done in _add_names(binder, sheets, signed.pages()):
            progress(done, total)
        files = binder.finish()
    return HandInFiles(files, binder.pages, total)


class _Sheets:
    """Sets the parts. Every page gives the total number, so the text is set twice: its pages must be counted first."""

    def __init__(self, press: Press, hand_in: HandIn, layout: RowLayout, name_pages: int) -> None:
        self._press, self._hand_in = press, hand_in
        self._number_width = hand_in.paper.column_width - BETWEEN - layout.room
        self._rtl = Locale.parse(hand_in.locale).text_direction == "rtl"
        self._pages = 0
        self._text_pages = count_pages(self._set_text())
        self._pages = self._text_pages + name_pages
        self.text = self._set_text()

    def names(self, pages: list[RowPage], before: int) -> bytes:
        """Pages of names; `before` is the number of such pages before them."""
        values = self._frame(self._text_pages + before) | {
            "section": self._hand_in.words.signers,
            "size": TYPE_SIZE,
            "line": LINE,
            "columns": [[self._row(row) for row in column] for page in pages for column in page],
            "number-width": self._number_width,
        }
        return self._press.set((_FRAME, "hand_in_names.typ"), values, self._hand_in.locale)

    def bookmark(self, before: int, done: int) -> str:
        """The name of pages: the first and the last signer on them, by their number in the document."""
        locale = self._hand_in.locale
        span = f"{_number(before + 1, locale)}–{_number(done, locale)}"
        return f"{self._hand_in.words.signers} {span}"

    def _set_text(self) -> bytes:
        hand_in, words = self._hand_in, self._hand_in.words
        day = format_date(hand_in.date, format="long", locale=hand_in.locale)
        values = self._frame(0) | {
            "headline": hand_in.headline,
            "facts": [[words.target, hand_in.target], [words.organizer, hand_in.organizer], [words.date, day]],
            "counting": [[row, _number(number, hand_in.locale)] for row, number in hand_in.counting],
            "headings": asdict(words),
            "versions": [_version(version) for version in hand_in.versions],
        }
        return self._press.set((_FRAME, "hand_in_text.typ"), values, hand_in.locale)

    def _frame(self, pages_before: int) -> dict[str, object]:
        hand_in = self._hand_in
        return {
            **hand_in.paper.frame(),
            "title": hand_in.title,
            "head": truncate_cells(hand_in.title, _LONGEST_HEAD),
            "organizer": hand_in.organizer,
            "foot": f"{hand_in.headline} · {format_date(hand_in.date, format='long', locale=hand_in.locale)}",
            "page-words": hand_in.words.page,
            "pages": str(self._pages),
            "pages-before": pages_before,
        }

    def _row(self, row: Row) -> dict[str, object]:
        return {
            "number": _number(row.signer.number, self._hand_in.locale),
            "name": cell(row.signer.name, row.name_width, self._rtl),
            "place": cell(row.signer.place, row.place_width, self._rtl),
            "height": row.height,
            "lines": row.lines,
        }


@dataclass(frozen=True, slots=True)
class _Signed:
    """The signers on a shelf, page by page; `unnamed` replaces a name that is not given."""

    shelf: IO[str]
    layout: RowLayout
    unnamed: str

    def pages(self) -> Iterator[RowPage]:
        """The pages, from the first one on; only one iteration at a time."""
        return self.layout.pages(self._signers())

    def _signers(self) -> Iterator[SignerLine]:
        self.shelf.seek(0)
        for line in self.shelf:
            signer = SignerLine(*json.loads(line))
            yield signer if signer.name else SignerLine(signer.number, self.unnamed)


def _add_names(binder: Binder, sheets: _Sheets, pages: Iterator[RowPage]) -> Iterator[int]:
    """Add pages of names batch by batch; yields the number of signers added so far."""
    done = before = 0
    while batch := list(islice(pages, PAGES_AT_ONCE)):
        first, done = done, done + sum(len(column) for page in batch for column in page)
        binder.add(sheets.names(batch, before), sheets.bookmark(first, done))
        before += len(batch)
        yield done


def _lay_by(signers: Iterable[SignerLine], shelf: IO[str]) -> tuple[int, int]:
    """Write the signers to the shelf; returns their number, and the largest number printed."""
    total = longest = 0
    for total, signer in enumerate(signers, start=1):  # noqa: B007  # the last one is the answer
        longest = max(longest, signer.number)
        shelf.write(json.dumps((signer.number, signer.name, signer.place)) + "\n")
    return total, longest


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
