"""Threads in which asynchronous surfaces call the synchronous services: all waiting calls share one hop.

A hop between threads costs more than half as much as a service call, mostly waiting for the interpreter's lock, and a
commit waits for the disk. The calls of one hop share both.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, ParamSpec, TypeAlias, TypeVar

import stamina

from core.errors import StorageUnavailableError

TRIES = 3
LONGEST_HOP = 32  # calls that one thread takes at a time
P = ParamSpec("P")
T = TypeVar("T")
Together: TypeAlias = Callable[[], AbstractContextManager[None]]
Waiting: TypeAlias = "tuple[asyncio.Future[Any], Callable[[], Any]]"


class ServiceThreads:
    """Runs service calls in its own threads: one if the database has one writer, otherwise several.

    Everything written inside `together` is on disk when its block ends; if it raises StorageUnavailableError, nothing
    is. `on_result` is called with the result of each call, once it is on disk.
    """

    def __init__(
        self, threads: int, together: Together = nullcontext, on_result: Callable[[object], None] = lambda _: None
    ) -> None:
        self._together, self._on_result = together, on_result
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="services")
        self._free = threads
        self._waiting: deque[Waiting] = deque()

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The call's result, once its writes are on disk.

        If the database is briefly unreachable, the call is retried; raises StorageUnavailableError if it stays
        unreachable.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((future, partial(call, *args, **kwargs)))
        self._hop()
        return await future

    def close(self) -> None:
        """Wait for the running calls, and end the threads."""
        self._pool.shutdown()

    def _hop(self) -> None:
        """Share the waiting calls among the free threads."""
        while self._waiting and self._free:
            share = min(-(-len(self._waiting) // self._free), LONGEST_HOP)
            self._free -= 1
            batch = [self._waiting.popleft() for _ in range(share)]
            self._pool.submit(self._work, asyncio.get_running_loop(), batch)

    def _work(self, loop: asyncio.AbstractEventLoop, batch: list[Waiting]) -> None:
        """In a thread: run the calls in order; a failed call does not affect the others."""
        calls = [waiting for waiting in batch if not waiting[0].cancelled()]
        try:
            with self._together() if len(calls) > 1 else nullcontext():
                done = [(future, *_attempt(call)) for future, call in calls]
        except StorageUnavailableError as error:
            done = [(future, None, error) for future, _ in calls]
        for number, (_, call) in enumerate(calls):  # each alone, with retries
            if isinstance(done[number][2], StorageUnavailableError):
                done[number] = (done[number][0], *_attempt(_patient(call)))
        loop.call_soon_threadsafe(self._deliver, done)

    def _deliver(self, done: list[tuple[asyncio.Future[Any], Any, Exception | None]]) -> None:
        self._free += 1
        self._hop()
        for future, result, error in done:
            if error is None:
                self._on_result(result)
            if future.cancelled():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


def _attempt(call: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001  (handed to the caller)
        return None, error


def _patient(call: Callable[[], Any]) -> Callable[[], Any]:
    return stamina.retry(on=StorageUnavailableError, attempts=TRIES, wait_initial=0.2)(call)
