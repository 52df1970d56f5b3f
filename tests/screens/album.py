"""The contents of the page: drawings in every language, and the catalog that notes which messages each of them used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.messages import Catalog, Message


class RecordingCatalog(Catalog):
    """The words of every language; while a screen is drawn, it notes the keys that it gives out."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog._translations)
        self._noting: list[dict[str, None]] = []  # shared with the copies that write commands differently

    def text(self, message: Message, locale: str) -> str:
        """The words, noted."""
        for noted in self._noting:
            noted[message.key] = None
        return super().text(message, locale)

    @contextmanager
    def noting(self) -> Iterator[dict[str, None]]:
        """Note the keys that are given out meanwhile, in order."""
        noted: dict[str, None] = {}
        self._noting.append(noted)
        try:
            yield noted
        finally:
            self._noting.remove(noted)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One screen in one language as HTML, and the keys of the messages on it."""

    html: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A screen's place on the page: the surface, the stage, and what the screen shows."""

    surface: str
    stage: str
    title: str


@dataclass
class Album:
    """All drawings, by place and language, in the order of the stories."""

    catalog: RecordingCatalog
    drawings: dict[Place, dict[str, Drawing]] = field(default_factory=dict)

    def add(self, place: Place, locale: str, html: str, keys: dict[str, None]) -> None:
        """Put a drawing in its place. Raises ValueError where one of this language is there already."""
        here = self.drawings.setdefault(place, {})
        if locale in here:
            raise ValueError(f"{place} is drawn twice in {locale}")
        here[locale] = Drawing(html, tuple(keys))

    def keys(self, locale: str) -> set[str]:
        """The messages that appear on some screen in this language."""
        return {key for here in self.drawings.values() if locale in here for key in here[locale].keys}
