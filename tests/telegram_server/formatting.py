"""Text as a bot sends it: parse mode or explicit entities, trimmed and measured as Telegram does."""

from tests.telegram_server import html
from tests.telegram_server.entities import Entity, check, units
from tests.telegram_server.errors import bad_request
from tests.telegram_server.params import Params

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_BLANK = " \t\r\n"


def message_text(params: Params, name: str = "text", entities: str = "entities") -> tuple[str, list[Entity]]:
    """The text of a message; raises a 400 where it is empty or over 4096 UTF-16 units."""
    text, marks = formatted(params, name, entities)
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, marks


def caption(params: Params) -> tuple[str, list[Entity]]:
    """The caption of a file, which may be empty; raises a 400 over 1024 UTF-16 units."""
    text, marks = formatted(params, "caption", "caption_entities")
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, marks


def formatted(params: Params, name: str, entities: str) -> tuple[str, list[Entity]]:
    """Plain text and entities, with the blanks around the text cut off."""
    text, mode = params.text(name), params.text("parse_mode")
    if mode.lower() == "html":
        return trimmed(*html.parse(text))
    if mode:
        raise bad_request(f"unsupported parse_mode {mode!r} (this test server reads HTML and entities)")
    value = params.json(entities)
    return trimmed(text, check(text, value) if value else [])


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without blanks at its ends, and its entities moved and cut accordingly."""
    start = units(text) - units(text.lstrip(_BLANK))
    kept = text.strip(_BLANK)
    end = units(kept)
    moved = []
    for entity in entities:
        first = max(0, entity["offset"] - start)
        last = min(end, entity["offset"] + entity["length"] - start)
        if last > first:
            moved.append(entity | {"offset": first, "length": last - first})
    return kept, moved
