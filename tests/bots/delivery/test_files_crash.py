"""A worker is killed in the midst of a file: another one makes it again, and nothing is left behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.delivery.work_folders import sweep
from core.outbox import State
from tests.bots.delivery import file_process
from tests.bots.delivery.file_worker import counts
from tests.bots.signers import signatures, store
from tests.command import fork
from tests.patience import limit, until
from tests.scenarios.stage import TelegramTheatre
from tests.world import World

pytestmark = pytest.mark.process


@pytest.mark.parametrize("form", ["csv", "pdf"])
async def test_after_kill_9_another_worker_delivers(form: str, tmp_path: Path) -> None:
    with closing(build(Settings(data_dir=tmp_path, organizers="telegram:99"))) as services:
        world = World(work=services.signing.work)
        store(world, signatures(20))
        async with TelegramTheatre(world, services).playing() as theatre:
            chat = theatre.server.person(99, "Olga").private_chat()
            await chat.send("/start")
            await chat.send(f"/export {form}")
            worker = await asyncio.to_thread(fork, file_process.work, theatre.server.root, tmp_path)
            try:
                await until((tmp_path / "half").exists, "half a file is written")
            finally:
                worker.kill()
                await asyncio.to_thread(worker.join)
            assert counts(services, "telegram") == {State.SENDING: 1}
            assert sweep(services.workshop) == 1
            await theatre.files_arrive(services.workshop)
            assert [message.text for message in chat.messages if "document" in message.extra] == [""]
            assert chat.last.text == "1 file, 17 signatures."
            assert list(services.workshop.iterdir()) == []


PRESSING = """
import os, time
from bots.papers import press
process = press._start()
print(process.submit(os.getpid).result(), flush=True)
time.sleep(60)
"""


def test_the_press_ends_with_a_killed_worker() -> None:
    with subprocess.Popen([sys.executable, "-c", PRESSING], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        try:
            press = psutil.Process(int(killed.stdout.readline()))
        finally:
            killed.kill()
        press.wait(timeout=limit())
