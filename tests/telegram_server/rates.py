"""Telegram's message limits as token buckets, for tests of how a bot keeps to them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.telegram_server.errors import too_many_requests


@dataclass(slots=True)
class Bucket:
    """`per_second` on average, `size` at once; `level` is how much is left at the time `seen`."""

    per_second: float
    size: float
    level: float = field(init=False)
    seen: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.size

    def wait(self, now: float) -> float:
        """Seconds until there is room for one more; 0 when there is."""
        self.level = min(self.size, self.level + (now - self.seen) * self.per_second)
        self.seen = now
        return max(0.0, (1 - self.level) / self.per_second)


@dataclass(slots=True)
class Rates:
    """The limits in force; `overall`, `chat` and `group` are (per second, burst)."""

    now: Callable[[], float]
    overall: tuple[float, float]
    chat: tuple[float, float]
    group: tuple[float, float]
    ephemeral_as_group: bool = False
    _buckets: dict[int | tuple[int, int] | None, Bucket] = field(default_factory=dict)

    def count(self, chat: int) -> None:
        """Count one message to this chat; raises a 429 with the wait where that is one too many."""
        self._count(chat, self.group if chat < 0 else self.chat)

    def count_ephemeral(self, chat: int, person: int) -> None:
        """Count one message to a member of a group that nobody else sees, as if it went to a private chat.

        Telegram documents no limit for them. With `ephemeral_as_group`, they count as the group's other messages do.
        """
        if self.ephemeral_as_group:
            self.count(chat)
        else:
            self._count((chat, person), self.chat)

    def _count(self, key: int | tuple[int, int], size: tuple[float, float]) -> None:
        now = self.now()
        drawn = [self._bucket(None, self.overall, now), self._bucket(key, size, now)]
        wait = max(bucket.wait(now) for bucket in drawn)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in drawn:
            bucket.level -= 1

    def _bucket(self, key: int | tuple[int, int] | None, size: tuple[float, float], now: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(*size, seen=now)
        return self._buckets[key]
