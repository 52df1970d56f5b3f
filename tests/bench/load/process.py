"""A bot in a process of its own on a load server in ours: what it does, and what that costs it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

import psutil  # type: ignore[import-untyped]

from tests.bench.load.server import LoadServer, PersonT, PlayResult, StepT
from tests.bench.workbench import Place, Workbench

STOP_SECONDS = 20.0
_HERE = Path(__file__).parents[3]


@dataclass(frozen=True)
class Platform(Generic[PersonT, StepT]):
    """A platform: its server, people who never met any bot of ours, and the module that is a bot."""

    name: str
    server: Callable[[], LoadServer[PersonT, StepT]]
    newcomers: Callable[[int], list[PersonT]]
    bots: str
    """Run as `python -m BOTS KIND ROOT`, with the server at ROOT."""


@dataclass(frozen=True)
class BotProcess(Generic[PersonT, StepT]):
    """A running bot; all servers share the event loop of the runner."""

    kind: str
    platform: Platform[PersonT, StepT]
    runner: asyncio.Runner
    server: LoadServer[PersonT, StepT]
    process: psutil.Process

    def play(self, people: Sequence[PersonT], steps: Sequence[StepT], at_once: int) -> tuple[PlayResult, float]:
        """Let people take these steps; return what happened and the CPU seconds of the bot."""
        before = self.cpu_seconds()
        played = self.runner.run(self.server.play(people, steps, at_once))
        return played, self.cpu_seconds() - before

    def cpu_seconds(self) -> float:
        """CPU seconds of the process so far, user and system."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """The resident memory at present, in bytes."""
        return int(self.process.memory_info().rss)


@dataclass(frozen=True)
class Launcher(Generic[PersonT, StepT]):
    """Starts bots of one platform."""

    platform: Platform[PersonT, StepT]
    bench: Workbench
    runner: asyncio.Runner

    @contextmanager
    def running(self, kind: str, place: Place) -> Iterator[BotProcess[PersonT, StepT]]:
        """Start a bot, wait until it has nothing to do, and stop it in the end."""
        server = self.platform.server()
        self.runner.run(server.start())
        log = self.bench.folder / f"{self.platform.name}-{kind}.log"
        command = [sys.executable, "-m", self.platform.bots, kind, server.root]
        environment = self.bench.environment(place.folder) | server.settings
        with log.open("ab") as output:
            process = subprocess.Popen(command, cwd=_HERE, env=environment, stdout=output, stderr=output)
        try:
            self.runner.run(server.idle())
            yield BotProcess(kind, self.platform, self.runner, server, psutil.Process(process.pid))
        except TimeoutError:
            raise RuntimeError(f"{kind} did not answer:\n{log.read_text('utf-8')[-2000:]}") from None
        finally:
            process.terminate()
            self.runner.run(_until_over(process))
            self.runner.run(server.stop())


async def _until_over(process: subprocess.Popen[bytes]) -> None:
    """The server answers meanwhile: a bot says good-bye to it."""
    try:
        await asyncio.wait_for(asyncio.to_thread(process.wait), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        process.wait()
