"""Names, titles, and texts as long as people make them, in scripts that are hard to count and to cut."""

from __future__ import annotations

from collections.abc import Mapping

SCRIPTS: Mapping[str, str] = {
    "plain": "A title of quite ordinary words ",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 ",  # several characters that are one to the eye, each of two UTF-16 units
    "combining": "Z̸̛̘a̴͇̕l̷͔̈g̵̣͗o̷͕͝ ",
    "rtl": "עצומה למען الأشجار في الحديقة ",
    "han": "請願書的標題很長很長",
    "markup": "*_~`|<>[]()#@everyone\\ ",  # each sign doubles where it is escaped
}
"""A piece of each script, to be repeated."""
LONGEST_TITLE, LONGEST_NAME, LONGEST_CAPTION, LONGEST_SUMMARY = 250, 150, 250, 900
"""Longer than what loading takes (150, 100, 45, 600 characters; tests/core/petition/test_long_words.py)."""
LONGEST_ON_SOURCE, LONGEST_COMMUNITY, LONGEST_PERSON = 300, 128, 129
"""The limits of core.petition.sources, of a group's title on Telegram, and of a name there (64 + 1 + 64)."""


def words_of(script: str, length: int, number: int | str = "") -> str:
    """Words in a script, in so many characters, which begin with a number that tells them apart."""
    piece = SCRIPTS[script]
    begin = f"{number} " if number != "" else ""
    return (begin + piece * (length // len(piece) + 1))[:length].strip()
