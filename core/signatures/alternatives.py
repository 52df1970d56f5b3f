"""Values with which a filter would match, for a query that matches nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.petition.wording import nearest

MOST_SHOWN = 5
_MOST_KEPT = 5000  # values of one filter, so that a search takes constant memory


@dataclass
class Alternatives:
    """The values of each filter that would match if the other filters stayed, with how many signatures have each."""

    _counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, name: str, value: str, count: int = 1) -> None:
        """Count signatures that would match with this value; an empty one only says that there are some."""
        counts = self._counts[name]
        if value in counts or len(counts) < _MOST_KEPT:
            counts[value] += count

    def add_all(self, name: str, counts: Mapping[str, int]) -> None:
        """Count several values."""
        for value, count in counts.items():
            self.add(name, value, count)

    @property
    def names(self) -> tuple[str, ...]:
        """The filters for which other values are known."""
        return tuple(name for name, counts in self._counts.items() if counts)

    def best(self, name: str, typed: str) -> tuple[tuple[str, int], ...]:
        """The value nearest to what was typed, if one is near, and then the most frequent ones."""
        counts = Counter({value: count for value, count in self._counts[name].items() if value})
        near = nearest(typed, counts) if typed else ""
        first = [(near, counts.pop(near))] if near else []
        return (*first, *counts.most_common(MOST_SHOWN - len(first)))
