"""Text with entities, counted in UTF-16 units as Telegram does."""

from __future__ import annotations

from typing import Any, TypeAlias

from core.text.pages import utf16_length

MOST_ENTITIES = 100

Entity: TypeAlias = dict[str, Any]
"""The style of a stretch of text, as the Bot API defines it."""


class TextBuilder:
    """Collects text and its style; nothing needs escaping, since styles are kept apart from the words."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._entities: list[Entity] = []
        self.units = 0

    def add(self, text: str, *looks: str, link: str | None = None) -> None:
        """Add text in one style."""
        start = self.units
        self._pieces.append(text)
        self.units += utf16_length(text)
        for look in looks:
            self._style(text, look, start)
        if link:
            self._style(text, "text_link", start, link)

    def gap(self) -> None:
        """Add an empty line, except at the start."""
        if self.units:
            self.add("\n\n")

    def mark(self) -> int:
        """The current position, in UTF-16 units."""
        return self.units

    def look(self, look: str, start: int) -> None:
        """Style everything since `start`."""
        self._style("".join(self._pieces).encode("utf-16-le")[start * 2 :].decode("utf-16-le"), look, start)

    def _style(self, text: str, look: str, start: int, link: str | None = None) -> None:
        """Style a text that begins at `start`; white space at its ends stays plain, as Telegram requires."""
        begin = start + utf16_length(text) - utf16_length(text.lstrip())
        length = utf16_length(text.strip())
        if length:
            entity: Entity = {"type": look, "offset": begin, "length": length}
            self._entities.append(entity | {"url": link} if link else entity)

    def cut(self, longest: int) -> tuple[str, tuple[Entity, ...]]:
        """The text and its entities, cut to `longest` units, without white space at the end."""
        text = "".join(self._pieces)
        if self.units <= longest:
            return text.rstrip(), _most(self._entities)
        text = text.encode("utf-16-le")[: (longest - 1) * 2].decode("utf-16-le", "ignore") + "…"
        end = utf16_length(text)
        kept = [entity for entity in self._entities if entity["offset"] < end]
        return text, _most([entity | {"length": min(entity["length"], end - entity["offset"])} for entity in kept])


def _most(entities: list[Entity]) -> tuple[Entity, ...]:
    """As many entities as Telegram keeps: links and quotes before other styles."""
    ranked = sorted(entities, key=lambda entity: entity["type"] in ("bold", "italic"))
    return tuple(sorted(ranked[:MOST_ENTITIES], key=lambda entity: entity["offset"]))
