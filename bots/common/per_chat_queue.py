"""Lanes: what belongs to one chat happens in order, different chats at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any


class Lanes:
    """Runs coroutines one after another within a lane; a lane that is empty is forgotten."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._waiting: dict[Hashable, int] = {}
        self._on_error = on_error

    def put(self, lane: Hashable, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[None]:
        """Do this after everything else that was put into the lane."""
        task = asyncio.create_task(self._run(lane, self._last.get(lane), work))
        self._last[lane] = task
        self._waiting[lane] = self._waiting.get(lane, 0) + 1
        return task

    def behind(self, lane: Hashable) -> int:
        """How many wait in the lane behind the one that runs."""
        return max(0, self._waiting.get(lane, 0) - 1)

    def busy(self, lane: Hashable) -> bool:
        """Whether anything runs or waits in the lane."""
        return lane in self._last

    async def idle(self, lane: Hashable) -> None:
        """Wait until a lane is empty."""
        while lane in self._last:
            await asyncio.wait([self._last[lane]])

    async def empty(self) -> None:
        """Wait until every lane is empty."""
        while self._last:
            await asyncio.wait(list(self._last.values()))

    async def _run(self, lane: Hashable, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[Any]]) -> None:
        try:
            if before:
                await asyncio.wait([before])
            await work()
        except Exception as error:  # noqa: BLE001  (reported, and the lane goes on)
            self._on_error(error)
        finally:
            self._waiting[lane] -= 1
            if not self._waiting[lane]:
                del self._waiting[lane], self._last[lane]
