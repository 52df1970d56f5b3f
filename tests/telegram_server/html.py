"""Telegram's HTML: text and entities out of a parse_mode HTML message, or a 400 where it is malformed."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.entities import Entity, check_nesting, reading_order, units
from tests.telegram_server.errors import ApiError, bad_request

_SIMPLE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre",
}  # fmt: skip
_OTHERS = frozenset({"a", "span", "blockquote", "tg-emoji"})
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_TAG = re.compile(r"""<(/?)([^\s<>/]*)((?:\s+[^\s=<>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]*))?)*)\s*>""")
_ATTRIBUTE = re.compile(r"""([^\s=<>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]*)))?""")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));")


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    entity: Entity


@dataclass(slots=True)
class _Reader:
    source: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> None:
        """Take the source apart into `parts` and `entities`."""
        position = 0
        while (start := self.source.find("<", position)) >= 0:
            self._add(self.source[position:start])
            match = _TAG.match(self.source, start)
            if match is None:
                raise self._error("Unclosed start tag", start)
            closing, name, attributes = match.groups()
            if closing:
                self._close(name.lower(), start)
            else:
                self._open(name.lower(), attributes, start)
            position = match.end()
        self._add(self.source[position:])
        if self.stack:
            tag = self.stack[-1].tag
            raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")

    def _add(self, raw: str) -> None:
        text = unescape(raw)
        self.parts.append(text)
        self.length += units(text)

    def _open(self, name: str, attributes: str, at: int) -> None:
        if name not in _SIMPLE and name not in _OTHERS:
            raise self._error(f'Unsupported start tag "{name}"', at)
        values = _attributes(attributes)
        if name == "span" and values.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', at)
        self.stack.append(_Open(name, self.length, _entity(name, values)))

    def _close(self, name: str, at: int) -> None:
        if not self.stack:
            raise self._error("Unexpected end tag", at)
        opened = self.stack.pop()
        if name not in {opened.tag, ""}:
            raise self._error("Unmatched end tag", at, f', expected "</{opened.tag}>", found "</{name}>"')
        length = self.length - opened.offset
        if not length or not opened.entity:
            return
        entity = opened.entity | {"offset": opened.offset, "length": length}
        if not self._names_language(entity):
            self.entities.append(entity)

    def _names_language(self, entity: Entity) -> bool:
        """Return true for a <code class="language-..."> directly inside a <pre>, which it then describes."""
        if entity["type"] != "code":
            return False
        around = self.stack[-1] if self.stack else None
        language = entity.pop("language", None)
        if around is None or around.tag != "pre":
            return False
        if language:
            around.entity["language"] = language
        return True

    def _error(self, what: str, at: int, more: str = "") -> ApiError:
        offset = len(self.source[:at].encode())
        return bad_request(f"can't parse entities: {what} at byte offset {offset}{more}")


def parse(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities in reading order; raises a 400 where Telegram would."""
    reader = _Reader(source)
    reader.read()
    ordered = sorted(reader.entities, key=reading_order)
    check_nesting(ordered)
    return "".join(reader.parts), ordered


def unescape(raw: str) -> str:
    """Text with the references that Telegram knows resolved; any other `&` stays as it is."""

    def character(match: re.Match[str]) -> str:
        hexadecimal, decimal, name = match.groups()
        if name:
            return _NAMED[name]
        return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))

    return _REFERENCE.sub(character, raw)


def _attributes(raw: str) -> dict[str, str]:
    attributes = _ATTRIBUTE.findall(raw)
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in attributes}


def _entity(name: str, values: dict[str, str]) -> dict[str, Any]:
    if name == "a":
        return {"type": "text_link", "url": values["href"]} if values.get("href") else {}
    if name == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in values else "blockquote"}
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": values.get("emoji-id", "")}
    if name == "span":
        return {"type": "spoiler"}
    language = values.get("class", "").removeprefix("language-") if name == "code" else ""
    return {"type": _SIMPLE[name]} | ({"language": language} if language else {})
