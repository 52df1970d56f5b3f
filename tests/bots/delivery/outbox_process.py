"""A worker in a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from contextlib import suppress
from pathlib import Path

from bots.common.service_threads import ServiceThreads
from bots.delivery.handling import Pace
from bots.delivery.worker import Worker
from core.outbox import ClaimedEntry
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.patience import load

PACE = Pace(batch=200, at_once=50, lease=dt.timedelta(seconds=6 * load()), poll=0.1, tries=100)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def work(url: str, key: str, file: str, name: str) -> None:
    """Work until told to stop.

    Each entry that it handles becomes a line of `file`, written by one call of the system. SIGTERM stops it in good
    order, from the moment on when the file `file`.`name` exists.
    """
    asyncio.run(_work(url, key, file, name))


async def _work(url: str, key: str, file: str, name: str) -> None:
    lines = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def handle(entry: ClaimedEntry) -> None:
        os.write(lines, f"{entry.topic} {entry.key}\n".encode())
        await asyncio.sleep(0.002)  # so that workers are killed in the midst of it

    database, vault = Database(url), Vault([key])
    threads = ServiceThreads(database.writers, database.together)
    handlers = {"card": handle, "post": handle}
    worker = Worker(threads, lambda: SqlUnitOfWork(database, vault), now, lambda: 0.5, name, handlers, PACE)
    task = asyncio.create_task(worker.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    Path(f"{file}.{name}").touch()  # noqa: ASYNC240  (nothing waits for it)
    with suppress(asyncio.CancelledError):
        await task
    threads.close()
    database.close()
