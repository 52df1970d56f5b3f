"""Tells organizers of outages that last, on the platforms that still work."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable

from bots.common.health import ComponentHealth, Condition, Health
from bots.common.service_threads import ServiceThreads
from core.errors import StorageUnavailableError
from core.organizer.outage import PETITION, Outage, OutageService
from core.platforms import WRITABLE
from core.ports import Clock

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds
LASTING = 120.0
"""Seconds before an outage is worth a notice, unless no restart can end it.

After a blip of a minute, Telegram's surface may not notice until the end of a poll, 55 seconds later, that it is over.
"""


class OutageReporter:
    """Puts one notice for each outage into the outbox, and another if its component then stops for good.

    `broken` are the petitions that couldn't be read at the start.
    """

    def __init__(
        self, health: Health, service: OutageService, threads: ServiceThreads, clock: Clock,
        broken: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self._health, self._service, self._threads, self._clock = health, service, threads, clock
        self._broken = sorted(broken)
        self._told: dict[str, tuple[float | None, bool]] = {}

    async def forever(self) -> None:
        """Check for outages at regular intervals."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except StorageUnavailableError:  # /readyz and the log say so already
                log.debug("organizers haven't been told about outages yet: the database is away")

    async def look(self) -> None:
        """Report each broken petition, and each outage that has lasted two minutes, as soon as a platform works."""
        while self._broken and (platforms := self._working()):
            missing = Outage(f"{PETITION}-{self._broken[0]}", self._clock(), final=True)
            await self._threads.run(self._service.report, missing, platforms)
            del self._broken[0]
        for component in self._health.essentials():
            final = component.state is Condition.STOPPED
            outage = component.outage_since, final
            if not _lasts(component, final=final) or self._told.get(component.name) == outage:
                continue
            platforms = self._working()
            if platforms:
                began = self._clock() - dt.timedelta(seconds=component.outage_seconds)
                await self._threads.run(self._service.report, Outage(component.name, began, final), platforms)
                self._told[component.name] = outage

    def _working(self) -> list[str]:
        return [platform for platform in WRITABLE if self._works(platform)]

    def _works(self, platform: str) -> bool:
        """True if nothing of a platform is known to be down; other processes may serve it."""
        names = (platform, f"worker-{platform}")
        return not any(component.outage_seconds for component in self._health.essentials() if component.name in names)


def _lasts(component: ComponentHealth, *, final: bool) -> bool:
    return component.outage_since is not None and (final or component.outage_seconds >= LASTING)
