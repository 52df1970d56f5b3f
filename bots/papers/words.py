"""How much room words take, roughly, before a font has measured them."""

from __future__ import annotations

import unicodedata


def broadness(words: str) -> int:
    """The number of characters; those of Chinese, Japanese and Korean count twice, combining marks not at all."""
    return sum(_broad(one) for one in words)


def shortened(words: str, most: int) -> str:
    """The words, cut and with … at the end where they are broader than `most` characters."""
    if broadness(words) <= most:
        return words
    kept, room = 0, most - 1
    for one in words:
        room -= _broad(one)
        if room < 0:
            break
        kept += 1
    return words[:kept].rstrip() + "…"


def _broad(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
