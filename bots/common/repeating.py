"""Repeats calls that had no effect, or an uncertain one, as soon as the database works again.

After a connection was lost during a commit, nobody knows whether the commit took effect. Every update has an id that is
stored along with its effect, so repeating it answers that: it takes effect now, or changes nothing.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bots.common import patience
from bots.common.patience import Waits
from bots.common.service_threads import ServiceThreads
from core.errors import StorageDamagedError, StorageUnavailableError

REPEATS = 3
"""Repeats of a call that fails although the database works, so that it may be the call's own fault."""
FIRST_WAIT, LONGEST_WAIT = 0.25, 2.0  # seconds between two looks whether the database works
T = TypeVar("T")


class DatabaseReturn:
    """Waits until the database stores something again. However many wait, one asks at a time with `probe`.

    Once the database has been away for `longest` seconds, nobody waits any more, until it works.
    """

    def __init__(self, threads: ServiceThreads, probe: Callable[[], object], longest: float = math.inf) -> None:
        self._threads, self._probe, self._longest = threads, probe, longest
        self._turn = asyncio.Lock()
        self._away_since: float | None = None

    async def wait(self) -> None:
        """Wait until the database works. Raises StorageUnavailableError if it is damaged, or away for too long."""
        waits = Waits(FIRST_WAIT, LONGEST_WAIT)
        async with self._turn:
            while not await self._works():
                await patience.sleep(waits.after_failure())

    async def repeat(self, call: Callable[[], Awaitable[T]], promise: Callable[[], Awaitable[object]]) -> T:
        """Make a call that is safe to repeat, until it has its effect. Raises StorageUnavailableError in the end.

        `promise` tells the person, once, that the answer will come.
        """
        try:
            return await call()
        except StorageDamagedError:
            raise
        except StorageUnavailableError:
            await promise()
        for _ in range(REPEATS - 1):
            await self.wait()
            try:
                return await call()
            except StorageUnavailableError:
                continue
        await self.wait()
        return await call()

    async def _works(self) -> bool:
        try:
            await self._threads.run(self._probe)
        except StorageUnavailableError as error:
            if isinstance(error, StorageDamagedError) or self._is_away_for_long():
                raise
            return False
        self._away_since = None
        return True

    def _is_away_for_long(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._away_since = now if self._away_since is None else self._away_since
        return now - self._away_since >= self._longest
