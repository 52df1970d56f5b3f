"""Whole numbers as people write them: 2,500 and 2.500, 2 500, 2’500, 25,00,000, 2.5k, 2,5 mil, 1M, ٢٥٠٠."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

_LONGEST = 40  # characters
_HUGE = 10**40
_SCALES: Mapping[str, int] = {
    **dict.fromkeys(("k", "t", "thousand", "tsd", "mil", "mille"), 1_000),
    **dict.fromkeys(("lakh", "lakhs", "lac"), 100_000),
    **dict.fromkeys(("m", "mio", "mln", "million", "millions", "millón", "millon", "millones", "milhões"), 1_000_000),
    **dict.fromkeys(("crore", "crores"), 10_000_000),
}
_MARKS = ",.٬٫"
_GROUPED = re.compile(r"\d{1,3}([ ,.'’_·٬])\d{3}(?:\1\d{3})*")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_SCALED = re.compile(rf"(\d+)(?:[{_MARKS}](\d{{1,2}}))? ?([^\W\d_]+)\.?")
_FRACTION = re.compile(rf"(.*\d)[{_MARKS}](\d+)")
_AROUND = " \t\"'“”„«»‘’"


class NotWhole(StrEnum):
    """The reason why words aren't a whole number."""

    WORDS = "words"
    FRACTION = "fraction"


def parse_number(words: str) -> int | NotWhole:
    """The whole number that the words write, which may be negative, or the reason why they don't."""
    text = " ".join(unicodedata.normalize("NFKC", words).strip(_AROUND).split()).casefold()
    text = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    if text.isdecimal() and len(text) > _LONGEST:
        return _HUGE
    if len(text) > _LONGEST:
        return NotWhole.WORDS
    sign, text = (-1, text[1:].lstrip()) if text[:1] in ("-", "−") else (1, text.removeprefix("+").lstrip())
    found = _parse(text)
    return found if isinstance(found, NotWhole) else sign * found


def _parse(text: str) -> int | NotWhole:
    if text.isdecimal():
        return int(text)
    if _GROUPED.fullmatch(text) or _INDIAN.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    if (scaled := _SCALED.fullmatch(text)) and scaled[3] in _SCALES:
        return _scaled(int(scaled[1]), scaled[2] or "", _SCALES[scaled[3]])
    fraction = _FRACTION.fullmatch(text)
    if not fraction:
        return NotWhole.WORDS
    whole = _parse(fraction[1])
    return whole if not isinstance(whole, NotWhole) and not int(fraction[2]) else NotWhole.FRACTION


def _scaled(whole: int, decimals: str, scale: int) -> int:
    return whole * scale + int(f"{decimals:0<2}") * (scale // 100)
