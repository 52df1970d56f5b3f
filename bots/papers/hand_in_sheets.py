"""The sheets of a hand-in, set part by part."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import TypeVar

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from bots.common.captions import truncate_cells
from bots.papers.hand_in_content import HandIn, LetterVersion
from bots.papers.hand_in_rows import LINE, HandInRow, RowLayout, RowPage, cell
from bots.papers.hand_in_shelf import Shelf
from bots.papers.paper import BETWEEN, TYPE_SIZE
from bots.papers.press import Press
from bots.papers.typesetting import language_facts, set_pages
from bots.papers.volumes import Bookmark, count_pages
from core.petition.source import Source
from core.sources.search_words import search_words
from core.text.document import Block, Document

PAGES_AT_ONCE = 8  # of names; the number set at once determines the peak memory
_FRAME, _TEXT, _ROWS = "hand_in_frame.typ", "hand_in_text.typ", "hand_in_names.typ"
_APPENDIX, _ANSWERS = "hand_in_appendix.typ", "hand_in_answers.typ"
_PICTURE_SCALE = 1.5  # pixels per point
_LONGEST_HEAD = 95  # characters of the title in the running head

_Begun = TypeVar("_Begun")


@dataclass(frozen=True, slots=True)
class BoundPart:
    """A part of the hand-in: its pages as a PDF, its bookmarks, and the number of signers on its pages of names."""

    pages: bytes
    bookmarks: tuple[Bookmark, ...] = ()
    signers: int = 0


class Sheets:
    """Sets the parts. Every page gives the total number, so the text is set twice: its pages must be counted first.

    A hand-in with few pages of rows is one part, with tags. The text of any other is a part, and so are its first
    `PAGES_AT_ONCE` pages of names, the next, and so on, without tags.
    """

    def __init__(self, press: Press, hand_in: HandIn, shelf: Shelf) -> None:
        self._press, self._hand_in, self._shelf = press, hand_in, shelf
        self._layout = RowLayout.of(hand_in.paper, len(_number(shelf.longest, hand_in.locale)))
        self._number_width = hand_in.paper.column_width - BETWEEN - self._layout.room
        self._rtl = Locale.parse(hand_in.locale).text_direction == "rtl"
        self._pages = 0
        name_pages, answer_pages = (sum(1 for _ in rows()) for rows in (self.name_pages, self.answer_pages))
        self._is_one_part = name_pages + answer_pages <= PAGES_AT_ONCE
        self._text_pages = count_pages(self._set_text())
        self._before_answers = self._text_pages + name_pages
        self._before_rows = self._before_answers + (count_pages(self._set_answers()) if hand_in.answers else 0)
        self._pages = self._before_rows + answer_pages

    def name_pages(self) -> Iterator[RowPage]:
        """The pages of names, not set yet."""
        return self._shelf.name_pages(self._layout, self._hand_in.words.unnamed)

    def answer_pages(self) -> Iterator[RowPage]:
        """The pages of answers, not set yet."""
        return self._shelf.answer_pages(self._layout)

    def parts(self) -> Iterator[BoundPart]:
        """The parts in order."""
        if self._is_one_part:
            yield self._whole()
            return
        words = self._hand_in.words
        yield BoundPart(self._set_text())
        yield from self._batches(self.name_pages(), words.signers, self._text_pages)
        if self._hand_in.answers:
            yield BoundPart(self._set_answers())
        for part in self._batches(self.answer_pages(), words.answers, self._before_rows):
            yield replace(part, signers=0)

    def _batches(self, pages: Iterator[RowPage], section: str, before: int) -> Iterator[BoundPart]:
        for pressed, title, rows in _one_ahead(self._begun(pages, section, before)):
            yield BoundPart(pressed.result(), ((title, 0),), rows)

    def _begun(self, pages: Iterator[RowPage], section: str, before: int) -> Iterator[tuple[Future[bytes], str, int]]:
        """Begin to set each batch; its title and the number of its rows."""
        last = 0
        while batch := list(islice(pages, PAGES_AT_ONCE)):
            title, last = self._title(batch, section, last)
            rows = sum(len(column) for page in batch for column in page)
            values = self._frame(before) | self._rows(batch, section)
            yield self._press.begin((_FRAME, _ROWS), values, self._hand_in.locale), title, rows
            before += len(batch)

    def _whole(self) -> BoundPart:
        words, bookmarks, values = self._hand_in.words, [], _text(self._hand_in)
        templates = [_TEXT]
        names, answers = list(self.name_pages()), list(self.answer_pages())
        if names:
            templates.append(_ROWS)
            values |= self._rows(names, words.signers)
            bookmarks.append((self._title(names, words.signers)[0], self._text_pages))
        if self._hand_in.answers:
            templates += [_APPENDIX, _ANSWERS]
            values["appendix"] = self._appendix() | self._rows(answers, words.answers)
        if answers:
            templates.append(_ROWS)
            bookmarks.append((self._title(answers, words.answers)[0], self._before_rows))
        pages = self._set(tuple(templates), self._frame(0) | values, is_tagged=True)
        if (number := count_pages(pages)) != self._pages:
            self._pages = number
            pages = self._set(tuple(templates), self._frame(0) | values, is_tagged=True)
        return BoundPart(pages, tuple(bookmarks), sum(len(column) for page in names for column in page))

    def _title(self, pages: list[RowPage], section: str, last: int = 0) -> tuple[str, int]:
        """The bookmark of pages of rows, and the number of the last signer on them; `last` is the one before them."""
        numbers = [row.signer.number for page in pages for column in page for row in column if row.signer.number]
        numbers = numbers or [last]
        locale = self._hand_in.locale
        return f"{section} {_number(numbers[0], locale)}–{_number(numbers[-1], locale)}", numbers[-1]

    def _set(self, templates: tuple[str, ...], values: dict[str, object], *, is_tagged: bool = False) -> bytes:
        return self._press.set((_FRAME, *templates), values, self._hand_in.locale, is_tagged=is_tagged)

    def _set_text(self) -> bytes:
        return self._set((_TEXT,), self._frame(0) | _text(self._hand_in))

    def _set_answers(self) -> bytes:
        return self._set((_ANSWERS,), self._frame(self._before_answers) | self._appendix())

    def _rows(self, pages: list[RowPage], section: str) -> dict[str, object]:
        return {
            "section": section,
            "size": TYPE_SIZE,
            "line": LINE,
            "columns": [[self._row(row) for row in column] for page in pages for column in page],
            "number-width": self._number_width,
        }

    def _appendix(self) -> dict[str, object]:
        words, questions, locale = self._hand_in.words, self._hand_in.answers, self._hand_in.locale
        return {
            "section": words.answers,
            "agreed": words.agreed,
            "questions": [{"caption": each.caption, "options": _counted(each.options, locale)} for each in questions],
        }

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


def _one_ahead(begun: Iterator[_Begun]) -> Iterator[_Begun]:
    """Each of what was begun, once the next was begun too: the press works while we prepare."""
    waiting = next(begun, None)
    while waiting is not None:
        following = next(begun, None)
        yield waiting
        waiting = following


def first_page(hand_in: HandIn) -> bytes:
    """A picture of the first page, without any pages of rows, as a PNG."""
    pages = 1
    for _ in range(2):  # each page says how many there are
        values = _frame(hand_in, pages, 0) | _text(hand_in)
        drawn = set_pages((_FRAME, _TEXT), values, hand_in.locale, _PICTURE_SCALE)
        pages = len(drawn)
    return drawn[0]


def _text(hand_in: HandIn) -> dict[str, object]:
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
        "sources": [_source(source) for source in text.sources],
    }


def _source(source: Source) -> dict[str, object]:
    search = "" if source.link else search_words(source)
    return {"number": source.number, "note": source.note, "link": source.link, "search": search}


def _blocks(document: Document) -> list[dict[str, object]]:
    return [_block(block) for block in document.blocks]


def _block(block: Block) -> dict[str, object]:
    return {
        "kind": block.kind.value,
        "level": block.level,
        "marker": block.marker,
        "spans": [asdict(span) for span in block.spans],
    }
