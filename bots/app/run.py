"""Runs the components that are configured side by side, until the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import Any

import uvloop

from bots.app.components import COMPONENTS, WORKER, load
from bots.app.monitor import Monitor
from bots.app.workers import workers
from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.common.supervisor import Start
from bots.delivery.work_folders import sweep
from bots.process import Process
from bots.services import Services
from core.errors import ConfigurationError, StorageUnavailableError

log = logging.getLogger(__name__)

RETENTION_EVERY = 3600.0  # seconds between two looks for data that must not be kept any longer


def run(services: Services, wanted: Sequence[str]) -> None:
    """Run the wanted components (bots.app.components), or all that are configured. Raises ConfigurationError."""
    _check(wanted, services.settings)
    uvloop.run(_run(services, wanted))


async def _run(services: Services, wanted: Sequence[str]) -> None:
    stop = _stop_signal()
    threads = ServiceThreads(services.database.writers, services.database.together, services.metrics.count_outcome)
    web_port = _listener("WEB_PORT", services.settings.web_host, services.settings.web_port)
    metrics_port = _listener("METRICS_PORT", services.settings.metrics_host, services.settings.metrics_port)
    try:
        components = dict(_components(Process(services, threads, web_port), wanted))
        helpers: dict[str, Start] = {"retention": partial(_erase_expired, services, threads)}
        if web_port and web_port.is_needed:
            web_port.bind()
            helpers["web-server"] = web_port.run
        if metrics_port:
            metrics_port.bind()
            metrics_port.add(Monitor(services, threads).routes)
            helpers["metrics-server"] = metrics_port.run
        sweep(services.workshop)
        services.metrics.watch_health(services.supervisor.health)
        settle_memory()
        await _until_stopped(stop, services.supervisor.run(components, helpers))
    finally:
        for listener in filter(None, (web_port, metrics_port)):
            listener.close()
        threads.close()


def _components(process: Process, wanted: Sequence[str]) -> Iterator[tuple[str, Start]]:
    """Everything that the process is started for, by the names that /readyz knows."""
    settings = process.services.settings
    for name, component in COMPONENTS.items():
        if component.is_configured(settings) and (not wanted or name in wanted):
            if name == WORKER:
                yield from workers(process)
            else:
                yield name, Restartable(partial(load(component.module).prepare, process))


class Restartable:
    """Runs what `prepare` makes, which is made anew for each run; the first one at once."""

    def __init__(self, prepare: Callable[[], Start]) -> None:
        self._prepare = prepare
        self._first: Start | None = prepare()

    async def __call__(self) -> None:
        """Run until cancelled."""
        start, self._first = self._first or self._prepare(), None
        await start()


def _listener(setting: str, host: str, port: int | None) -> Listener | None:
    """A web server, if there is a port for it."""
    return None if port is None else Listener(host, port, setting)


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


def _stop_signal() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


async def _until_stopped(stop: asyncio.Event, running: Coroutine[Any, Any, None]) -> None:
    """Run until told to stop; what is in hand is then finished. Raises ConfigurationError for a wrong setting."""
    task, stopped = asyncio.create_task(running), asyncio.create_task(_set(stop))
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        log.info("stopping: what is in hand is finished first")
    for either in (task, stopped):
        either.cancel()
    await asyncio.wait([task, stopped])
    if not task.cancelled():
        task.result()


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
