"""Threads in which asynchronous surfaces call the synchronous services: all waiting calls share one hop.

A hop between threads costs more than half as much as a service call, mostly waiting for the interpreter's lock, and a
commit waits for the disk. The calls of one hop share both.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeAlias, TypeVar

from core.errors import StorageUnavailableError

log = logging.getLogger(__name__)

WAITS = (0.0, 0.2, 0.4, 0.8)  # seconds before each further attempt while the database is away
TRIED_WITHIN = 2.5  # seconds in which attempts begin, from the call or, if later, from when the database went away
LONGEST_HOP = 32  # calls that one thread takes at a time
P = ParamSpec("P")
T = TypeVar("T")
Together: TypeAlias = Callable[[], AbstractContextManager[None]]
Ended: TypeAlias = "tuple[asyncio.Future[Any], Any, BaseException | None]"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A call that waits for a thread, since `asked_at`."""

    future: asyncio.Future[Any]
    call: Callable[[], Any]
    asked_at: float


@dataclass(frozen=True, slots=True)
class Timer:
    """The time in seconds, and a way to let some pass."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], object] = time.sleep


REAL_TIME = Timer()


class ServiceThreads:
    """Runs service calls in its own threads: one if the database has one writer, otherwise several.

    Everything written inside `together` is on disk when its block ends; if it raises StorageUnavailableError, nothing
    is. Any other error that it raises reaches each caller, since the state it left is unknown.
    `on_result` is called with the result of each call, once it is on disk.

    While the database is away, everyone gets an answer within TRIED_WITHIN seconds plus the duration of one attempt,
    which storage.engine bounds.
    """

    def __init__(
        self, threads: int, together: Together = nullcontext, on_result: Callable[[object], None] = lambda _: None,
        timer: Timer = REAL_TIME,
    ) -> None:  # fmt: skip
        self._together, self._on_result, self._timer = together, on_result, timer
        self._away: StorageUnavailableError | None = None  # why the last attempt failed, on whichever thread
        self._away_since = 0.0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="services")
        self._free = threads
        self._is_closed = False
        self._waiting: deque[_Waiting] = deque()

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The call's result, once its writes are on disk.

        If the database is briefly unreachable, the call is retried; raises StorageUnavailableError if it stays
        unreachable, and asyncio.CancelledError if the threads end before the call has one.
        """
        if self._is_closed:
            raise asyncio.CancelledError
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(future, partial(call, *args, **kwargs), self._timer.now()))
        self._hop()
        return await future

    def close(self) -> None:
        """Cancel the calls that wait for a thread and those that come later, wait for the running ones, and end."""
        self._is_closed = True
        while self._waiting:
            self._waiting.popleft().future.cancel()
        self._pool.shutdown()

    def _hop(self) -> None:
        """Share the waiting calls among the free threads. Fail those that waited too long for an absent database."""
        while self._waiting and (error := self._too_late(self._waiting[0])):
            late = self._waiting.popleft()
            if not late.future.cancelled():
                late.future.set_exception(error)
        while self._waiting and self._free:
            share = min(-(-len(self._waiting) // self._free), LONGEST_HOP)
            self._free -= 1
            batch = [self._waiting.popleft() for _ in range(share)]
            self._pool.submit(self._work, asyncio.get_running_loop(), batch)

    def _work(self, loop: asyncio.AbstractEventLoop, batch: list[_Waiting]) -> None:
        """In a thread: run the calls in order; every future has its end, whatever happens."""
        calls = [waiting for waiting in batch if not waiting.future.cancelled()]
        try:
            ended = self._run_calls(calls)
        except BaseException as error:  # noqa: BLE001  (without it, the callers would wait forever)
            _log_fault("a batch of calls failed", error)
            ended = [(waiting.future, None, error) for waiting in calls]
        loop.call_soon_threadsafe(self._deliver, ended)

    def _run_calls(self, calls: list[_Waiting]) -> list[Ended]:
        """Run the calls, those that fail for want of a database again, each alone; others are not affected."""
        ended = self._run_together(calls)
        for wait in WAITS:
            failed = [number for number, end in enumerate(ended) if isinstance(end[2], StorageUnavailableError)]
            if not failed or self._too_late(calls[0]):
                break
            self._timer.wait(wait)
            for number in failed:
                ended[number] = self._attempt(calls[number], calls[0])
        return ended

    def _run_together(self, calls: list[_Waiting]) -> list[Ended]:
        begun = self._timer.now()
        try:
            with self._together() if len(calls) > 1 else nullcontext():
                return [self._attempt(waiting, calls[0]) for waiting in calls]
        except StorageUnavailableError as error:
            self._note(error, begun)
            return [(waiting.future, None, error) for waiting in calls]

    def _attempt(self, waiting: _Waiting, oldest: _Waiting) -> Ended:
        """Make a call, unless it is too late for the oldest of those that are answered together."""
        if late := self._too_late(oldest):
            return waiting.future, None, late
        begun = self._timer.now()
        try:
            result, error = waiting.call(), None
        except BaseException as raised:  # noqa: BLE001  (handed to the caller)
            result, error = None, raised
        self._note(error, begun)
        return waiting.future, result, error

    def _note(self, error: BaseException | None, begun: float) -> None:
        """Keep in mind whether the database is away, and since when."""
        away = error if isinstance(error, StorageUnavailableError) else None
        if away and not self._away:
            self._away_since = begun
        self._away = away

    def _too_late(self, waiting: _Waiting) -> StorageUnavailableError | None:
        """The error for a call that has waited long enough for a database that is away."""
        waited = self._timer.now() - max(waiting.asked_at, self._away_since)
        return self._away if waited > TRIED_WITHIN else None

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


def _fit_for_a_future(error: BaseException) -> Exception:
    """The error; in a future, StopIteration is refused, and SystemExit would end the loop."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    return RuntimeError(f"a call ended with {type(error).__name__}")


def _log_fault(words: str, error: BaseException) -> None:
    """Log where an error arose; its text may be personal."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s: %s in %s, line %s", words, type(error).__name__, place.name, place.lineno)
