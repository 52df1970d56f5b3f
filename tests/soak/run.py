"""One soak: trouble for a while, then calm until all that was begun is finished, then the checks."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from core.outbox import State
from storage.engine import Database
from storage.tables import OutboxRow, table
from tests.patience import load, until
from tests.soak.checks import Checks
from tests.soak.crowd import EVERY_WISH, Crowd
from tests.soak.databases import DATABASES
from tests.soak.organizer import Organizer
from tests.soak.passing_time import PassingTime
from tests.soak.report import RECEIVED, Report
from tests.soak.stage import Stage, set_up
from tests.soak.trouble import Trouble
from tests.soak.watch import Watch

FINISHED_WITHIN = 60.0  # seconds for all that was begun, on a machine with nothing else to do
COMPLETE_WITHIN = 120.0  # seconds that a short soak may last longer until it has every ingredient, on such a machine
Progress: TypeAlias = Callable[[float, Mapping[str, int]], None]
"""Told of the seconds that have passed, and of the ingredients so far."""
_outbox = table(OutboxRow)
_TO_SEND = sa.or_(_outbox.c.topic.startswith("announce"), _outbox.c.topic.startswith("milestone"))


@dataclass(frozen=True)
class Plan:
    """A soak: its length, its seed, how many people sign at any time, and how often announcements go out."""

    seconds: float
    seed: int
    people: int = 12
    announce_every: float = 20.0
    database: str = "postgresql"

    @property
    def again(self) -> str:
        """The command that makes the same random choices."""
        options = f"--minutes {self.seconds / 60:g} --seed {self.seed} --people {self.people}"
        return f"python -m tests.soak {options} --database {self.database}"


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
        self.passing = PassingTime(stage, hands, self.crowd.people, self.crowd.accounts)
        self.unserved: list[str] = []
        self._was_received = False
        self.unready: list[str] = []

    @property
    def ingredients(self) -> Mapping[str, int]:
        """Number of times that each thing happened that a soak must have."""
        counters = (self.crowd.served, self.organizer.done, self.trouble.made)
        happened = {name: number for counter in counters for name, number in sorted(counter.items())}
        self._was_received = self._was_received or any(person.hands.bulletins() for person in self.crowd.people)
        return {**happened, RECEIVED: int(self._was_received)}  # counted at the end

    async def run(self, on_progress: Progress) -> Report:
        """Run to the end. Raises what the soak itself does wrong."""
        async with AsyncExitStack() as stack:
            await beside(stack, [self.watch.forever()])
            crowd = await beside(stack, self._crowd())
            async with AsyncExitStack() as troubled:
                organizer, *_ = await beside(troubled, [self.organizer.forever()])
                trouble, *_ = await beside(troubled, [self.trouble.goes_on()])
                await self._last(on_progress, [organizer, trouble, *crowd])
                self.trouble.ending = True
                await trouble
            await self._calm(crowd)
        return await self._judge()

    async def _last(self, on_progress: Progress, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Wait until the time is over and everything has happened at least once, or that takes too long."""
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < self.plan.seconds or (
            not all(self.ingredients.values()) and passed < self.plan.seconds + COMPLETE_WITHIN * load()
        ):
            on_progress(passed, self.ingredients)
            self.stage.forget_calls()
            await asyncio.wait(tasks, timeout=1.0, return_when=asyncio.FIRST_EXCEPTION)
            raise_faults(tasks)

    def _crowd(self) -> Sequence[Coroutine[Any, Any, None]]:
        crowd, platforms = self.crowd, ("telegram", "discord")
        first = [crowd.lives(platform, EVERY_WISH) for platform in platforms]
        others = [crowd.lives(platforms[number % 2]) for number in range(len(first), self.plan.people)]
        return [*first, *others, crowd.plays_on_telegram(), crowd.plays_on_discord(), crowd.reads_pages()]

    async def _calm(self, crowd: Sequence[asyncio.Task[None]]) -> None:
        """Let people and workers finish."""
        self.crowd.ending = True
        await asyncio.wait(crowd, timeout=FINISHED_WITHIN * load())
        raise_faults(crowd)
        self.unserved = [
            f"{person.hands.signer.platform}: still wants to {person.wish}, and sees {person.hands.looks()}"
            for person in self.crowd.people
            if person.wish
        ]
        self.unready = await self.watch.unready()
        self.watch.ended += await self.stage.stop(self.stage.workers)
        database = Database(self.stage.database.url)
        try:
            _let_time_pass(database)
            for worker in self.stage.workers:
                worker.start()
                await until(worker.listens, f"{worker.name} listens")
            await _everything_is_sent(database)
        finally:
            database.close()

    async def _judge(self) -> Report:
        self.watch.ended += await self.stage.stop(self.stage.processes)
        services, vault = self.stage.services(), self.stage.vault()
        try:
            judgement = Checks(services, vault, self.crowd.people, self.organizer.bulletins).judge()
        finally:
            services.close()
        self.watch.ended += await self.passing.pass_by()
        for process in self.stage.processes:
            self.watch.look(process)
        return Report.of(self, judgement)


def _let_time_pass(database: Database, *, leases: bool = True) -> None:
    """Make all that waits due, and end the leases of workers that were killed."""
    now = dt.datetime.now(dt.UTC)
    with database.writing() as connection:
        if leases:
            past = now - dt.timedelta(seconds=1)
            connection.execute(sa.update(_outbox).where(_outbox.c.leased_until.is_not(None)).values(leased_until=past))
        connection.execute(sa.update(_outbox).where(_outbox.c.state == State.WAITING.value).values(due=now))
        connection.commit()


async def _everything_is_sent(database: Database) -> None:
    """Wait until nothing is left to send; give up in the end, and leave it to the checks."""
    open_ = sa.select(sa.func.count()).select_from(_outbox).where(_TO_SEND, _outbox.c.finished_at.is_(None))

    async def is_over() -> bool:
        _let_time_pass(database, leases=False)
        await asyncio.sleep(0.5)
        with database.reading() as connection:
            return bool(connection.execute(open_).scalar_one() == 0)

    latest = time.monotonic() + FINISHED_WITHIN * load()
    while time.monotonic() < latest and not await is_over():
        pass


async def beside(stack: AsyncExitStack, acts: Sequence[Coroutine[Any, Any, None]]) -> list[asyncio.Task[None]]:
    """Run beside the block; cancelled at its end."""
    tasks = [asyncio.create_task(act) for act in acts]
    stack.push_async_callback(_cancel, tasks)
    return tasks


def raise_faults(*groups: Sequence[asyncio.Task[None]]) -> None:
    """Raise what a task that has ended raised."""
    for task in chain(*groups):
        if task.done():
            task.result()


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


async def soak(folder: Path, plan: Plan, on_progress: Progress = lambda _, __: None) -> Report:
    """Run one soak; the folder keeps the logs."""
    with DATABASES[plan.database](folder) as database:
        async with set_up(database, folder) as stage:
            return await Soak(stage, plan).run(on_progress)
