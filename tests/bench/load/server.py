"""The common half of the lean servers for load: people who go on after each reply, and the HTTP below them."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from aiohttp import web

SILENCE_SECONDS = 300.0  # after which a bot that does not answer has failed
_KEPT_OPEN = 3600.0


class Person(Protocol):
    """Person who takes one step after another."""

    id: int
    steps: Iterator[Any]


PersonT = TypeVar("PersonT", bound=Person)
StepT = TypeVar("StepT")


@dataclass(frozen=True, slots=True)
class PlayResult:
    """Result of a play: seconds from the first step to the last reply, steps, and the bot's calls by name."""

    seconds: float
    steps: int
    calls: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.steps / self.seconds


class LoadServer(ABC, Generic[PersonT, StepT]):
    """Plays people for one bot, and checks nothing; a step is done when every reply to it was received and answered."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.people: dict[int, PersonT] = {}
        self.changed = asyncio.Condition()
        self._coming: Iterator[PersonT] = iter(())
        self._busy = self._done = 0
        self._failure: Exception | None = None

    @property
    def settings(self) -> dict[str, str]:
        """Settings that the bot needs for this server, as variables."""
        return {}

    @abstractmethod
    def begin(self, person: PersonT, step: StepT) -> None:
        """Begin a step of a person: send its update to the bot."""

    @abstractmethod
    async def receive(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a call of the bot's."""

    @abstractmethod
    def rests(self) -> bool:
        """Return true when the bot is here and has received every update."""

    async def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        server = web.Server(self._receive, handler_cancellation=True, access_log=None, keepalive_timeout=_KEPT_OPEN)
        self._runner = web.ServerRunner(server)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection."""
        await self._runner.cleanup()

    async def idle(self) -> None:
        """Wait until the bot has nothing to do."""
        async with asyncio.timeout(SILENCE_SECONDS), self.changed:
            await self.changed.wait_for(self.rests)

    async def play(self, people: Sequence[PersonT], steps: Sequence[StepT], at_once: int) -> PlayResult:
        """Let everybody take all steps, each after the reply to the one before, so many people at once."""
        for person in people:
            self.people[person.id], person.steps = person, iter(steps)
        before, self._done, self._busy = self.calls.copy(), 0, min(at_once, len(people))
        self._coming = iter(people)
        begun = time.perf_counter()
        for _ in range(self._busy):
            self._proceed(next(self._coming))
        async with asyncio.timeout(SILENCE_SECONDS), self.changed:
            self.changed.notify_all()
            await self.changed.wait_for(lambda: not self._busy or self._failure)
        seconds = time.perf_counter() - begun
        if self._failure:
            raise self._failure
        await self.idle()
        for person in people:
            del self.people[person.id]
        return PlayResult(seconds, self._done, self.calls - before)

    def _proceed(self, person: PersonT) -> None:
        """The next step of this person, else the first one of another."""
        step = next(person.steps, None)
        while step is None:
            following = next(self._coming, None)
            if following is None:
                self._busy -= 1
                return
            person, step = following, next(following.steps, None)
        self.begin(person, step)

    async def replied(self, person: PersonT) -> None:
        """Every reply to what this person did is there: the next step."""
        self._done += 1
        self._proceed(person)
        await self.look_again()

    async def look_again(self) -> None:
        """Wake all waiting tasks, so that they check their condition again."""
        async with self.changed:
            self.changed.notify_all()

    async def _receive(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self.receive(request)
        except Exception as failure:
            self._failure = failure  # ends what is being played
            await self.look_again()
            raise
