"""Keeps every message within Discord's limits: whatever has drawn it, all that is sent passes through `fit`.

Where there are too many buttons, the first rows become menus. What even then has no room is left out, and a sentence
says how much that is. Lists that can grow have pages anyway, so nothing is out of reach (core.conversation.paging).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias, TypeVar

from discord import ComponentType

from bots.common.json_object import JsonObject
from bots.discord.limits import (
    LONGEST_OPTION,
    LONGEST_PLACEHOLDER,
    LONGEST_TEXT,
    MOST_COMPONENTS,
    MOST_IN_ROW,
    MOST_OPTIONS,
    cut_to,
    fits,
)  # fmt: skip
from core.text.pages import utf16_length
from core.text.truncation import truncate

T = TypeVar("T")
Components: TypeAlias = tuple[JsonObject, ...]
_TEXT, _SEPARATOR = ComponentType.text_display.value, ComponentType.separator.value
_ROW, _MENU = ComponentType.action_row.value, ComponentType.select.value
_FIRST_MENU = 100  # the renderer's own menus have lower numbers
_MANY = 99_999  # entries, in the longest sentence that says how many are left out
_WORTH_SHOWING = 200  # UTF-16 units of a text that is cut


@dataclass(frozen=True, slots=True)
class FittingWords:
    """The question above a menu of former buttons, and the sentence that says how many entries are left out."""

    choose: str
    more: Callable[[int], str]


WORDLESS = FittingWords("…", lambda _: "…")
"""For a message of which nobody knows the language anymore; the renderer has made every screen fit before."""


def fit(body: Components, rows: Components, others: int, words: FittingWords) -> tuple[Components, Components]:
    """The body and the rows, within the limits; `others` are the components besides, such as pictures."""
    seen = set[str]()
    body = tuple(part for each in body for part in _without_repeat(each, seen))
    rows = tuple(_narrow(part for each in rows for part in _without_repeat(each, seen)))
    if size((*body, *rows)) + others <= MOST_COMPONENTS and texts_fit(body):
        return body, rows  # like nearly all
    for sentence in ("", words.more(_MANY)):
        room = MOST_COMPONENTS - others - bool(sentence)
        for_rows = min(size(rows), room // 2)
        kept, lost = _fewer_parts(body, room - for_rows, sentence)
        fitting, hidden = _fewer_rows(rows, room - size(kept), words)
        if not lost + hidden:
            return kept, fitting
    return (*kept, {"type": _TEXT, "content": words.more(lost + hidden)}), fitting


def texts_fit(parts: Iterable[JsonObject]) -> bool:
    """Return True if the texts among the parts of a message or a form are short enough together."""
    return fits("".join(map(_words_of, parts)))


def size(components: Iterable[JsonObject]) -> int:
    """The number of components, with those inside."""
    total = 0
    for one in components:
        total += 1 + ("accessory" in one)
        if "components" in one:
            total += size(one["components"])
    return total


def _fewer_parts(body: Components, room: int, words: str) -> tuple[Components, int]:
    """The first parts that fit beside some words, the last perhaps cut, and the number of those left out."""
    kept: list[JsonObject] = []
    for part in body:
        more = words + _words_of(part)
        if size([*kept, part]) > room or not fits(more):
            if part["type"] == _TEXT and size(kept) < room and (cut := _cut_to_fit(part["content"], words)):
                kept.append(part | {"content": cut})
            return tuple(kept), sum(one["type"] != _SEPARATOR for one in body[len(kept) :])
        kept.append(part)
        words = more
    return body, 0


def _cut_to_fit(text: str, words: str) -> str:
    """The beginning of a text that fits beside some words; empty if hardly any of it would."""
    left = LONGEST_TEXT - utf16_length(words)
    while left > _WORTH_SHOWING:
        if fits(words + (cut := truncate(text, left))):
            return cut
        left = left * 3 // 4
    return ""


def _words_of(part: JsonObject) -> str:
    words: str = part.get("content", "")
    return words + "".join(map(_words_of, part.get("components", ())))


def _narrow(rows: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """The rows, each as wide as Discord allows, and each menu as long."""
    for row in rows:
        for some in _batches(row["components"], MOST_IN_ROW):
            (first, *_) = some
            options = tuple(_batches(first.get("options", ()), MOST_OPTIONS))
            if len(options) < 2:
                yield row | {"components": list(some)}
                continue
            for number, part in enumerate(options):
                yield _row(first | {"custom_id": f"{first['custom_id']}-{number}", "options": list(part)})


def _without_repeat(part: JsonObject, seen: set[str]) -> Iterator[JsonObject]:
    """A part without buttons and options that mean the same as earlier ones, which Discord would refuse."""
    if "accessory" in part and _is_new(part["accessory"], seen):
        yield part
    elif "accessory" in part:
        yield from part["components"]
    elif part["type"] != _ROW:
        yield part
    elif kept := [_with_own_options(one) for one in part["components"] if _is_new(one, seen)]:
        yield part | {"components": kept}


def _is_new(component: JsonObject, seen: set[str]) -> bool:
    meaning = component.get("custom_id")
    if meaning is None or meaning not in seen:
        seen.add(meaning or "")
        return True
    return False


def _with_own_options(component: JsonObject) -> JsonObject:
    if "options" not in component:
        return component
    return component | {"options": list({option["value"]: option for option in component["options"]}.values())}


def _fewer_rows(rows: Components, room: int, words: FittingWords) -> tuple[Components, int]:
    """The rows in this room, as few of the first as possible as menus, and the number of choices left out."""
    for merged in (0, *range(2, len(rows))):
        fitting = (*_menus(rows[:merged], words), *rows[merged:])
        if size(fitting) <= room:
            return fitting, 0
    last = rows[-1:]
    kept: Components = ()
    for row in _menus(rows[:-1], words):
        if size((*kept, row, *last)) <= room:
            kept = (*kept, row)
    fitting = (*kept, *last) if size(last) <= room else ()
    return fitting, _choices(rows) - _choices(fitting)


def _choices(rows: Components) -> int:
    """The number of things that a person could choose."""
    return sum(len(one.get("options", (one,))) for row in rows for one in row["components"])


def _menus(rows: Sequence[JsonObject], words: FittingWords) -> Components:
    """Rows of buttons and menus as menus alone, and rows of buttons that open an address."""
    parts = [one for row in rows for one in row["components"]]
    links = [one for one in parts if "url" in one]
    options = {
        option["value"]: option
        for one in parts
        if "url" not in one
        for option in one.get("options") or [{"label": cut_to(one["label"], LONGEST_OPTION), "value": one["custom_id"]}]
    }
    free, placeholder = (f"s{number}" for number in count(_FIRST_MENU)), cut_to(words.choose, LONGEST_PLACEHOLDER)
    menus = [
        _row({"type": _MENU, "custom_id": next(free), "placeholder": placeholder, "options": list(some)})
        for some in _batches(options.values(), MOST_OPTIONS)
    ]
    return (*menus, *({"type": _ROW, "components": list(some)} for some in _batches(links, MOST_IN_ROW)))


def _row(component: JsonObject) -> JsonObject:
    return {"type": _ROW, "components": [component]}


def _batches(entries: Iterable[T], most: int) -> Iterator[Sequence[T]]:
    """The entries, so many at a time."""
    every = tuple(entries)
    return (every[first : first + most] for first in range(0, len(every), most))
