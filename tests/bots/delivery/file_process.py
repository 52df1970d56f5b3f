"""A worker to be killed in the midst of a file."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

from bots.app.bootstrap import build
from bots.common.progress_bar import OnProgress
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.delivery.exports import ExportedFile, Exporter, exporter_of
from bots.delivery.handling import Pace
from bots.telegram.calls import Calls
from bots.telegram.files import TelegramFiles
from bots.telegram.limiter import Limiter
from bots.telegram.transport import AiohttpRequest
from core.export.request import FileRequest
from tests.bots.delivery.file_worker import orders, worker
from tests.telegram_server import TOKEN


class HalfExporter(Exporter):
    """Makes half of it."""

    def make(
        self, request: FileRequest, folder: Path, progress: OnProgress, largest: int | None = None
    ) -> ExportedFile:
        made = super().make(request, folder, progress, largest)
        (folder.parents[1] / "half").touch()
        time.sleep(60)
        return made


def work(root: str, folder: Path) -> None:
    """Work for the fake Telegram at `root`. With half a file on disk, make `folder`/half, and wait to be killed."""
    asyncio.run(_work(root, folder))


async def _work(root: str, folder: Path) -> None:
    services = build(Settings(data_dir=folder, organizers="telegram:99"))
    threads = ServiceThreads(services.database.writers, services.database.together)
    exporter = exporter_of(services)
    half = HalfExporter(exporter.petitions, exporter.catalog, exporter.queries, exporter.clock)
    request = AiohttpRequest()
    await request.initialize()
    calls = Calls(request, Limiter(), f"{root}/bot{TOKEN}")
    handler = replace(orders(services, threads, TelegramFiles(calls), services.workshop), exporter=half)
    at_work = worker(services, handler)
    at_work.name, at_work.pace = "killed", Pace(poll=0.02, lease=dt.timedelta(seconds=1))
    await at_work.run()
