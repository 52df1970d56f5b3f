"""Pages are read one by one, with rests that grow with the time that reading takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bots.common.slow_reading import read_slowly


async def test_each_page_is_followed_by_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, now, rests = asyncio.get_running_loop(), [0.0], list[float]()

    def pages() -> Iterator[str]:
        for seconds in (1, 2):
            now[0] += seconds
            yield "x" * seconds

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(loop, "time", lambda: now[0])
    monkeypatch.setattr(asyncio, "sleep", rest)
    read = []
    async for page in read_slowly(pages(), 3):
        now[0] += 100  # the time that the reader takes needs no rest
        read.append(page)
    assert read == ["x", "xx"]
    assert rests == [3, 6]
