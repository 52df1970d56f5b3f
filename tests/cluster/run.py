"""One run: people sign through all three ways while one kill follows another; then the checks."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from tests.cluster.kills import Killer, Kind, endless
from tests.cluster.report import Kill, Report
from tests.cluster.stage import Stage, set_up
from tests.cluster.waits import TimedHands, Wait
from tests.patience import load, until
from tests.soak.checks import Checks
from tests.soak.identity import FIRST, FIRST_TELEGRAM_ID, Identity
from tests.soak.run import beside, raise_faults
from tests.soak.signers import Person, Wish, random_wishes
from tests.soak.watch import Watch

FINISHED_WITHIN = 60.0  # seconds for all that people began, on a machine with nothing else to do
REST = 2.0  # seconds at most between two kills
Progress: TypeAlias = Callable[[int, Mapping[str, int], str], None]
"""Told of the number of kills, the wishes that came true so far, and what the last kill led to."""


@dataclass(frozen=True)
class Plan:
    """A run: how many kills, its seed, how many people sign at any time in each way, and Patroni's `ttl`.

    With no `ttl`, it is the one that we ship. `orphans` are explained at Killer; `only` these kinds are killed.
    """

    kills: int
    seed: int
    people: int
    ttl: int | None
    orphans: bool
    only: tuple[Kind, ...] = tuple(Kind)

    @property
    def again(self) -> str:
        """The command that makes the same random choices."""
        options = f"--kills {self.kills} --seed {self.seed} --people {self.people}"
        ttl = "" if self.ttl is None else f" --ttl {self.ttl}"
        only = "" if self.only == tuple(Kind) else "".join(f" --only {kind.name.lower()}" for kind in self.only)
        return f"python -m tests.cluster {options}{ttl}{only}{' --orphans' * self.orphans}"


class Crowd:
    """People who sign, withdraw, and erase, through all ways."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance, self._numbers = stage, chance, count(1)
        self.people: list[Person] = []
        self.waits: list[Wait] = []
        self.served = Counter(dict.fromkeys(map(str, Wish), 0))
        self.ending = False

    @property
    def accounts(self) -> set[str]:
        """Ids that no log may contain."""
        return {person.hands.signer.user_id for person in self.people}

    async def lives(self, way: str) -> None:
        """One person after another signs, until the run ends; the last one finishes."""
        while not self.ending:
            who = Identity(next(self._numbers))
            account = self._stage.telegrams[way].person(FIRST_TELEGRAM_ID + who.number, FIRST, who.last_name)
            person = Person(
                TimedHands(account.private_chat(), way, self.waits.append), who, random.Random(self._chance.random()),
                reads_updates=self._chance.random() < 0.5,
            )  # fmt: skip
            self.people.append(person)
            await person.live(random_wishes(self._chance), self._on_done)

    def _on_done(self, done: str) -> None:
        wish = done.partition(":")[0]
        if wish in self.served:
            self.served[wish] += 1

    @property
    def unserved(self) -> list[str]:
        """People whose wish has not come true although nothing troubles the cluster any more."""
        return [
            f"{person.hands.signer.user_id[-4:]}: still wants to {person.wish}, and sees {person.hands.looks()}"
            for person in self.people
            if person.wish
        ]


class Run:
    """All that takes part in one run."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self._stage, self._plan = stage, plan
        self._chance = random.Random(plan.seed)
        self._crowd = Crowd(stage, random.Random(self._chance.random()))
        chance = random.Random(self._chance.random())
        self._killer = Killer(stage.cluster, chance, orphans=plan.orphans)
        self._watch = Watch(stage.processes, lambda: self._crowd.accounts)
        self._kills: list[Kill] = []

    async def run(self, on_progress: Progress) -> Report:
        """Run to the end. Raises TimeoutError if the cluster does not recover from a kill."""
        async with AsyncExitStack() as stack:
            await beside(stack, [self._watch.forever()])
            crowd = await beside(stack, self._people())
            await self._kill(on_progress, crowd)
            self._crowd.ending = True
            await asyncio.wait(crowd, timeout=FINISHED_WITHIN * load())
            raise_faults(crowd)
            unserved, unready = self._crowd.unserved, await self._watch.unready()
        return await self._judge({"people not served": unserved, "processes not ready": unready})

    def _people(self) -> Sequence[Coroutine[Any, Any, None]]:
        return [self._crowd.lives(way) for way in self._stage.telegrams for _ in range(self._plan.people)]

    async def _kill(self, on_progress: Progress, crowd: Sequence[asyncio.Task[None]]) -> None:
        kinds = endless(self._chance, self._plan.only)
        await self._everyone_is_served()
        for number in range(self._plan.kills):
            await asyncio.sleep(self._chance.uniform(0.0, REST))
            kind, begun = next(kinds), time.monotonic()
            await self._killer.kill(kind)
            await self._stage.cluster.becomes_whole()
            kill = Kill(kind, begun, time.monotonic())
            self._kills.append(kill)
            await self._everyone_is_served()
            on_progress(number + 1, self._crowd.served, kill.told(self._crowd.waits, list(self._stage.telegrams)))
            self._stage.forget_calls()
            raise_faults(crowd)

    async def _everyone_is_served(self) -> None:
        """Wait until the bot answers people in every way, so that each kill meets people who sign."""
        for way in self._stage.telegrams:
            now = time.monotonic()
            await until(partial(self._has_served, way, now), f"people are served through {way}")

    def _has_served(self, way: str, since: float) -> bool:
        return any(wait.way == way and wait.begun > since for wait in reversed(self._crowd.waits[-200:]))

    async def _judge(self, found: Mapping[str, Sequence[str]]) -> Report:
        ended = await self._stage.stop()
        for process in self._stage.processes:
            self._watch.look(process)
        services = self._stage.services()
        try:
            judged = Checks(services, self._stage.vault(), self._crowd.people, []).judge().found
        finally:
            services.close()
        watched = {
            "unhandled exceptions": self._watch.tracebacks,
            "processes that ended by themselves": [*self._watch.ended, *ended],
            "personal data in logs and metrics": self._watch.leaks,
        }
        receipts = sum(len(person.memory.shown) for person in self._crowd.people)
        done = {**self._crowd.served, "signatures confirmed to people": receipts}
        findings = {**judged, **found, **watched}
        ways, waits = list(self._stage.telegrams), self._crowd.waits
        return Report(self._plan.again, done, self._plan.kills, self._kills, ways, waits, findings)


async def run(folder: Path, plan: Plan, on_progress: Progress = lambda *_: None) -> Report:
    """Make one run; the folder keeps the logs."""
    async with set_up(folder, plan.ttl) as stage:
        return await Run(stage, plan).run(on_progress)
