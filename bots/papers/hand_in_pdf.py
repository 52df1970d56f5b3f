"""The hand-in: the document for the target, with the text, the count and its explanation, and the names.

It is set part by part in a separate process (bots/papers/press.py) and bound at the end, so memory grows only with the
finished pages of the file being bound.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from rich.cells import cell_len

from bots.common.captions import truncate_cells
from bots.papers.paper import A4, COLUMNS, Paper
from bots.papers.press import Press
from bots.papers.typesetting import language_facts
from bots.papers.volumes import About, Binder, count_pages
from core.petition.petition import PetitionText
from core.text.document import Block, Document

PAGES_AT_ONCE = 8  # of names; the number set at once determines the peak memory
_FRAME = "hand_in_frame.typ"
_LONGEST_HEAD = 95  # characters of the title in the running head
_STACKED = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3}")  # since no language has them
_SURELY_FITS = 0.14  # characters per point of width, if all were as wide as an M


@dataclass(frozen=True, slots=True)
class SignerLine:
    """A signer in the hand-in; without a `name` if they did not agree to be named."""

    number: int
    name: str = ""
    place: str = ""


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
    progress: Callable[[int, int], None] | None = None,
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
        sheets = _Sheets(press, hand_in, total, longest)
        binder.add(sheets.text)
        for done in _add_names(binder, sheets, _read_back(shelf, PAGES_AT_ONCE * hand_in.paper.rows_on_a_page)):
            if progress:
                progress(done, total)
        files = binder.finish()
    return HandInFiles(files, binder.pages, total)


class _Sheets:
    """Sets the parts. Every page gives the total number, so the text is set twice: its pages must be counted first."""

    def __init__(self, press: Press, hand_in: HandIn, signers: int, longest_number: int) -> None:
        self._press, self._hand_in = press, hand_in
        self._widths = hand_in.paper.widths(len(_number(longest_number, hand_in.locale)))
        self._rtl = Locale.parse(hand_in.locale).text_direction == "rtl"
        self._pages = 0
        self._text_pages = count_pages(self._set_text())
        self._pages = self._text_pages + -(-signers // hand_in.paper.rows_on_a_page)
        self.text = self._set_text()

    def names(self, rows: list[SignerLine], before: int) -> bytes:
        """Whole pages of names; `before` is the number of signers on earlier pages."""
        number, name, place = self._widths
        values = self._frame(self._text_pages + before // self._hand_in.paper.rows_on_a_page) | {
            "section": self._hand_in.words.signers,
            "columns": [[self._row(row) for row in column] for column in _columns(rows, self._hand_in.paper.rows)],
            "number-width": number, "name-width": name, "place-width": place,
        }  # fmt: skip
        return self._press.set((_FRAME, "hand_in_names.typ"), values, self._hand_in.locale)

    def bookmark(self, rows: list[SignerLine], before: int) -> str:
        """The name of these pages: the first and the last signer on them, by their number in the document."""
        locale = self._hand_in.locale
        span = f"{_number(before + 1, locale)}–{_number(before + len(rows), locale)}"
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

    def _row(self, signer: SignerLine) -> tuple[str, object, object]:
        """Number, name and place."""
        _, name_width, place_width = self._widths
        name, place = (signer.name, signer.place) if signer.name else (self._hand_in.words.unnamed, "")
        number = _number(signer.number, self._hand_in.locale)
        return number, _cell(name, name_width, self._rtl), _cell(place, place_width, self._rtl)


def _add_names(binder: Binder, sheets: _Sheets, batches: Iterable[list[SignerLine]]) -> Iterator[int]:
    """Add pages of names batch by batch; yields the number of signers added so far."""
    done = 0
    for rows in batches:
        binder.add(sheets.names(rows, done), sheets.bookmark(rows, done))
        done += len(rows)
        yield done


def _lay_by(signers: Iterable[SignerLine], shelf: IO[str]) -> tuple[int, int]:
    """Write the signers to the shelf; returns their number, and the largest number printed."""
    total = longest = 0
    for total, signer in enumerate(signers, start=1):  # noqa: B007  # the last one is the answer
        longest = max(longest, signer.number)
        shelf.write(json.dumps((signer.number, signer.name, signer.place)) + "\n")
    shelf.seek(0)
    return total, longest


def _read_back(shelf: IO[str], count: int) -> Iterator[list[SignerLine]]:
    while lines := list(islice(shelf, count)):
        yield [SignerLine(*json.loads(line)) for line in lines]


def _columns(rows: list[SignerLine], height: int) -> list[list[SignerLine]]:
    """The rows in columns, top to bottom and page by page; columns on the last page have equal height."""
    full = len(rows) - len(rows) % (COLUMNS * height)
    rest = rows[full:]
    columns = [rows[start : start + height] for start in range(0, full, height)]
    half = -(-len(rest) // COLUMNS)
    return columns + [rest[start : start + half] for start in range(0, len(rest), half or 1)]


def _cell(words: str, width: float, rtl: bool) -> dict[str, object]:
    """A cell's words, whether they may be too long (measuring is slow), and whether they run against the row."""
    if words.isascii():
        return {"words": words, "long": len(words) > width * _SURELY_FITS, "against": rtl}
    directions = (unicodedata.bidirectional(character) for character in words)
    direction = next((direction for direction in directions if direction in ("L", "R", "AL")), "L")
    long = cell_len(words) > width * _SURELY_FITS or _STACKED.search(unicodedata.normalize("NFD", words)) is not None
    return {"words": words, "long": long, "against": (direction != "L") != rtl}


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
