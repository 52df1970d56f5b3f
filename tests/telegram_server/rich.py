"""Rich messages (Bot API 10.3): the blocks that Telegram accepts, its limits, and the words that a person reads.

As the official description says it: exactly one of markdown, html, and blocks; at most 32,768 characters, 500 blocks
with those inside others, and 16 levels. A reference is defined once and linked to. The kinds that this server doesn't
know are refused, too, so that a test hears of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.errors import ApiError, bad_request

Json = dict[str, Any]
LONGEST_TEXT, MOST_BLOCKS, MOST_LEVELS = 32_768, 500, 16
UNSUPPORTED = "This message is not supported on Telegram Web."
_FORMS = frozenset({"markdown", "html", "blocks"})
_FIELDS = _FORMS | {"media", "is_rtl", "skip_entity_detection"}
_STYLES = "bold italic underline strikethrough spoiler subscript superscript marked code"
_TEXTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_STYLES.split(), frozenset({"text"})),
    "url": frozenset({"text", "url"}),
    "reference": frozenset({"text", "name"}),
    "reference_link": frozenset({"text", "reference_name"}),
    "anchor_link": frozenset({"text", "anchor_name"}),
}
_BLOCKS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "paragraph": (frozenset({"text"}), frozenset()),
    "heading": (frozenset({"text", "size"}), frozenset()),
    "footer": (frozenset({"text"}), frozenset()),
    "divider": (frozenset(), frozenset()),
    "list": (frozenset({"items"}), frozenset()),
    "blockquote": (frozenset({"blocks"}), frozenset({"credit"})),
    "details": (frozenset({"summary", "blocks"}), frozenset({"is_open"})),
}
"""The fields of each kind of block: those it needs, and those it may have."""
_ITEM = (frozenset({"blocks"}), frozenset({"has_checkbox", "is_checked", "value", "type"}))
_NUMERALS = frozenset({"a", "A", "i", "I", "1"})
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "tg"})


def parse(value: Any) -> Json:
    """The message as Telegram stores it (`RichMessage`), made from an InputRichMessage; raises a 400."""
    if not isinstance(value, dict):
        raise bad_request("object expected as rich message")
    if unknown := set(value) - _FIELDS:
        raise bad_request(f"can't parse rich message: unknown field {min(unknown)!r}")
    if len(_FORMS & {name for name, content in value.items() if content is not None}) != 1:
        raise bad_request("can't parse rich message: exactly one of markdown, html, and blocks must be specified")
    if "blocks" not in value:
        raise bad_request("can't parse rich message: this test server reads blocks")
    check = _Check()
    check.blocks(value["blocks"], 1)
    check.finish()
    stored: Json = {"blocks": value["blocks"]}
    return stored | ({"is_rtl": True} if value.get("is_rtl") else {})


@dataclass
class _Check:
    """The count of what a message holds, and the references in it."""

    length: int = 0
    count: int = 0
    defined: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)

    def blocks(self, value: Any, level: int) -> None:
        """Check a list of blocks."""
        if not isinstance(value, list) or not value:
            raise _error("a list of blocks must be non-empty")
        for block in value:
            kind = str(block.get("type")) if isinstance(block, dict) else ""
            if kind not in _BLOCKS:
                raise _error(f"unknown type {kind!r} of a block")
            _check_fields(kind, set(block) - {"type"}, *_BLOCKS[kind])
            self._block(kind, block, level)

    def _block(self, kind: str, block: Json, level: int) -> None:
        self._deeper(level)
        if kind == "heading" and block["size"] not in range(1, 7):
            raise _error(f"wrong size {block['size']} of a heading")
        for name in ("text", "summary", "credit"):
            if name in block:
                self.text(block[name], level + 1)
        if "blocks" in block:
            self.blocks(block["blocks"], level + 1)
        for item in block.get("items", ()):
            _check_fields("item", set(item), *_ITEM)
            if "type" in item and item["type"] not in _NUMERALS:
                raise _error(f"wrong type {item['type']!r} of an item")
            self._deeper(level + 1)
            self.blocks(item["blocks"], level + 2)
        if kind == "list" and not block["items"]:
            raise _error("a list must have items")

    def _deeper(self, level: int) -> None:
        self.count += 1
        if level > MOST_LEVELS:
            raise _error("too many nested levels")

    def text(self, value: Any, level: int) -> None:
        """Check rich text: a string, a list, or an object with a type."""
        if level > MOST_LEVELS:
            raise _error("too many nested levels")
        if isinstance(value, str):
            self.length += len(value)
        elif isinstance(value, list):
            for part in value:
                self.text(part, level)
        else:
            self._styled(value, level)
        if not "".join(words(value)):
            raise _error("text must be non-empty")

    def _styled(self, value: Any, level: int) -> None:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in _TEXTS:
            raise _error(f"unknown type {kind!r} of a text")
        _check_fields(kind, set(value) - {"type"}, _TEXTS[kind], frozenset())
        if kind == "url" and urlsplit(value["url"]).scheme not in _SCHEMES:
            raise _error("wrong URL")
        if kind == "reference":
            self.defined.append(value["name"])
        if kind == "reference_link":
            self.linked.append(value["reference_name"])
        self.text(value["text"], level + 1)

    def finish(self) -> None:
        """Check the limits, and that references and links to them belong together."""
        if self.length > LONGEST_TEXT:
            raise bad_request("rich message text is too long")
        if self.count > MOST_BLOCKS:
            raise bad_request("rich message has too many blocks")
        if len(set(self.defined)) < len(self.defined):
            raise _error("a reference is defined twice")
        if set(self.defined) != set(self.linked):
            raise _error("each reference must be defined and linked to")


def _check_fields(kind: str, given: set[str], needed: frozenset[str], allowed: frozenset[str]) -> None:
    if missing := needed - given:
        raise _error(f"{kind} needs the field {min(missing)!r}")
    if unknown := given - needed - allowed:
        raise _error(f"{kind} has an unknown field {min(unknown)!r}")


def _error(reason: str) -> ApiError:
    return bad_request(f"can't parse rich message: {reason}")


def words(part: Any) -> Iterator[str]:
    """The words of blocks or of rich text, in reading order."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from words(one)
    elif isinstance(part, dict):
        for name in ("summary", "text", "blocks", "items", "credit"):
            yield from words(part.get(name, ""))


def lines(blocks: list[Json]) -> list[str]:
    """The message as a person reads it: a line for each block at the top, and each item or paragraph inside one."""
    inner = {"list": "items", "blockquote": "blocks", "details": "blocks"}
    found: list[str] = []
    for block in blocks:
        parts = block.get(inner.get(block.get("type", ""), ""), [block])
        found += ["".join(words(part)) for part in parts]
    return found
