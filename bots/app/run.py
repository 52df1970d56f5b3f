"""Runs the configured components side by side, until the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import uvloop

from bots.app.components import COMPONENTS, SOURCES, WORKER, Component, load
from bots.app.monitor import ROUTES_WHILE_OPENING, Monitor
from bots.app.outages import OutageReporter
from bots.app.publishing import publish_forever
from bots.app.retention import erase_forever
from bots.app.sealed_rows import SealedRows, keep_resealing
from bots.app.traces import keep_wiping
from bots.app.workers import workers
from bots.common.listener import Listener
from bots.common.patience import Backoff
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.common.supervisor import Start, Supervisor
from bots.delivery.work_folders import sweep
from bots.process import Process
from bots.services import Services
from core.errors import ConfigurationError, StorageUnavailableError
from core.organizer.outage import OutageService

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """Opens the services of a process.

    Both raise StorageUnavailableError while the database isn't up. `reach` tells this from a database that refuses us,
    which is a ConfigurationError.
    """

    supervisor: Supervisor
    reach: Callable[[], None]
    build: Callable[[], Services]


def run(settings: Settings, wanted: Sequence[str], opening: Opening) -> None:
    """Run the wanted components (bots.app.components), or all that are configured. Raises ConfigurationError."""
    _check(wanted, settings)
    uvloop.run(_until_stopped(settings, wanted, opening))


async def _until_stopped(settings: Settings, wanted: Sequence[str], opening: Opening) -> None:
    """Run until told to stop, then finish what is in progress. Raises ConfigurationError for a wrong setting."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    stopped, task = asyncio.create_task(_set(stop)), asyncio.create_task(_run(settings, wanted, opening))
    await asyncio.wait([stopped, task], return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        log.info("stopping after finishing what is in progress")
    for either in (stopped, task):
        either.cancel()
    await asyncio.wait([stopped, task])
    if not task.cancelled():
        task.result()


async def _set(event: asyncio.Event) -> None:
    await event.wait()


async def _run(settings: Settings, wanted: Sequence[str], opening: Opening) -> None:
    chosen = {
        name: component
        for name, component in COMPONENTS.items()
        if component.is_configured(settings) and (name in wanted if wanted else not component.alone)
    }
    listens = any(component.listens(settings) for component in chosen.values())
    web_port = _listener("WEB_PORT", settings.web_host, settings.web_port if listens else None)
    metrics_port = _listener("METRICS_PORT", settings.metrics_host, settings.metrics_port)
    with ExitStack() as ports:
        for listener in filter(None, (web_port, metrics_port)):  # before anything else says a word
            listener.bind()
            ports.callback(listener.close)
        if metrics_port:
            metrics_port.add(ROUTES_WHILE_OPENING)
        watched: dict[str, Start] = {"metrics-server": metrics_port.run} if metrics_port else {}
        async with opening.supervisor.helping(watched):
            services = await _open(opening)
            for sentence in services.left_out.values():
                log.warning("%s", sentence)
            try:
                await _serve(services, chosen, web_port, metrics_port)
            finally:
                services.close()


async def _open(opening: Opening) -> Services:
    """The services, as soon as the database is up."""
    backoff, waited = Backoff(log, "waiting for the database, which isn't up yet"), False
    while True:
        try:
            services = await asyncio.to_thread(_attempt, opening)
        except StorageUnavailableError as error:
            waited = True
            await backoff.pause("unavailable", str(error).rstrip("."))
        else:
            break
    if waited:
        log.warning("the database is up")
    return services


def _attempt(opening: Opening) -> Services:
    opening.reach()
    return opening.build()


async def _serve(
    services: Services, chosen: Mapping[str, Component], web_port: Listener | None, metrics_port: Listener | None
) -> None:
    threads = ServiceThreads(services.database.writers, services.database.together, services.metrics.count_outcome)
    try:
        components = dict(_components(Process(services, threads, web_port), chosen))
        sealed = SealedRows(services.queries.unopened)
        is_alone = any(component.alone for component in chosen.values())
        helpers = {} if is_alone else _helpers(services, threads, sealed)
        if web_port:
            helpers["web-server"] = web_port.run
        if metrics_port:
            metrics_port.add(Monitor(services, threads, sealed).routes)
        sweep(services.workshop)
        services.metrics.watch_health(services.supervisor.health)
        services.metrics.watch_folder(services.settings.data_dir)
        settle_memory()
        await services.supervisor.run(components, helpers)
    finally:
        threads.close()


def _helpers(services: Services, threads: ServiceThreads, sealed: SealedRows) -> dict[str, Start]:
    """Everything that a process does beside its components."""
    reporter = OutageReporter(
        services.supervisor.health, OutageService(services.organizing), threads, services.signing.clock,
        services.left_out,
    )  # fmt: skip
    return {
        "retention": partial(erase_forever, services.retention, threads), "sealed-rows": sealed.run,
        "resealing": partial(keep_resealing, services.reseal),
        "traces": partial(keep_wiping, services.wipe_traces),
        "public-logs": partial(publish_forever, services, threads),
        "organizer-notices": reporter.forever,
    }  # fmt: skip


def _components(process: Process, chosen: Mapping[str, Component]) -> Iterator[tuple[str, Start]]:
    """Everything that the process was started for, by the names that /readyz knows."""
    for name, component in chosen.items():
        if name == WORKER:
            yield from workers(process)
        else:
            yield name, Restartable(partial(load(component.module).prepare, process))


class Restartable:
    """Runs what `prepare` returns. It calls `prepare` at once, and again for each further run."""

    def __init__(self, prepare: Callable[[], Start]) -> None:
        self._prepare = prepare
        self._first: Start | None = prepare()

    async def __call__(self) -> None:
        """Run until cancelled."""
        start, self._first = self._first or self._prepare(), None
        await start()


def _listener(setting: str, host: str, port: int | None) -> Listener | None:
    """A web server, if a port is set for it."""
    return None if port is None else Listener(host, port, setting)


def settle_memory() -> None:
    """Tell the garbage collector to skip everything that exists after startup, since it all stays."""
    gc.collect()
    gc.freeze()


def _check(wanted: Sequence[str], settings: Settings) -> None:
    if SOURCES in wanted and len(set(wanted)) > 1:
        raise ConfigurationError(
            "The checker of sources opens pages of strangers, so it runs in a process of its own: start "
            "`undersign run sources` beside the others."
        )
    for name in wanted:
        if not COMPONENTS[name].is_configured(settings):
            raise ConfigurationError(f"{COMPONENTS[name].variables} is not set, so {name} cannot start.")
    if wanted:
        return
    if not any(component.is_configured(settings) for component in COMPONENTS.values() if not component.alone):
        names = (
            ", ".join(COMPONENTS[name].variables for name in ("telegram", "discord"))
            + f" or {COMPONENTS['web'].variables}"
        )
        raise ConfigurationError(
            f"Nothing is configured to run: set {names} in the file .env here. `undersign try` needs no settings."
        )
