"""A bot in a process of its own on a load server in ours: what it does, and what that costs it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests.bench.telegram import bots
from tests.bench.telegram.chats import Chat, Step
from tests.bench.telegram.server import LoadServer, Played

STOP_SECONDS = 20.0
_HERE = Path(__file__).parents[3]


@dataclass(frozen=True)
class BotProcess:
    """A running bot; all servers share the event loop of the runner."""

    kind: str
    runner: asyncio.Runner
    server: LoadServer
    process: psutil.Process

    def play(self, chats: Sequence[Chat], steps: Sequence[Step], at_once: int) -> tuple[Played, float]:
        """Let people take these steps; what happened, and the seconds of CPU that the bot spent."""
        before = self.cpu_seconds()
        played = self.runner.run(self.server.play(chats, steps, at_once))
        return played, self.cpu_seconds() - before

    def cpu_seconds(self) -> float:
        """What the process has spent so far, in its own code and in the system's."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """The resident memory at present, in bytes."""
        return int(self.process.memory_info().rss)


@contextmanager
def running(kind: str, runner: asyncio.Runner, environment: Mapping[str, str], folder: Path) -> Iterator[BotProcess]:
    """Start a bot, wait until it has nothing to do, and stop it in the end."""
    server = LoadServer()
    runner.run(server.start())
    log = folder / f"{kind}.log"
    command = [sys.executable, "-m", bots.__name__, kind, server.root]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=_HERE, env=dict(environment), stdout=output, stderr=output)
    try:
        runner.run(server.idle())
        yield BotProcess(kind, runner, server, psutil.Process(process.pid))
    except TimeoutError:
        raise RuntimeError(f"{kind} did not answer:\n{log.read_text('utf-8')[-2000:]}") from None
    finally:
        process.terminate()
        runner.run(_until_over(process))
        runner.run(server.stop())


async def _until_over(process: subprocess.Popen[bytes]) -> None:
    """The server answers meanwhile: a bot says good-bye to it."""
    try:
        await asyncio.wait_for(asyncio.to_thread(process.wait), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        process.wait()
