"""Runs of text in one look, and their lines: broken where they are too wide for a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from PIL import ImageFont

from bots.papers.typesetting import FONTS

_UNITS = 1000  # the size at which a font is measured: large, so that hinting changes nothing
_WIDEST = 1.07  # of Noto Sans, for systems whose own font is wider, such as DejaVu Sans


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one look; `look` has the names of the styles, such as "bold" or "bold link"."""

    text: str
    look: str = ""


Line = tuple[Run, ...]


def width(runs: Iterable[Run], size: float) -> float:
    """The pixels that runs take at most: a system's own font is not known."""
    return sum(_advance(character, "bold" in run.look) for run in runs for character in run.text) * size


def wrap(runs: Iterable[Run], column: float, size: float) -> list[Line]:
    """The lines of a text; line breaks in it are kept, and a word wider than the column is cut."""
    characters = [(character, run.look) for run in runs for character in run.text]
    lines: list[Line] = []
    for _, group in groupby(_numbered(characters), key=lambda one: one[0]):
        lines += _wrap_paragraph([one[1] for one in group if one[1][0] != "\n"], column / size)
    return lines


_Character = tuple[str, str]


def _numbered(characters: list[_Character]) -> Iterator[tuple[int, _Character]]:
    """Each character with the number of its paragraph; the break at the end belongs to the paragraph."""
    number = 0
    for one in characters:
        yield number, one
        number += one[0] == "\n"


def _wrap_paragraph(characters: list[_Character], column: float) -> Iterator[Line]:
    line: list[_Character] = []
    used = 0.0
    for word in _words(characters):
        wide = sum(_advance(character, "bold" in look) for character, look in word if character != " ")
        if line and used + wide > column:
            yield _runs(line)
            line, used = [], 0.0
        for character, look in word:
            advance = _advance(character, "bold" in look)
            if used + advance > column and character != " ":
                yield _runs(line)
                line, used = [], 0.0
            line.append((character, look))
            used += advance
    yield _runs(line)


def _words(characters: list[_Character]) -> Iterator[list[_Character]]:
    text = "".join(character for character, _ in characters)
    for found in re.finditer(r"\S+\s*|\s+", text):
        yield characters[found.start() : found.end()]


def _runs(characters: list[_Character]) -> Line:
    grouped = groupby(characters, key=lambda one: one[1])
    runs = [Run("".join(character for character, _ in group), look) for look, group in grouped]
    if runs:
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].look)
    return tuple(run for run in runs if run.text)


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    name = "NotoSans_700Bold.ttf" if bold else "NotoSans_400Regular.ttf"
    return ImageFont.truetype(FONTS / name, _UNITS, layout_engine=ImageFont.Layout.BASIC)


@cache
def _advance(character: str, bold: bool) -> float:
    return _font(bold=bold).getlength(character) / _UNITS * _WIDEST
