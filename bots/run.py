"""Runs the surfaces that are configured side by side, until one fails or the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from bots.bootstrap import Services
from bots.desk import Desk
from bots.files import FilePost, make_files
from bots.listener import Listener
from bots.work_folders import sweep
from core.errors import ConfigurationError, StorageUnavailableError

log = logging.getLogger(__name__)

RETENTION_EVERY = 3600.0  # seconds between two looks for data that must not be kept any longer
Start: TypeAlias = Callable[[Services, Desk, Listener | None], Awaitable[None] | None]


async def run_surfaces(services: Services, wanted: Sequence[str]) -> None:
    """Run the wanted surfaces, all that are configured if none is named. Raises ConfigurationError."""
    sweep(services.workshop)
    desk = Desk(services.database.writers, services.database.together)
    settings = services.settings
    listener = Listener(settings.web_host, settings.web_port) if settings.web_port is not None else None
    try:
        running = {
            name: start(services, desk, listener) for name, start in _STARTS.items() if not wanted or name in wanted
        }
        _check(wanted, running)
        tasks = [asyncio.ensure_future(surface) for surface in running.values() if surface]
        if listener and listener.is_needed:
            tasks.append(asyncio.ensure_future(listener.run()))
        tasks.append(asyncio.ensure_future(_erase_expired(services, desk)))
        settle_memory()
        await _until_stopped(tasks)
    finally:
        desk.close()


def settle_memory() -> None:
    """Tell the collector that what stands after the start stays: it need not walk over it again and again."""
    gc.collect()
    gc.freeze()


def _check(wanted: Sequence[str], running: Mapping[str, Awaitable[None] | None]) -> None:
    missing = [name for name in wanted if running[name] is None]
    if missing:
        raise ConfigurationError(f"{_SETTINGS[missing[0]]} is not set, so {missing[0]} cannot be started.")
    if not any(running.values()):
        names = ", ".join(_SETTINGS.values())
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


async def _erase_expired(services: Services, desk: Desk) -> None:
    while True:
        try:
            for slug, count in (await desk.run(services.erase_expired)).items():
                log.info("%s: the retention is over; the personal data of %d signatures is erased", slug, count)
        except StorageUnavailableError as error:
            log.warning("what must not be kept any longer was not erased yet: %s", error)
        await asyncio.sleep(RETENTION_EVERY)


def _telegram(services: Services, desk: Desk, listener: Listener | None) -> Awaitable[None] | None:
    settings = services.settings
    if settings.telegram_token is None:
        return None
    from bots.telegram.surface import TelegramSurface  # noqa: PLC0415  (a library that only this surface needs)

    token, posted_to = settings.telegram_token.get_secret_value(), listener if settings.public_url else None
    surface = TelegramSurface(services, desk, token, settings.telegram_api_url, listener=posted_to)
    return _with_files(services, desk, surface)


def _discord(services: Services, desk: Desk, _: Listener | None) -> Awaitable[None] | None:
    settings = services.settings
    if settings.discord_token is None:
        return None
    from bots.discord.surface import DiscordPlace, DiscordSurface  # noqa: PLC0415  (as above)

    ids, count = settings.shards or (None, None)
    place = DiscordPlace(settings.discord_api_url, settings.discord_gateway_url, count, ids)
    surface = DiscordSurface(services, desk, settings.discord_token.get_secret_value(), place)
    return _with_files(services, desk, surface)


class _Surface(Protocol):
    """A surface that delivers files from when it is `ready` on."""

    ready: asyncio.Event

    @property
    def files(self) -> FilePost: ...
    async def run(self) -> None: ...


async def _with_files(services: Services, desk: Desk, surface: _Surface) -> None:
    """Run a surface, and beside it what makes organizers' files; that one stops first, since it delivers through it."""

    async def files() -> None:
        await surface.ready.wait()
        await make_files(services, desk, surface.files)

    running = [asyncio.ensure_future(files()), asyncio.ensure_future(surface.run())]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in running:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


_STARTS: Mapping[str, Start] = {"telegram": _telegram, "discord": _discord}
_SETTINGS: Mapping[str, str] = {"telegram": "TELEGRAM_TOKEN", "discord": "DISCORD_TOKEN"}
SURFACES = tuple(_STARTS)
