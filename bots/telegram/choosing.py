"""People who are choosing a channel, so that the bot doesn't also offer what they are about to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from cachetools import LRUCache

_MOST = 1000


@dataclass(frozen=True)
class ChannelChoosers:
    """The people who were last asked to choose a channel; someone forgotten gets an offer that they don't need."""

    _people: LRUCache[int, None] = field(default_factory=lambda: LRUCache(_MOST))

    def add(self, person: int) -> None:
        """Expect a channel of a person."""
        self._people[person] = None

    def remove(self, person: int) -> None:
        """Expect nothing more of a person."""
        self._people.pop(person, None)

    def has(self, person: int) -> bool:
        """Return True if the person is choosing a channel."""
        return person in self._people
