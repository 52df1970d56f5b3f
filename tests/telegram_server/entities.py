"""Message entities: offsets in UTF-16 units, nesting, and what Telegram finds in a person's plain text."""

import re
from itertools import accumulate
from typing import Any

from tests.telegram_server.errors import ApiError, bad_request

Entity = dict[str, Any]

KINDS = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    ]
)
_ALONE = frozenset({"code", "pre"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})

_FOUND_IN_TEXT = (
    ("url", re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?\b")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(text: str, value: Any) -> list[Entity]:
    """The entities of a call in reading order; raises a 400 for any that does not fit the text."""
    if not isinstance(value, list):
        raise bad_request("can't parse entities: Array of MessageEntity expected")
    edges = set(accumulate((units(char) for char in text), initial=0))
    for entity in value:
        _check_kind(entity)
        _check_bounds(entity, edges, units(text))
    ordered = sorted(value, key=reading_order)
    check_nesting(ordered)
    return ordered


def reading_order(entity: Entity) -> tuple[int, int, int]:
    """Sorts entities from outside to inside; over the same words, quotes are outside and code inside."""
    kind = entity["type"]
    return entity["offset"], -entity["length"], (kind in _ALONE) - (kind in _QUOTES)


def _check_kind(entity: Entity) -> None:
    kind = entity.get("type") if isinstance(entity, dict) else None
    if kind not in KINDS:
        raise bad_request(f"can't parse entities: Unsupported type {kind!r} of MessageEntity specified")
    needed = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}.get(kind)
    if needed and not entity.get(needed):
        raise bad_request(f"can't parse entities: Can't find field \"{needed}\"")


def _check_bounds(entity: Entity, edges: set[int], end: int) -> None:
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or offset < 0:
        raise bad_request(f"can't parse entities: Receive an entity with incorrect offset {offset}")
    if not isinstance(length, int) or length <= 0:
        raise bad_request(f"can't parse entities: Receive an entity with incorrect length {length}")
    here = f"Entity beginning at UTF-16 offset {offset}"
    if offset + length > end:
        raise bad_request(f"can't parse entities: {here} ends after the end of the text at UTF-16 offset {end}")
    if offset not in edges:
        raise bad_request(f"can't parse entities: {here} begins in a middle of a UTF-16 symbol")
    if offset + length not in edges:
        raise bad_request(f"can't parse entities: {here} ends in a middle of a UTF-16 symbol")


def check_nesting(ordered: list[Entity]) -> None:
    """Raise a 400 unless entities are apart or wholly inside one another, as their kinds allow.

    Telegram itself splits or drops such entities in silence; a test wants to hear of it.
    """
    around: list[Entity] = []
    for entity in ordered:
        while around and _end(around[-1]) <= entity["offset"]:
            around.pop()
        for outer in around:
            _check_pair(outer, entity)
        around.append(entity)


def _check_pair(outer: Entity, inner: Entity) -> None:
    if _end(inner) > _end(outer):
        raise _nesting_error(outer, inner, "partially overlaps")
    kinds = {outer["type"], inner["type"]}
    alone_inside = inner["type"] in _ALONE and outer["type"] not in _QUOTES
    if alone_inside or outer["type"] in _ALONE or kinds <= _QUOTES:
        raise _nesting_error(outer, inner, "can't be nested in")


def _nesting_error(outer: Entity, inner: Entity, what: str) -> ApiError:
    return bad_request(
        f"can't parse entities: {inner['type']} at UTF-16 offset {inner['offset']} {what} "
        f"{outer['type']} at UTF-16 offset {outer['offset']}"
    )


def _end(entity: Entity) -> int:
    return int(entity["offset"]) + int(entity["length"])


def find(text: str) -> list[Entity]:
    """The commands, links and so on that Telegram marks in what a person types."""
    matches: list[tuple[int, int, str]] = []
    for kind, pattern in _FOUND_IN_TEXT:
        for match in pattern.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end, _ in matches):
                matches.append((*match.span(), kind))
    return [
        {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}
        for start, end, kind in sorted(matches)
    ]
