"""The bot wipes traces now and then, and goes on after any failure."""

from __future__ import annotations

import asyncio

import pytest

from bots.app.traces import AGAIN, EVERY, keep_wiping
from core.errors import StorageUnavailableError


async def test_it_tries_again_soon_if_someone_was_in_the_way(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([False, StorageUnavailableError("a name"), True, True])
    pauses = list[float]()

    def wipe() -> bool:
        answer = next(answers)
        if isinstance(answer, StorageUnavailableError):
            raise answer
        return bool(answer)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 5:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await keep_wiping(wipe, pause)
    assert pauses == [EVERY, AGAIN, AGAIN, EVERY, EVERY]
    assert "could not wipe the traces of erased data yet: StorageUnavailableError" in caplog.text
    assert "a name" not in caplog.text
