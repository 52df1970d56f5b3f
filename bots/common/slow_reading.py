"""Reads pages in a thread, with a rest after each, so that people are served meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar

_Page = TypeVar("_Page")


async def read_slowly(pages: Iterator[_Page], rest: float) -> AsyncGenerator[_Page, None]:
    """Yield each page; `rest` is the length of the rest after it, in multiples of the time that reading it took."""
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        page = await asyncio.to_thread(next, pages, None)
        if page is None:
            return
        took = loop.time() - begun
        yield page
        await asyncio.sleep(took * rest)
