"""The bot wipes traces now and then, and goes on after any failure."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bots.app.traces import AGAIN, EVERY, keep_wiping
from core.errors import StorageUnavailableError
from tests.command import run

SIGNS = "Sign\nAda Lovelace\n90210\nConfirm\n"


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


@pytest.mark.process
def test_forget_says_if_a_reader_keeps_traces(tmp_path: Path) -> None:
    run(tmp_path, "try", "--signer", "ada", stdin=SIGNS)
    with closing(sqlite3.connect(tmp_path / "undersign.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM signers").fetchall()
        done = run(tmp_path, "forget", "terminal:ada", "--yes")
    assert done.returncode == 0
    assert done.stdout.endswith("Erased 1 signature and everything else about this account.\n")
    assert done.stderr.startswith("undersign: others are using the database, so its files still hold traces")
    wiped = run(tmp_path, "forget", "--expired")
    assert (wiped.returncode, wiped.stderr) == (0, "")
