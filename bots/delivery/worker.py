"""Processes the outbox: claims due entries, begins a few of them, hands each to its topic's handler, reports results.

Entries stay claimed until their report is on disk, and their leases are renewed meanwhile. When a worker dies, its
claimed entries go to another worker after the lease. Only those that it had begun can become doubtful (core.outbox).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from bots.common.service_threads import ServiceThreads
from bots.delivery.handling import EntryHandler, Pace, handle_entry
from core.errors import StorageUnavailableError
from core.outbox import ClaimedEntry, Result, State, release
from core.ports import Clock, UnitOfWork

log = logging.getLogger(__name__)

REPORTS = 500  # stored in one transaction at most; as many entries begin in one
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(eq=False)
class Worker:
    """Processes some topics; several workers, in any number of processes, share the work.

    `name` must differ for every worker running at the same time. `chance` returns a random number from 0 to 1.
    """

    threads: ServiceThreads
    work: Callable[[], UnitOfWork]
    clock: Clock
    chance: Callable[[], float]
    name: str
    handlers: Mapping[str, EntryHandler]
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        self._in_hand: dict[tuple[int, int], ClaimedEntry] = {}
        self._placed: set[tuple[int, int]] = set()
        self._reports: list[Result] = []
        self._beginning: list[tuple[ClaimedEntry, asyncio.Future[bool]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = {topic: asyncio.Semaphore(self.pace.at_once) for topic in self.handlers}
        self._stopping, self._reportable, self._room = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._beginnable = asyncio.Event()

    async def run(self) -> None:
        """Run until cancelled; then claim nothing new, finish what has started, and report it, within seconds."""
        serving = asyncio.create_task(self._serve())
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self._stopping.set()
            self._room.set()
            await serving
            raise

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as group:  # an error in any of them ends the worker
            others = [group.create_task(task) for task in (self._begin(), self._report(), self._renew())]
            while not self._stopping.is_set():
                for entry in await self._claim():
                    self._take_in_hand(entry, group)
                await self._pause()
            await self._finish()
            for task in others:
                task.cancel()

    async def _claim(self) -> tuple[ClaimedEntry, ...]:
        """Claim due entries of topics with room for at least half a batch, to keep transactions few."""
        taken = Counter(entry.topic for entry in self._in_hand.values())
        room = {topic: self.pace.batch - taken[topic] for topic in self.handlers}
        room = {topic: free for topic, free in room.items() if free * 2 >= self.pace.batch}
        self._room.clear()
        return (await self._with_storage(self._take, room) or ()) if room else ()

    def _take(self, room: Mapping[str, int]) -> tuple[ClaimedEntry, ...]:
        now = self.clock()
        with self.work() as work:
            expired = work.outbox.expire(now)
            claimed = [
                work.outbox.claim(self.name, [topic], free, now, self.pace.lease) for topic, free in room.items()
            ]
            work.commit()
        for state, number in expired.items():
            log.warning("outbox: %d entries whose lease ran out are now %s", number, state)
        return tuple(entry for entries in claimed for entry in entries)

    def _take_in_hand(self, entry: ClaimedEntry, group: asyncio.TaskGroup) -> None:
        self._in_hand[entry.id, entry.claim] = entry
        task = group.create_task(self._handle(entry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, entry: ClaimedEntry) -> None:
        try:
            await self._places[entry.topic].acquire()
            self._placed.add((entry.id, entry.claim))
            if self._stopping.is_set():
                report = release(entry)
            elif await self._is_begun(entry):
                report = await handle_entry(entry, self.handlers[entry.topic], self.pace, self.clock, self.chance)
            else:  # cancelled, erased, or another worker's
                self._let_go(entry)
                return
        except asyncio.CancelledError:  # before it reached the handler, which returns even then
            report = release(entry)
        self._add_report(report)

    async def _is_begun(self, entry: ClaimedEntry) -> bool:
        """Wait until it is on disk that the entry begins; False if it is no longer this worker's."""
        begun: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._beginning.append((entry, begun))
        self._beginnable.set()
        return await begun

    async def _begin(self) -> None:
        """Begin entries in batches; while the database is away, they wait."""
        while True:
            await self._beginnable.wait()
            self._beginnable.clear()
            while batch := self._beginning[:REPORTS]:
                held = await self._with_storage(self._store_begin, [entry for entry, _ in batch])
                if held is None:
                    await asyncio.sleep(self.pace.poll)
                    continue
                del self._beginning[: len(batch)]
                for entry, begun in batch:
                    if not begun.done():
                        begun.set_result(entry.id in held)

    def _store_begin(self, entries: list[ClaimedEntry]) -> frozenset[int]:
        with self.work() as work:
            held = work.outbox.begin(entries, self.clock() + self.pace.lease)
            work.commit()
        return held

    def _let_go(self, entry: ClaimedEntry) -> None:
        """Free its place, only now: entries that wait for their report are among those that a kill leaves in doubt."""
        del self._in_hand[entry.id, entry.claim]
        if (entry.id, entry.claim) in self._placed:
            self._placed.remove((entry.id, entry.claim))
            self._places[entry.topic].release()
        self._room.set()

    def _add_report(self, report: Result) -> None:
        self._reports.append(report)
        self._reportable.set()

    async def _report(self) -> None:
        """Store results in batches; while the database is unreachable, they wait."""
        while True:
            await self._reportable.wait()
            self._reportable.clear()
            while batch := self._reports[:REPORTS]:
                if await self._with_storage(self._store, batch) is None:
                    await asyncio.sleep(self.pace.poll)
                    continue
                del self._reports[: len(batch)]
                for report in batch:
                    self._let_go(report.entry)

    def _store(self, reports: list[Result]) -> int:
        with self.work() as work:
            stored = work.outbox.report(reports, self.clock())
            work.commit()
        for report in reports:
            if report.state in (State.DEAD, State.DOUBTFUL):
                level = logging.WARNING if report.state is State.DOUBTFUL else logging.INFO
                log.log(
                    level,
                    "outbox: entry %d of %s is %s: %s",
                    report.entry.id,
                    report.entry.topic,
                    report.state,
                    report.reason,
                )
        return stored

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self.pace.lease.total_seconds() / 3)
            if self._in_hand:
                await self._with_storage(self._prolong, list(self._in_hand.values()))

    def _prolong(self, entries: list[ClaimedEntry]) -> None:
        with self.work() as work:
            work.outbox.renew(self.name, entries, self.clock() + self.pace.lease)
            work.commit()

    async def _pause(self) -> None:
        """Wait until there is room again, but no longer than the polling interval."""
        try:
            async with asyncio.timeout(self.pace.poll):
                await self._room.wait()
        except TimeoutError:
            return

    async def _finish(self) -> None:
        """Let running handlers finish, cancel those that take too long, and wait until all is reported."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self.pace.grace)
        for task in self._tasks:
            task.cancel()
        try:
            async with asyncio.timeout(self.pace.grace):
                while self._in_hand:
                    self._room.clear()
                    await self._room.wait()
        except TimeoutError:
            log.warning("outbox: %d entries could not be reported in time", len(self._in_hand))

    async def _with_storage(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The result of the call; None while the database is unreachable."""
        try:
            return await self.threads.run(call, *args, **kwargs)
        except StorageUnavailableError as error:
            log.warning("outbox: the database cannot be reached, trying again: %s", error)
            return None
