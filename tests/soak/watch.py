"""Watches the processes for tracebacks, personal data in logs and figures, and ends that nobody asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

import aiohttp

from tests.patience import until
from tests.soak.identity import personal_data
from tests.soak.processes import WatchedProcess

LOOK_EVERY = 2.0  # seconds
SCRAPED_WITHIN = 5.0  # seconds


class Watch:
    """Reads logs and figures as they come. `accounts` returns the ids that may not be in them."""

    def __init__(self, processes: list[WatchedProcess], accounts: Callable[[], Collection[str]]) -> None:
        self._processes, self._accounts = processes, accounts
        self.tracebacks: list[str] = []
        self.leaks: list[str] = []
        self.ended: list[str] = []
        self.lines = self.scrapes = 0

    async def forever(self) -> None:
        """Look until cancelled."""
        timeout = aiohttp.ClientTimeout(total=SCRAPED_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                for process in self._processes:
                    self.look(process)
                    self.read_figures(process, await process.figures(session))

    async def unready(self) -> list[str]:
        """The processes that are not ready although nothing troubles them, and what they say."""
        found: dict[str, str] = {}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SCRAPED_WITHIN)) as session:

            async def all_are_ready() -> bool:
                for process in self._processes:
                    found[process.name] = await process.readiness(session)
                return not any(found.values())

            with suppress(TimeoutError):
                await until(all_are_ready)
        return [f"{name}: {words}" for name, words in found.items() if words]

    def look(self, process: WatchedProcess) -> None:
        """Read what one process logged since the last look; start it again if it ended."""
        text = process.new_lines()
        self.lines += text.count("\n")
        self.tracebacks += [f"{process.name}: {error}" for error in _errors(text)]
        self._find_leaks(f"log of {process.name}", text)
        if process.exit_code is not None:
            last = text.strip().rpartition("\n")[2]
            self.ended.append(f"{process.name} ended with {process.exit_code}: {last}")
            process.start()

    def read_figures(self, process: WatchedProcess, text: str) -> None:
        """Search the figures of one process."""
        self.scrapes += bool(text)
        self._find_leaks(f"figures of {process.name}", text)

    def _find_leaks(self, place: str, text: str) -> None:
        accounts = self._accounts()
        if personal_data(text, accounts):
            lines = [line for line in text.splitlines() if personal_data(line, accounts)]
            self.leaks += [f"{place}: {line[:300]}" for line in lines]


def _errors(text: str) -> list[str]:
    """For each traceback, the first line after it that is not indented, with the line before it."""
    found, lines = [], text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("Traceback"):
            error = next((later for later in lines[number + 1 :] if not later.startswith((" ", "\t"))), "")
            found.append(f"{lines[number - 1][:150] if number else ''} / {error[:200]}")
    return found
