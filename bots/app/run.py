"""Runs the surfaces that are configured side by side, until one fails or the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Iterator, Sequence

import uvloop

from bots.app.components import COMPONENTS, load
from bots.app.monitor import Monitor
from bots.app.sealed_rows import SealedRows
from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.delivery.work_folders import sweep
from bots.process import Process
from bots.services import Services
from core.errors import ConfigurationError, StorageUnavailableError

log = logging.getLogger(__name__)

RETENTION_EVERY = 3600.0  # seconds between two looks for data that must not be kept any longer


def run(services: Services, wanted: Sequence[str]) -> None:
    """Run the wanted components (bots.app.components), or all that are configured. Raises ConfigurationError."""
    uvloop.run(_run(services, wanted))


async def _run(services: Services, wanted: Sequence[str]) -> None:
    settings = services.settings
    _check(wanted, settings)
    sweep(services.workshop)
    threads = ServiceThreads(services.database.writers, services.database.together, services.metrics.count_outcome)
    listener = _listener(settings, "WEB_PORT", settings.web_port)
    process = Process(services, threads, listener)
    try:
        running: list[Awaitable[None]] = [
            load(component.module).start(process)
            for name, component in COMPONENTS.items()
            if component.is_configured(settings) and (not wanted or name in wanted)
        ]
        if listener and listener.is_needed:
            running.append(listener.run())
        sealed = SealedRows(services.queries.unopened)
        running += [_erase_expired(services, threads), sealed.run(), *_watched(services, threads, sealed)]
        tasks = [asyncio.ensure_future(coroutine) for coroutine in running]
        settle_memory()
        await _until_stopped(tasks)
    finally:
        threads.close()


def _watched(services: Services, threads: ServiceThreads, sealed: SealedRows) -> Iterator[Awaitable[None]]:
    """The web server for health checks and figures, if there is a port for it."""
    listener = _listener(services.settings, "METRICS_PORT", services.settings.metrics_port)
    if listener:
        listener.add(Monitor(services, threads, sealed).routes)
        yield listener.run()


def _listener(settings: Settings, setting: str, port: int | None) -> Listener | None:
    """A web server, if there is a port for it."""
    return None if port is None else Listener(settings.web_host, port, setting)


def settle_memory() -> None:
    """Tell the garbage collector to skip what exists after the start, since all of that stays."""
    gc.collect()
    gc.freeze()


def _check(wanted: Sequence[str], settings: Settings) -> None:
    for name in wanted:
        if not COMPONENTS[name].is_configured(settings):
            raise ConfigurationError(f"{COMPONENTS[name].variables} is not set, so {name} cannot be started.")
    if not any(component.is_configured(settings) for component in COMPONENTS.values()):
        names = (
            ", ".join(COMPONENTS[name].variables for name in ("telegram", "discord"))
            + f" or {COMPONENTS['web'].variables}"
        )
        raise ConfigurationError(f"Nothing is configured to run: set {names}. `undersign try` needs no setting.")


async def _until_stopped(tasks: Sequence[asyncio.Future[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    stopped = asyncio.ensure_future(_set(stop))
    done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping: what is in hand is finished first")
    for task in (stopped, *tasks):
        task.cancel()
    await asyncio.gather(stopped, *tasks, return_exceptions=True)
    for task in done - {stopped}:
        task.result()  # a surface that ended by itself has failed, and says how


async def _set(event: asyncio.Event) -> None:
    await event.wait()


async def _erase_expired(services: Services, threads: ServiceThreads) -> None:
    while True:
        try:
            for slug, count in (await threads.run(services.erase_expired)).items():
                log.info("%s: the retention is over; the personal data of %d signatures is erased", slug, count)
        except StorageUnavailableError as error:
            log.warning("what must not be kept any longer was not erased yet: %s", error)
        await asyncio.sleep(RETENTION_EVERY)
