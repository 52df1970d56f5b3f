"""Waiting in tests: one time limit, which grows with the machine's load, and helpers that wait for a condition."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from inspect import isawaitable

UNLOADED = 30.0  # seconds that any single step takes at most on a free processor: discord.py tries for 25
LOOK_EVERY = 0.01  # seconds between the first two looks at a condition
LOOK_AFTER = 0.03  # seconds between later ones at most, since each look takes time from what it waits for


def load() -> float:
    """Runnable processes for each processor, at least 1; test workers count even before the average shows them."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return max(1.0, max(os.getloadavg()[0], workers) / (os.cpu_count() or 1))


def limit() -> float:
    """Seconds after which a test gives up waiting: only a broken program takes so long on this machine now."""
    return UNLOADED * load()


def patience() -> asyncio.Timeout:
    """Time limit for an `async with` block, which raises TimeoutError."""
    return asyncio.timeout(limit())


class SlowedClock:
    """Clock for fakes with a deadline of their own, which goes the slower the busier the machine is; Unix seconds."""

    def __init__(self) -> None:
        self._now, self._seen = time.time(), time.monotonic()

    def __call__(self) -> float:
        seen = time.monotonic()
        self._now += (seen - self._seen) / load()
        self._seen = seen
        return self._now


async def until(holds: Callable[[], bool | Awaitable[bool]], expected: str = "the condition holds") -> None:
    """Wait for another process, thread or task.

    Raises:
        TimeoutError: it did not happen within the limit; `expected` is part of the message.
    """
    begun, pauses = time.monotonic(), _pauses()
    while not (await result if isawaitable(result := holds()) else result):
        _check(begun, expected)
        await asyncio.sleep(next(pauses))


def until_blocking(holds: Callable[[], bool], expected: str = "the condition holds") -> None:
    """Wait as `until` does, in tests without an event loop."""
    begun, pauses = time.monotonic(), _pauses()
    while not holds():
        _check(begun, expected)
        time.sleep(next(pauses))


def _pauses() -> Iterator[float]:
    pause = LOOK_EVERY
    while True:
        yield pause
        pause = min(1.2 * pause, LOOK_AFTER)


def _check(begun: float, expected: str) -> None:
    """Look at the limit again each time, because the load may have grown since."""
    waited = time.monotonic() - begun
    if waited > limit():
        raise TimeoutError(f"waited {waited:.0f} s in vain until {expected}")
