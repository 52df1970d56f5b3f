"""Turning pages: the page that is shown, the line that says which one it is, and the buttons that lead to others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.conversation.screen import Button, Line, Style
from core.conversation.state import Event
from core.messages import Message, Words

MOST_JUMPS = 25  # that a menu holds
_JUMPS = 4  # buttons that fit next to each other on a phone


def page_count(entries: int, on_each: int) -> int:
    """The number of pages that a list of entries fills; an empty one fills one, too."""
    return max(-(-entries // on_each), 1)


def nearest(page: int, pages: int) -> int:
    """The page itself (from 0), or the last one if there are fewer: a button may be older than these pages."""
    return max(min(page, pages - 1), 0)


def page_line(page: int, pages: int) -> Iterator[Line]:
    """The line that says which of several pages this is."""
    if pages > 1:
        yield Line(Message("page.place", {"page": page + 1, "pages": pages}), Style.NOTE)


def turning(page: int, pages: int, turn: Callable[[int], Event]) -> Iterator[tuple[Button, ...]]:
    """The rows of buttons that lead to the pages next to this one, and to pages further away."""
    turns = []
    if page > 0:
        turns.append(Button(Message("button.previous_page"), turn(page - 1)))
    if page < pages - 1:
        turns.append(Button(Message("button.next_page"), turn(page + 1)))
    yield from (row for row in (tuple(turns), tuple(_jump(far, turn) for far in _far(page, pages))) if row)


def jumps(
    page: int, pages: int, turn: Callable[[int], Event], about: Callable[[int], Words] = lambda _: ""
) -> tuple[Button, ...]:
    """A button for each other page (if there are many, for some), with what it is about; none if all are close by."""
    if not list(_far(page, pages)):
        return ()
    most = min(pages, MOST_JUMPS)
    spread = (place * (pages - 1) // (most - 1) for place in range(most))
    return tuple(_jump(far, turn, about(far)) for far in spread if far != page)


def _jump(page: int, turn: Callable[[int], Event], about: Words = "") -> Button:
    return Button(Message("button.page", {"page": page + 1}), turn(page), detail=about)


def _far(page: int, pages: int) -> Iterator[int]:
    """Pages that "previous" and "next" don't reach: the first, the last, and some in between, all far apart."""
    spread = dict.fromkeys(place * (pages - 1) // (_JUMPS - 1) for place in range(_JUMPS))
    yield from (far for far in spread if abs(far - page) > 1)
