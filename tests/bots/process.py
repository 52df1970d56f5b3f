"""`undersign run` as a process of its own, restarted as often as a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.command import environment, run, start
from tests.patience import until


def log_contains(log: Path, words: str) -> bool:
    """Tell whether the log contains these words yet."""
    return log.exists() and words in log.read_text(encoding="utf-8")


def let_people_hurry(folder: Path, **settings: str) -> None:
    """Let an organizer allow people to sign as quickly as tests do."""
    stdin, organizers = "/review set too_fast 0\n", "terminal:olga"
    done = run(folder, "try", "--signer", "olga", stdin=stdin, ORGANIZERS=organizers, **settings)
    assert "signed faster than anyone can read: off" in done.stdout


class BotProcess:
    """The real command; `starts` counts the calls that a bot makes when it starts."""

    def __init__(self, folder: Path, settings: Mapping[str, str], starts: Callable[[], int]) -> None:
        self._folder, self._settings, self._starts = folder, settings, starts
        self.log = folder / "bot.log"
        self.process: ForkServerProcess | None = None

    async def start(self, *surfaces: str) -> None:
        """Start it, and wait until it shows itself."""
        before = self._starts()
        environ = environment(self._folder, LOG_LEVEL="DEBUG", **self._settings)
        self.process = process = start(self._folder, environ, ["run", *surfaces], self.log, self.log)
        await until(lambda: self._starts() != before or process.exitcode is not None, "the bot has started")
        assert process.exitcode is None, self.log.read_text(encoding="utf-8")

    @asynccontextmanager
    async def running(self, *surfaces: str) -> AsyncIterator[None]:
        """Start it; whatever becomes of the test, nothing of it is left running."""
        try:
            await self.start(*surfaces)
            yield
        finally:
            await self.kill()

    async def kill(self) -> None:
        """Kill -9, unless it has ended."""
        if self.process:
            self.process.kill()
            await asyncio.to_thread(self.process.join)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        process = self.process
        assert process
        process.terminate()
        await until(lambda: process.exitcode is not None, "the bot has ended")
        return process.exitcode or 0
