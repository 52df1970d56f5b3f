"""Polite rate: one request at a time to each host, and a pause between two."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

PAUSE = 5.0  # seconds between the end of a request and the next to the same host, at least
LONGEST_PAUSE = 60.0  # seconds: a host gets a handful of requests a week, whatever its robots.txt says about crawlers


class PoliteRate:
    """Keeps requests to one host apart; `clock` gives seconds from any moment on, and `sleep` waits."""

    def __init__(
        self,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._pauses: defaultdict[str, float] = defaultdict(lambda: pause)
        self._ended: dict[str, float] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Lengthen the pause, as a host asks for."""
        self._pauses[host] = max(self._pauses[host], min(seconds, LONGEST_PAUSE))

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a request to this host may begin, and keep others away until it ends."""
        async with self._locks[host]:
            if host in self._ended:
                await self._sleep(max(0.0, self._ended[host] + self._pauses[host] - self._clock()))
            try:
                yield
            finally:
                self._ended[host] = self._clock()
