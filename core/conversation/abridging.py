"""Screens that are too long for a message: shorter ones that say how much they leave out.

Lists that can grow have pages (core.conversation.paging). This is for what no list expects, such as the figures of a
hundred links, so that people get most of an answer instead of none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.conversation.paging import more_line
from core.conversation.screen import Button, Facts, Part, Screen

FEWEST_ROWS = 5
"""The rows of a table that always stay."""


def fewer_rows(screen: Screen, most: int) -> Screen:
    """The screen with at most so many rows in each table, and a line that counts the others."""
    return replace(screen, parts=tuple(part for each in screen.parts for part in _shortened(each, most)))


def _shortened(part: Part, most: int) -> Iterator[Part]:
    if isinstance(part, Facts):
        yield Facts(part.rows[:most])
        yield from more_line(len(part.rows) - most)
    else:
        yield part


def longest_table(screen: Screen) -> int:
    """The number of rows in the longest table."""
    return max((len(part.rows) for part in screen.parts if isinstance(part, Facts)), default=0)


def fewer_buttons(screen: Screen, most: int) -> Screen:
    """The screen with at most so many buttons, its last row among them, and a line that counts the others."""
    whole = sum(map(len, screen.buttons))
    if whole <= most:
        return screen
    *first, last = screen.buttons
    kept: list[tuple[Button, ...]] = []
    left = most - len(last)
    for row in first:
        left -= len(row)
        if left < 0:
            break
        kept.append(row)
    rows = (*kept, last)
    return replace(screen, parts=(*screen.parts, *more_line(whole - sum(map(len, rows)))), buttons=rows)
