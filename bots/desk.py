"""Where asynchronous surfaces meet the synchronous services: one worker thread hop for a whole transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

import stamina

from core.errors import StorageUnavailableError

TRIES = 3
P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Runs service calls in threads of its own: one where the database has one writer, else some."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="services")

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the call returns; when it does, what it wrote is on disk.

        A database that is away for a moment is asked again; StorageUnavailableError if it stays away.
        """
        loop = asyncio.get_running_loop()
        async for attempt in stamina.retry_context(on=StorageUnavailableError, attempts=TRIES, wait_initial=0.2):
            with attempt:
                return await loop.run_in_executor(self._pool, partial(call, *args, **kwargs))
        raise AssertionError("stamina ends with a result or an exception")

    def close(self) -> None:
        """Wait for the calls that run, and end the threads."""
        self._pool.shutdown()
