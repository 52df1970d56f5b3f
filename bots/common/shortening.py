"""Texts that are too long for a message: names and answers are cut more and more, and then lists lose entries."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.abridging import FEWEST_ROWS, fewer_entries, longest_list, shorter_words
from core.conversation.screen import Screen

_CUTS = (400, 160, 60, 30)  # characters of a name, a title, or an answer


def shorter_and_shorter(screen: Screen) -> Iterator[Screen]:
    """Screens to try in turn until the text fits."""
    yield screen
    for longest in _CUTS:
        shorter = shorter_words(screen, longest)
        yield shorter
    entries = longest_list(shorter) // 2
    while entries >= FEWEST_ROWS:
        yield fewer_entries(shorter, entries)
        entries //= 2
