"""Discord's ids: the milliseconds since the first second of 2015 and a number within the millisecond."""

from collections.abc import Callable
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000


def snowflake(moment: datetime, number: int = 0) -> int:
    """The id of something made at this moment; `number` (below 2**22) tells it from others of that millisecond."""
    return (int(moment.timestamp() * 1000) - EPOCH_MS << 22) | number


def iso(seconds: float) -> str:
    """A moment in Unix seconds as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


class Snowflakes:
    """Gives out ids that only grow, by a clock in Unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def next(self, *, own_millisecond: bool = False) -> int:
        """A fresh id; with `own_millisecond` also one of another shard than the last where there are several."""
        now = max(int(self._clock() * 1000) - EPOCH_MS, (self._last >> 22) + own_millisecond)
        self._last = max(now << 22, self._last + 1)
        return self._last
