"""A worker to be killed in the midst of a file: `python -m tests.bots.delivery.file_process ROOT FOLDER`.

ROOT is the fake Telegram. When half a file is on disk, FOLDER/half is there, and nothing goes on any more.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
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
from tests.bots.delivery.file_worker import orders, worker
from tests.telegram_server import TOKEN


class HalfExporter(Exporter):
    """Makes half of it."""

    def make(
        self, petition: str, form: str, locale: str, folder: Path, progress: OnProgress, largest: int | None = None
    ) -> ExportedFile:
        made = super().make(petition, form, locale, folder, progress, largest)
        (folder.parents[1] / "half").touch()
        time.sleep(60)
        return made


async def main(root: str, folder: Path) -> None:
    """Work until killed."""
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


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
