"""Rows of names and places, and of answers, as many lines high as they need, in the columns of the hand-in's pages.

Heights come from the widths of the glyphs, so the number of pages is known before anything is set.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from bots.papers.glyphs import width
from bots.papers.paper import BETWEEN, COLUMNS, PITCH, TYPE_SIZE, Paper

LINE = 9.0  # from line to line within a row
MOST_LINES = 4  # of a row; what needs more is set smaller
_ANSWER_GAP = 5.0  # above the name of a signer in the appendix
_INDENT = 8.0  # of answers below the name
_HEAD = 5 * PITCH  # the room for the name above an answer
_SLACK = 1.03  # of an estimated width
_SURE = 0.85  # of a cell's width: an estimate below that needs no measuring
_PLACE_SHARE = 0.45  # of a row, if neither the name nor the place leaves the other enough room
_STACKED = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3}")  # since no language has them
_LAST_SPLIT = "\u058f"  # up to here, letters don't join, so that a word can be broken anywhere
ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class SignerLine:
    """A signer in the hand-in; without a `name` if they did not agree to be named.

    `answers` are lines for the appendix, none of them with a line break.
    """

    number: int
    name: str = ""
    place: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandInRow:
    """A signer with the width of each cell and the lines that the row needs, or one line of their answers.

    `gap` is the space above the row, `indent` that before its words, and `follow` the height of the next row if both
    must be in the same column. Lengths are in points.
    """

    signer: SignerLine
    name_width: float
    place_width: float
    lines: int
    gap: float = 0.0
    indent: float = 0.0
    follow: float = 0.0

    @property
    def height(self) -> float:
        """The height in points."""
        return self.gap + PITCH + (self.lines - 1) * LINE


RowPage: TypeAlias = list[list[HandInRow]]
"""The rows on a page, column by column."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Places rows on pages; `room` is the width of name and place together, in points."""

    room: float
    height: float

    @classmethod
    def of(cls, paper: Paper, longest_number: int) -> RowLayout:
        """The layout on this paper, for numbers of so many characters."""
        return cls(paper.column_width - paper.number_width(longest_number) - BETWEEN, paper.rows_height)

    def row(self, signer: SignerLine) -> HandInRow:
        """The row of a signer: on one line if name and place fit beside each other."""
        name, place = _points(signer.name), _points(signer.place)
        share = _PLACE_SHARE * self.room
        fits = name + place <= self.room or place <= share
        place_width = place if fits else max(share, self.room - name)
        name_width = self.room - place_width
        lines = max(lines_of(signer.name, name_width), lines_of(signer.place, place_width))
        return HandInRow(signer, name_width, place_width, min(lines, MOST_LINES))

    def answer_rows(self, signer: SignerLine) -> Iterator[HandInRow]:
        """The rows of a signer in the appendix: number and name, then the answers, the first in the same column."""
        answers = [self._answer(words) for words in signer.answers]
        head = self.row(SignerLine(signer.number, signer.name))
        yield replace(head, gap=_ANSWER_GAP, follow=answers[0].height if answers else 0.0)
        yield from answers

    def _answer(self, words: str) -> HandInRow:
        """A line of an answer, on as many lines of the page as it needs, up to a whole column."""
        width, most = self.room - _INDENT, math.floor((self.height - _HEAD) / LINE)
        return HandInRow(SignerLine(0, words), width, 0.0, min(lines_of(words, width), most), indent=_INDENT)

    def pages(self, rows: Iterable[HandInRow]) -> Iterator[RowPage]:
        """The pages, each column filled from top to bottom; those of the last page are about equally high."""
        columns: RowPage = [[]]
        used = 0.0
        for row in rows:
            if used + row.height + row.follow > self.height:
                if len(columns) == COLUMNS:
                    yield columns
                    columns = []
                columns, used = [*columns, []], 0.0
            columns[-1].append(row)
            used += row.height
        if columns[0]:
            yield self._balanced([row for column in columns for row in column]) or columns

    def _balanced(self, rows: list[HandInRow]) -> RowPage | None:
        """The rows in two columns, the first one at least as high as the second; None if that takes more room."""
        total, first = sum(row.height for row in rows), 0.0
        for count, row in enumerate(rows, 1):  # pragma: no branch  (the last row ends it)
            first += row.height
            if first >= total / 2 and not row.follow:
                columns = [rows[:count], rows[count:]] if count < len(rows) else [rows]
                return columns if first <= self.height else None
        return None


def cell(words: str, room: float, rtl: bool) -> dict[str, object]:
    """A cell's words, whether they must be measured (that is slow), and whether they run against the row."""
    needed = _points(words)
    directions = (unicodedata.bidirectional(character) for character in words)
    direction = next((direction for direction in directions if direction in ("L", "R", "AL")), "L")
    simple = max(words, default=" ") <= _LAST_SPLIT
    sure = needed <= room and (simple or needed <= _SURE * room)
    stacked = not words.isascii() and _STACKED.search(unicodedata.normalize("NFD", words)) is not None
    return {
        "words": " ".join(_breakable(word, room) for word in words.split(" ")) if needed > room else words,
        "width": room,
        "long": stacked or not sure,
        "against": (direction != "L") != rtl,
    }


def lines_of(words: str, room: float) -> int:
    """The number of lines that words need, rather more than less."""
    if _points(words) <= room:
        return 1
    lines, used, space = 1, 0.0, _points(" ")
    for word in words.split(" "):
        needed = _points(word)
        if used and used + space + needed > room:
            lines, used = lines + 1, 0.0
        if needed > room:
            more = math.ceil(needed / room)
            lines, needed = lines + more - 1, needed - (more - 1) * room
        used += needed + (space if used else 0)
    return lines


def _points(words: str) -> float:
    return width(words) * TYPE_SIZE * _SLACK


def _breakable(word: str, room: float) -> str:
    """The word, with places to break it if it is longer than a line."""
    if _points(word) <= room or max(word) > _LAST_SPLIT:
        return word
    return re.sub(r"(?<=.)(?=[^\u0300-\u036f])", ZERO_WIDTH_SPACE, word)
