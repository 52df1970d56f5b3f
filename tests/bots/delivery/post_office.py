"""A post office in virtual time: service threads, an outbox and workers, as tests of the worker want them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from bots.common.service_threads import ServiceThreads
from bots.delivery.handling import EntryHandler, Pace
from bots.delivery.worker import Worker
from core.errors import StorageUnavailableError
from core.outbox import ClaimedEntry, NewEntry, State, Topic
from core.ports import UnitOfWork
from tests.world import NOW, memory

CARD, POST = Topic("card", repeat=True), Topic("post", repeat=False)
PACE = Pace(batch=8, at_once=2, lease=dt.timedelta(seconds=30), poll=1, tries=3, first_wait=2, grace=5)


class InlineThreads(ServiceThreads):
    """Service threads that run a call at once and return after some seconds; `away` makes the database unavailable."""

    def __init__(self) -> None:
        super().__init__(1)
        self.away = False
        self.seconds = 0.0

    async def run(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.away:
            raise StorageUnavailableError("away")
        result = call(*args, **kwargs)
        await asyncio.sleep(self.seconds)
        return result


@dataclass
class Post:
    """Outbox in memory with workers on it; notes what was handled and when."""

    work: Callable[[], UnitOfWork] = field(default_factory=memory)
    threads: InlineThreads = field(default_factory=InlineThreads)
    handled: list[tuple[str, float]] = field(default_factory=list)

    def put(self, *keys: str, topic: Topic = CARD, **changes: Any) -> None:
        with self.work() as work:
            work.outbox.put([replace(NewEntry(topic, key, NOW), **changes) for key in keys])
            work.commit()

    def now(self) -> dt.datetime:
        return NOW + dt.timedelta(seconds=asyncio.get_running_loop().time())

    def counts(self, topic: str = "card") -> Mapping[State, int]:
        with self.work() as work:
            return work.outbox.counts(topic)

    def reasons(self, topic: str = "card") -> list[tuple[State, str]]:
        with self.work() as work:
            counts = work.outbox.reasons(topic)
        return [end for end, count in counts.items() if end[0] is not State.DONE for _ in range(count)]

    def handler(self, act: Callable[[ClaimedEntry], Awaitable[None]] | None = None) -> EntryHandler:
        async def handle(entry: ClaimedEntry) -> None:
            self.handled.append((entry.key, round(asyncio.get_running_loop().time(), 1)))
            if act:
                await act(entry)

        return handle

    def working(
        self, act: EntryHandler | None = None, name: str = "w", pace: Pace = PACE
    ) -> AbstractAsyncContextManager[None]:
        handlers = {"card": self.handler(act), "post": self.handler(act)}
        return working(Worker(self.threads, self.work, self.now, lambda: 0.0, name, handlers, pace))


@asynccontextmanager
async def working(worker: Worker) -> Any:
    """A worker at work; leaving stops it."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def raising(*errors: BaseException | None) -> EntryHandler:
    """Raises one after another, then nothing."""
    left = iter(errors)

    async def act(_: ClaimedEntry) -> None:
        if error := next(left, None):
            raise error

    return act


def slow(seconds: float) -> EntryHandler:
    async def act(_: ClaimedEntry) -> None:
        await asyncio.sleep(seconds)

    return act
