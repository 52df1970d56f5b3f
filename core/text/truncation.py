"""Cutting a text that is too long, between characters as readers see them."""

from __future__ import annotations

import regex

_ELLIPSIS = "…"
_CLUSTERS = regex.compile(r"\X")


def truncate(words: str, longest: int) -> str:
    """The text in at most `longest` characters, as chat platforms count them.

    A letter keeps its marks and an emoji its parts, unless one of them alone is too long.
    """
    if len(words) <= longest:
        return words
    room, end = longest - len(_ELLIPSIS), 0
    for cluster in _CLUSTERS.finditer(words):
        if cluster.end() > room:
            break
        end = cluster.end()
    return words[: end or room].rstrip() + _ELLIPSIS
