"""The characters that the fonts beside this module can print, and how wide they are."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

from bots.papers.typesetting import FONTS

TABLE = FONTS / "glyphs.json"
"""Runs of characters, by code point: the first, the last, and the width of each in thousandths of the font's size."""
UNIT = 1000
_UNKNOWN = 1000  # the width of a character without a glyph


def has_glyphs(words: str) -> bool:
    """True if a font has a glyph for every character that is seen."""
    return words.isascii() or all(_width(char) is not None or _is_unseen(char) for char in words)


def width(words: str) -> float:
    """The width of words on one line, in units of the font's size: rather more than less."""
    return sum(map(_advance, words)) / UNIT


def _advance(char: str) -> int:
    known = _width(char)
    if known is None:
        return 0 if _is_unseen(char) else _UNKNOWN
    return known


@lru_cache(20_000)
def _width(char: str) -> int | None:
    """The character's width; None without a glyph. Marks above and below letters have none of their own."""
    starts, runs = _runs()
    at = bisect_right(starts, ord(char)) - 1
    if at < 0 or runs[at][1] < ord(char):
        return None
    return 0 if unicodedata.category(char) == "Mn" else runs[at][2]


@lru_cache(20_000)
def _is_unseen(char: str) -> bool:
    """True for characters that leave no ink, and for the selectors of a variant."""
    variant = 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    return variant or unicodedata.category(char) in ("Cc", "Cf", "Zs")


@cache
def _runs() -> tuple[list[int], list[list[int]]]:
    runs = json.loads(TABLE.read_text(encoding="utf-8"))
    return [run[0] for run in runs], runs
