"""Screens that are too long for a message: shorter ones that say how much they leave out.

Lists that can grow have pages (core.conversation.paging). This is for what no list expects, such as titles of many
words, or the figures of a hundred links, so that people get most of an answer instead of none. The product's own
sentences are never cut, only the names and the answers in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import overload

from core.conversation.paging import more_line
from core.conversation.screen import Button, Facts, Line, Part, Screen, ShareLink
from core.messages import Argument, Message, Words
from core.text.truncation import truncate

FEWEST_ROWS = 5
"""The rows of a table, and the entries of an enumeration, that always stay."""
LONGEST_ADDRESS = 512
"""The characters of an address that is never cut, since the rest of it would lead nowhere."""


def shorter_words(screen: Screen, longest: int) -> Screen:
    """The screen with at most so many characters in each name, title, and answer."""
    return replace(screen, parts=tuple(_cut_in(part, longest) for part in screen.parts))


def _cut_in(part: Part, longest: int) -> Part:
    match part:
        case Line(words):
            return replace(part, words=_cut(words, longest))
        case Facts(rows):
            return replace(part, rows=tuple((_cut(name, longest), _cut(value, longest)) for name, value in rows))
        case ShareLink(invitation=invitation):
            return replace(part, invitation=_cut(invitation, longest))
    return part


@overload
def _cut(words: Message, longest: int) -> Message: ...
@overload
def _cut(words: Words, longest: int) -> Words: ...
@overload
def _cut(words: Argument, longest: int) -> Argument: ...
def _cut(words: Argument, longest: int) -> Argument:
    match words:
        case str():
            is_address = words.startswith(("https://", "http://")) and len(words) <= LONGEST_ADDRESS
            return words if is_address else truncate(words, longest)
        case Message(key, args):
            return Message(key, {name: _cut(argument, longest) for name, argument in args.items()})
        case tuple():
            return tuple(_cut(each, longest) for each in words)
    return words


def fewer_entries(screen: Screen, most: int) -> Screen:
    """The screen with at most so many rows in each table and entries in each enumeration; it counts the others."""
    return replace(screen, parts=tuple(part for each in screen.parts for part in _with_fewer(each, most)))


def _with_fewer(part: Part, most: int) -> Iterator[Part]:
    match part:
        case Facts(rows):
            yield replace(part, rows=rows[:most])
            yield from more_line(len(rows) - most)
        case Line(Message(key, args)):
            yield replace(part, words=Message(key, {name: _first(argument, most) for name, argument in args.items()}))
        case _:
            yield part


def _first(argument: Argument, most: int) -> Argument:
    if not isinstance(argument, tuple) or len(argument) <= most:
        return argument
    return (*argument[:most], Message("list.others", {"count": len(argument) - most}))


def longest_list(screen: Screen) -> int:
    """The number of rows in the longest table, or of entries in the longest enumeration."""
    return max((size for part in screen.parts for size in _sizes(part)), default=0)


def _sizes(part: Part) -> Iterator[int]:
    match part:
        case Facts(rows):
            yield len(rows)
        case Line(Message(args=args)):
            yield from (len(argument) for argument in args.values() if isinstance(argument, tuple))


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
