"""People who read beside those who sign: pages and counts, asked for at an even rate from the web front."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from http import HTTPStatus
from itertools import count
from typing import TypeVar

import aiohttp

from tests.bench.workbench import SLUG

A_SECOND = 100
PATHS = (f"/p/{SLUG}", f"/p/{SLUG}/count.json")
T = TypeVar("T")


class Readers:
    """Asks for the paths by turns; `waits` are the seconds until each whole answer."""

    def __init__(self, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self.waits: list[float] = []
        self.failed = 0

    async def beside(self, work: Awaitable[T]) -> T:
        """Read for as long as the work takes; what it returns."""
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(session, group))
            try:
                return await work
            finally:
                reading.cancel()

    async def _read(self, session: aiohttp.ClientSession, group: asyncio.TaskGroup) -> None:
        begun = time.perf_counter()
        for number in count():
            await asyncio.sleep(begun + number / A_SECOND - time.perf_counter())
            group.create_task(self._ask(session, PATHS[number % len(PATHS)]))

    async def _ask(self, session: aiohttp.ClientSession, path: str) -> None:
        begun = time.perf_counter()
        with suppress(aiohttp.ClientError):
            async with session.get(self._root + path) as answer:
                await answer.read()
                if answer.status == HTTPStatus.OK:
                    self.waits.append(time.perf_counter() - begun)
                    return
        self.failed += 1
