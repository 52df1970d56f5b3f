"""Waiting for a condition over the server's state without polling."""

import asyncio
from collections.abc import Callable


class Pulse:
    """Signal of every change of state: waiting tasks check their condition again at each beat."""

    def __init__(self) -> None:
        self.beats = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Wake all waiting tasks."""
        self.beats += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], seconds: float | None = None) -> None:
        """Return as soon as the condition holds; raises TimeoutError after the given time."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self._next()

    async def _next(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
