"""The pace that all processes of the bot keep together while Telegram asks for it, replies to signers first."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import count
from typing import Any, TypeAlias

from core.errors import StorageUnavailableError
from core.outreach.paces import Paces

NAME = "telegram"
LOOK_EVERY = 2.0  # seconds after which a process notices that another was asked to slow down
_AT_ONCE = 5  # calls that a process takes places for at a time

Run: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
"""A way to run a call in another thread, such as ServiceThreads.run."""


class SharedPace:
    """Lets calls through in the order of their places, which all processes take in one database.

    While the database is away, each process keeps to its own limit.
    """

    def __init__(self, paces: Paces, run: Run, per_second: float, burst: float) -> None:
        self._paces, self._run = paces, run
        self._per_second, self._burst = per_second, burst
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_serving = self._is_watching = False

    def watch(self, on_slow: Callable[[float], None]) -> None:
        """From the first call on, call `on_slow` with the seconds left whenever processes must keep to the pace."""
        if not self._is_watching:
            self._is_watching = True
            self._start(self._look(on_slow))

    def tell(self, seconds: float) -> None:
        """Tell all processes to keep to the pace for this time."""
        self._start(self._tell(seconds))

    async def enter(self, *, background: bool) -> None:
        """Wait for a place; calls in the background get one when no other waits."""
        place = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (background, next(self._numbers), place))
        if not self._is_serving:
            self._is_serving = True
            self._start(self._serve())
        await place

    async def close(self) -> None:
        """Stop watching, and let everyone through who waits."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._is_watching = False
        self._let_through(len(self._waiting))

    async def _serve(self) -> None:
        try:
            while calls := min(len(self._waiting), _AT_ONCE):
                with suppress(StorageUnavailableError):
                    await asyncio.sleep(
                        await self._run(self._paces.reserve, NAME, calls, self._per_second, self._burst)
                    )
                self._let_through(calls)
        finally:
            self._is_serving = False

    def _let_through(self, calls: int) -> None:
        while calls and self._waiting:
            _, _, place = heapq.heappop(self._waiting)
            if not place.done():  # as it is for a call that was cancelled meanwhile
                place.set_result(None)
                calls -= 1

    async def _look(self, on_slow: Callable[[float], None]) -> None:
        while True:
            with suppress(StorageUnavailableError):
                if seconds := await self._run(self._paces.slowed_for, NAME):
                    on_slow(seconds)
            await asyncio.sleep(LOOK_EVERY)

    async def _tell(self, seconds: float) -> None:
        with suppress(StorageUnavailableError):
            await self._run(self._paces.slow_down, NAME, seconds)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
