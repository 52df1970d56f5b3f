"""Threads in which asynchronous surfaces call the synchronous services: all calls that wait share one hop.

A hop between threads costs more than half of what a service call does, most of it waiting for the interpreter's lock;
a commit costs a wait for the disk. The calls of one hop share both.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, ParamSpec, TypeAlias, TypeVar

import stamina

from core.errors import StorageUnavailableError

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_HOP = 32  # calls that one thread takes at once
P = ParamSpec("P")
T = TypeVar("T")
Together: TypeAlias = Callable[[], AbstractContextManager[None]]
Waiting: TypeAlias = "tuple[asyncio.Future[Any], Callable[[], Any]]"
Ended: TypeAlias = "tuple[asyncio.Future[Any], Any, BaseException | None]"


class ServiceThreads:
    """Runs service calls in threads of its own: one where the database has one writer, else some.

    What is written within `together` is on disk when it is left; if it raises StorageUnavailableError, nothing is. Any
    other error that it raises reaches each caller, since nobody knows what it left behind.
    `on_result` is called with what each call returned, once it is on disk.
    """

    def __init__(
        self, threads: int, together: Together = nullcontext, on_result: Callable[[object], None] = lambda _: None
    ) -> None:
        self._together, self._on_result = together, on_result
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="services")
        self._free = threads
        self._waiting: deque[Waiting] = deque()

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Result of the call; its writes are then on disk.

        A database that is away for a moment is asked again; StorageUnavailableError if it stays away.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((future, partial(call, *args, **kwargs)))
        self._hop()
        return await future

    def close(self) -> None:
        """Wait for the calls that run, and end the threads."""
        self._pool.shutdown()

    def _hop(self) -> None:
        """Share what waits among the free threads."""
        while self._waiting and self._free:
            share = min(-(-len(self._waiting) // self._free), LONGEST_HOP)
            self._free -= 1
            batch = [self._waiting.popleft() for _ in range(share)]
            self._pool.submit(self._work, asyncio.get_running_loop(), batch)

    def _work(self, loop: asyncio.AbstractEventLoop, batch: list[Waiting]) -> None:
        """In a thread: run the calls in order; every future has its end, whatever happens."""
        calls = [waiting for waiting in batch if not waiting[0].cancelled()]
        try:
            ended = self._run_calls(calls)
        except BaseException as error:  # noqa: BLE001  (without it, the callers would wait for ever)
            _log_fault("a batch of calls failed", error)
            ended = [(future, None, error) for future, _ in calls]
        loop.call_soon_threadsafe(self._deliver, ended)

    def _run_calls(self, calls: list[Waiting]) -> list[Ended]:
        """Run the calls; a failed one does not affect the others."""
        try:
            with self._together() if len(calls) > 1 else nullcontext():
                ended: list[Ended] = [(future, *_attempt(call)) for future, call in calls]
        except StorageUnavailableError as error:
            ended = [(future, None, error) for future, _ in calls]
        for number, (future, call) in enumerate(calls):  # each alone, and patiently
            if isinstance(ended[number][2], StorageUnavailableError):
                ended[number] = (future, *_attempt(_patient(call)))
        return ended

    def _deliver(self, ended: list[Ended]) -> None:
        self._free += 1
        self._hop()
        for future, result, error in ended:
            if error is None:
                self._count(result)
            if future.cancelled():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(_fit_for_a_future(error))

    def _count(self, result: object) -> None:
        try:
            self._on_result(result)
        except Exception as error:  # noqa: BLE001  (a figure matters less than the answers)
            _log_fault("a result was not counted", error)


def _attempt(call: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return call(), None
    except BaseException as error:  # noqa: BLE001  (handed to the caller)
        return None, error


def _patient(call: Callable[[], Any]) -> Callable[[], Any]:
    return stamina.retry(on=StorageUnavailableError, attempts=TRIES, wait_initial=0.2)(call)


def _fit_for_a_future(error: BaseException) -> Exception:
    """The error; in a future, StopIteration is refused, and SystemExit would end the loop."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    return RuntimeError(f"a call ended with {type(error).__name__}")


def _log_fault(words: str, error: BaseException) -> None:
    """Log where an error arose; its text may be personal."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s: %s in %s, line %s", words, type(error).__name__, place.name, place.lineno)
