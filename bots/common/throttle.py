"""Throttle: one answer in a while for each person, where more would be spam."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass, field

from cachetools import LRUCache

MOST_KEPT = 2000


@dataclass(frozen=True)
class Throttle:
    """Remembers when each key was last let through, for the most recent keys, in the memory of this process."""

    every: dt.timedelta = dt.timedelta(minutes=1)
    _last: LRUCache[Hashable, dt.datetime] = field(default_factory=lambda: LRUCache(MOST_KEPT))

    def allows(self, key: Hashable, now: dt.datetime) -> bool:
        """True if the key wasn't let through in the last while; it then is."""
        last = self._last.get(key)
        if last is not None and last <= now < last + self.every:
            return False
        self._last[key] = now
        return True
