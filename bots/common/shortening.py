"""Texts that are too long for a message: values are cut more and more, and then tables lose rows."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.abridging import FEWEST_ROWS, fewer_rows, longest_table
from core.conversation.screen import Screen

_CUTS = (None, 400, 160, 60, 30)  # characters of a value


def shorter_and_shorter(screen: Screen) -> Iterator[tuple[Screen, int | None]]:
    """Screens to try in turn until the text fits, each with the longest value in characters (None: any)."""
    yield from ((screen, cut) for cut in _CUTS)
    rows = longest_table(screen) // 2
    while rows >= FEWEST_ROWS:
        yield fewer_rows(screen, rows), _CUTS[-1]
        rows //= 2
