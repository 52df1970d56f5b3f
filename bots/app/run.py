"""Runs the surfaces that are configured side by side, until one fails or the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

from bots.app.bootstrap import Services
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.delivery.sending import Messenger, run_worker
from bots.delivery.work_folders import sweep
from core.errors import ConfigurationError, StorageUnavailableError
from core.platforms import Platform

if TYPE_CHECKING:
    from bots.common.listener import Listener
    from bots.discord.connection import DiscordPlace
    from bots.telegram.limiter import Limiter

log = logging.getLogger(__name__)

RETENTION_EVERY = 3600.0  # seconds between two looks for data that must not be kept any longer


@dataclass(frozen=True)
class Process:
    """What the parts of one process share: services, threads, the web server, and the limits of one bot."""

    services: Services
    threads: ServiceThreads
    listener: Listener | None = None

    @cached_property
    def telegram_limiter(self) -> Limiter:
        """Telegram's limits are the bot's: replies and announcements of this process draw on the same."""
        from bots.telegram.limiter import Limiter  # noqa: PLC0415  (a library that only Telegram needs)

        return Limiter(waited=partial(self.services.metrics.waited, Platform.TELEGRAM))


Start: TypeAlias = Callable[[Process], Awaitable[None] | None]


async def run_surfaces(services: Services, wanted: Sequence[str]) -> None:
    """Run the wanted surfaces, all that are configured if none is named. Raises ConfigurationError."""
    sweep(services.workshop)
    threads = ServiceThreads(services.database.writers, services.database.together, services.metrics.told)
    listener = _listener(services.settings, "WEB_PORT", services.settings.web_port)
    process = Process(services, threads, listener)
    try:
        running = {name: start(process) for name, start in _STARTS.items() if not wanted or name in wanted}
        _check(wanted, running)
        tasks = [asyncio.ensure_future(surface) for surface in running.values() if surface]
        if listener and listener.is_needed:
            tasks.append(asyncio.ensure_future(listener.run()))
        tasks += [
            asyncio.ensure_future(one) for one in (_erase_expired(services, threads), *watched(services, threads))
        ]
        settle_memory()
        await _until_stopped(tasks)
    finally:
        threads.close()


def watched(services: Services, threads: ServiceThreads) -> Iterator[Awaitable[None]]:
    """What lets others watch over the process, whatever it runs; nothing where no port is set for it."""
    listener = _listener(services.settings, "METRICS_PORT", services.settings.metrics_port)
    if listener:
        from bots.app.monitor import Monitor  # noqa: PLC0415  (as below)

        listener.add(Monitor(services, threads).routes)
        yield listener.run()


def _listener(settings: Settings, setting: str, port: int | None) -> Listener | None:
    """A web server, if there is a port for it."""
    if port is None:
        return None
    from bots.common.listener import Listener  # noqa: PLC0415  (slow to load, and most commands serve nothing)

    return Listener(settings.web_host, port, setting)


def settle_memory() -> None:
    """Tell the collector that what stands after the start stays: it need not walk over it again and again."""
    gc.collect()
    gc.freeze()


def _check(wanted: Sequence[str], running: Mapping[str, Awaitable[None] | None]) -> None:
    missing = [name for name in wanted if running[name] is None]
    if missing:
        raise ConfigurationError(f"{_SETTINGS[missing[0]]} is not set, so {missing[0]} cannot be started.")
    if not any(running.values()):
        names = "{telegram}, {discord} or {web}".format_map(_SETTINGS)
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


def _telegram(process: Process) -> Awaitable[None] | None:
    settings = process.services.settings
    if settings.telegram_token is None:
        return None
    from bots.telegram.surface import TelegramSurface  # noqa: PLC0415  (a library that only this surface needs)

    posted_to = process.listener if settings.public_url else None
    return TelegramSurface(
        process.services, process.threads, settings.telegram_token.get_secret_value(), settings.telegram_api_url,
        process.telegram_limiter, listener=posted_to,
    ).run()  # fmt: skip


def _discord(process: Process) -> Awaitable[None] | None:
    settings = process.services.settings
    if settings.discord_token is None:
        return None
    from bots.discord.surface import DiscordSurface  # noqa: PLC0415  (as above)

    token = settings.discord_token.get_secret_value()
    return DiscordSurface(process.services, process.threads, token, _discord_place(settings)).run()


def _discord_place(settings: Settings) -> DiscordPlace:
    from bots.discord.connection import DiscordPlace  # noqa: PLC0415  (as above)

    ids, count = settings.shards or (None, None)
    return DiscordPlace(settings.discord_api_url, settings.discord_gateway_url, count, ids)


def _worker(process: Process) -> Awaitable[None] | None:
    messengers = list(_messengers(process))
    return _work(process, messengers) if messengers else None


async def _work(process: Process, messengers: Sequence[AbstractAsyncContextManager[Messenger]]) -> None:
    """One worker a platform: while one is out of reach, the other is served. If one fails, all end in good order."""
    workers = [asyncio.ensure_future(run_worker(process.services, process.threads, one)) for one in messengers]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


def _messengers(process: Process) -> Iterator[AbstractAsyncContextManager[Messenger]]:
    services, settings = process.services, process.services.settings
    if settings.telegram_token:
        from bots.telegram.messenger import connected as on_telegram  # noqa: PLC0415  (as above)

        token = settings.telegram_token.get_secret_value()
        yield on_telegram(services, token, settings.telegram_api_url, process.telegram_limiter)
    if settings.discord_token:
        from bots.discord.messenger import connected as on_discord  # noqa: PLC0415  (as above)

        yield on_discord(services, settings.discord_token.get_secret_value(), _discord_place(settings))


def _web(process: Process) -> Awaitable[None] | None:
    if process.listener is None:
        return None
    from bots.web.surface import WebSurface  # noqa: PLC0415  (as above)

    return WebSurface(process.services, process.threads, process.listener).run()


_STARTS: Mapping[str, Start] = {"telegram": _telegram, "discord": _discord, "web": _web, "worker": _worker}
_SETTINGS: Mapping[str, str] = {
    "telegram": "TELEGRAM_TOKEN", "discord": "DISCORD_TOKEN", "web": "WEB_PORT",
    "worker": "TELEGRAM_TOKEN or DISCORD_TOKEN",
}  # fmt: skip
SURFACES = tuple(_STARTS)
