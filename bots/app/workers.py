"""The workers of a process, one per configured platform."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from bots.app.components import MESSENGERS, load
from bots.delivery.sending import Messenger, run_worker
from bots.process import Process


async def start(process: Process) -> None:
    """Run until cancelled. If one platform can't be reached, the other continues; if one fails, all stop in order."""
    settings = process.services.settings
    messengers: list[AbstractAsyncContextManager[Messenger]] = [
        load(component.module).connect(process)
        for component in MESSENGERS.values()
        if component.is_configured(settings)
    ]
    workers = [
        asyncio.ensure_future(run_worker(process.services, process.threads, messenger)) for messenger in messengers
    ]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
