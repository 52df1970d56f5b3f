"""Turning pages: the page that is shown, the line that says which one it is, and the buttons that lead to others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from core.conversation.screen import Button, Line, Order, Style
from core.conversation.state import Event
from core.messages import Message, Words

T = TypeVar("T")
MOST_JUMPS = 25  # that a menu holds
_JUMPS = 4  # buttons that fit next to each other on a phone


def page_count(entries: int, on_each: int) -> int:
    """The number of pages that a list of entries fills; an empty one fills one, too."""
    return max(-(-entries // on_each), 1)


def nearest(page: int, pages: int) -> int:
    """The page itself (from 0), or the last one if there are fewer: a button may be older than these pages."""
    return max(min(page, pages - 1), 0)


def page_of(entries: Sequence[T], page: int, on_each: int) -> tuple[Sequence[T], int, int]:
    """The entries on the page nearest to this one (from 0), that page, and the number of pages."""
    pages = page_count(len(entries), on_each)
    page = nearest(page, pages)
    return entries[page * on_each : (page + 1) * on_each], page, pages


def page_line(page: int, pages: int) -> Iterator[Line]:
    """The line that says which of several pages this is."""
    if pages > 1:
        yield Line(Message("page.place", {"page": page + 1, "pages": pages}), Style.NOTE)


def more_line(count: int) -> Iterator[Line]:
    """The line that says how many entries are left out, if any are."""
    if count > 0:
        yield Line(Message("page.more", {"count": count}), Style.NOTE)


def turning(page: int, pages: int, turn: Callable[[int], Event]) -> Iterator[tuple[Button, ...]]:
    """The rows of buttons that lead to the pages next to this one, and to pages further away."""
    return _turning(page, pages, lambda words, to: Button(words, turn(to)))


def turning_by_order(page: int, pages: int, turn: Callable[[int], Order]) -> Iterator[tuple[Button, ...]]:
    """The same for organizers, whose buttons carry orders."""
    return _turning(page, pages, lambda words, to: Button(words, order=turn(to)))


def _turning(page: int, pages: int, button: Callable[[Message, int], Button]) -> Iterator[tuple[Button, ...]]:
    turns = []
    if page > 0:
        turns.append(button(Message("button.previous_page"), page - 1))
    if page < pages - 1:
        turns.append(button(Message("button.next_page"), page + 1))
    far_away = tuple(button(_name(far), far) for far in _far(page, pages))
    yield from (row for row in (tuple(turns), far_away) if row)


def jumps(
    page: int, pages: int, turn: Callable[[int], Event], about: Callable[[int], Words] = lambda _: ""
) -> tuple[Button, ...]:
    """A button for each other page (if there are many, for some), with what it is about; none if all are close by."""
    if not list(_far(page, pages)):
        return ()
    most = min(pages, MOST_JUMPS)
    spread = (place * (pages - 1) // (most - 1) for place in range(most))
    return tuple(Button(_name(far), turn(far), detail=about(far)) for far in spread if far != page)


def _name(page: int) -> Message:
    return Message("button.page", {"page": page + 1})


def _far(page: int, pages: int) -> Iterator[int]:
    """Pages that "previous" and "next" don't reach: the first, the last, and some in between, all far apart."""
    spread = dict.fromkeys(place * (pages - 1) // (_JUMPS - 1) for place in range(_JUMPS))
    yield from (far for far in spread if abs(far - page) > 1)
