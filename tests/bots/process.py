"""`undersign run` as a process of its own, restarted as often as a test wants."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.command import environment, run
from tests.patience import patience, until


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
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *surfaces: str) -> None:
        """Start it, and wait until it shows itself."""
        before = self._starts()
        with self.log.open("ab") as log:
            self.process = process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bots", "run", *surfaces, stdout=log, stderr=log, cwd=self._folder,
                env=environment(self._folder, LOG_LEVEL="DEBUG", **self._settings),
            )  # fmt: skip
        await until(lambda: self._starts() != before or process.returncode is not None, "the bot has started")
        assert process.returncode is None, self.log.read_text(encoding="utf-8")

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
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        async with patience():
            return await self.process.wait()
