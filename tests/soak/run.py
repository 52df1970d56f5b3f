"""One soak: trouble for a while, then calm until all that was begun is finished, then the checks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg

from storage.vault import Vault
from tests.patience import load, until
from tests.postgres import PostgresServer
from tests.soak.checks import Checks
from tests.soak.crowd import Crowd
from tests.soak.organizer import Organizer
from tests.soak.recount import differences
from tests.soak.report import Report
from tests.soak.stage import KEY, Stage, set_up
from tests.soak.trouble import Trouble
from tests.soak.watch import Watch

FINISHED_WITHIN = 60.0  # seconds for all that was begun, on a machine with nothing else to do
_AS_IF_TIME_PASSED = (
    "UPDATE outbox SET leased_until = now() - interval '1 second' WHERE leased_until IS NOT NULL",
    "UPDATE outbox SET due = now() WHERE state = 'waiting'",
)


@dataclass(frozen=True)
class Plan:
    """A soak: its length, its seed, how many people sign at any time, and how often announcements go out."""

    seconds: float
    seed: int
    people: int = 12
    announce_every: float = 20.0


class Soak:
    """All that takes part in one soak."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self.stage, self.plan = stage, plan
        chance = random.Random(plan.seed)
        self.crowd = Crowd(stage, random.Random(chance.random()))
        hands = self.crowd.organizer()
        self.organizer = Organizer(hands, random.Random(chance.random()), plan.announce_every)
        self.trouble = Trouble(stage, random.Random(chance.random()))
        self.watch = Watch(stage.processes, lambda: self.crowd.accounts)
        self.unserved: list[str] = []

    async def run(self, on_progress: Callable[[float], None]) -> Report:
        """Run to the end. Raises what the soak itself does wrong."""
        begun = time.monotonic()
        async with AsyncExitStack() as stack:
            await _beside(stack, [self.watch.forever()])
            crowd = self._crowd()
            try:
                async with AsyncExitStack() as trouble:
                    beside = await _beside(trouble, [self.trouble.forever(), self.organizer.forever()])
                    while (passed := time.monotonic() - begun) < self.plan.seconds:
                        on_progress(passed)
                        await asyncio.wait([*beside, *crowd], timeout=1.0, return_when=asyncio.FIRST_EXCEPTION)
                        _raise_faults(beside, crowd)
                self.trouble.end()
                await self._calm(crowd)
            finally:
                await _cancel(crowd)
        return await self._judge()

    def _crowd(self) -> list[asyncio.Task[None]]:
        crowd = self.crowd
        lives = [crowd.lives(("telegram", "discord")[number % 2]) for number in range(self.plan.people)]
        acts = [*lives, crowd.plays_on_telegram(), crowd.plays_on_discord(), crowd.reads_pages()]
        return [asyncio.create_task(act) for act in acts]

    async def _calm(self, crowd: Sequence[asyncio.Task[None]]) -> None:
        """Start what is down, and let people and workers finish."""
        self.crowd.ending = True
        for process in self.stage.processes:
            if process.is_down:
                process.start()
        await asyncio.wait(crowd, timeout=FINISHED_WITHIN * load())
        _raise_faults(crowd)
        self.unserved = [
            f"{person.hands.signer.platform}: still wants to {person.wish}, and sees {person.hands.looks()}"
            for person in self.crowd.people
            if person.wish
        ]
        self.watch.ended += await self.stage.stop(self.stage.workers)
        with psycopg.connect(self.stage.url, autocommit=True) as connection:
            for statement in _AS_IF_TIME_PASSED:
                connection.execute(statement)
            for worker in self.stage.workers:
                worker.start()
                await until(worker.listens, f"{worker.name} listens")
            await self._sent(connection)

    async def _sent(self, connection: psycopg.Connection) -> None:
        """Wait until nothing is left to send; give up in the end, and leave it to the checks."""
        open_ = "SELECT count(*) FROM outbox WHERE topic LIKE 'announce%' AND finished_at IS NULL"
        latest = time.monotonic() + FINISHED_WITHIN * load()
        while time.monotonic() < latest:
            row = connection.execute(open_).fetchone()
            if row is not None and row[0] == 0:
                return
            connection.execute(_AS_IF_TIME_PASSED[1])
            await asyncio.sleep(0.5)

    async def _judge(self) -> Report:
        self.watch.ended += await self.stage.stop(self.stage.processes)
        for process in self.stage.processes:
            self.watch.look(process)
        services = self.stage.services()
        try:
            checks = Checks(services, Vault([KEY]), self.crowd.people, self.organizer.bulletins)
            return Report.of(self, checks, list(differences(services)))
        finally:
            services.close()


async def _beside(stack: AsyncExitStack, acts: Sequence[Coroutine[Any, Any, None]]) -> Sequence[asyncio.Task[None]]:
    """Run beside the block; cancelled at its end. Raises what went wrong meanwhile."""
    tasks = [asyncio.create_task(act) for act in acts]
    stack.push_async_callback(_cancel, tasks)
    return tasks


def _raise_faults(*groups: Sequence[asyncio.Task[None]]) -> None:
    for task in chain(*groups):
        if task.done():
            task.result()


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


async def soak(
    postgres: PostgresServer, folder: Path, plan: Plan, on_progress: Callable[[float], None] = lambda _: None
) -> Report:
    """Run one soak on this server."""
    async with set_up(postgres, folder) as stage:
        return await Soak(stage, plan).run(on_progress)
