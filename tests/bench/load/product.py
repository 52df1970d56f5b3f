"""Undersign with one surface, in the process that it is measured in."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeAlias

import uvloop

from bots.app.bootstrap import build
from bots.app.run import settle_memory
from bots.common.log import start_logging
from bots.common.service_threads import ServiceThreads
from bots.common.settings import load_settings
from bots.services import Services
from tests.bench.workbench import CROWD

Start: TypeAlias = Callable[[Services, ServiceThreads], Coroutine[Any, Any, None]]
"""Makes a surface, and gives back what runs it."""


def run(start: Start) -> None:
    """Run a surface as `undersign run` does, until the process is told to stop."""
    settings = load_settings()
    start_logging(settings.log_level)
    services = build(settings, CROWD)
    threads = ServiceThreads(services.database.writers, services.database.together)
    uvloop.run(_until_stopped(start, services, threads))
    threads.close()
    services.close()


async def _until_stopped(start: Start, services: Services, threads: ServiceThreads) -> None:
    running = asyncio.create_task(start(services, threads))
    settle_memory()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
