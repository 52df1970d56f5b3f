"""Rounds of looks at sources, for the checker and for the command."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bots.common.progress_bar import OnProgress
from bots.common.service_threads import ServiceThreads
from bots.services import Services
from core.errors import StorageUnavailableError
from core.organizer.source_news import SourceCheckService
from core.petition.source import Source
from core.ports import Clock
from core.sources.checks import LinkState, SourceCheck
from core.sources.due import DAY, DueLook

log = logging.getLogger(__name__)

EVERY = 600.0  # seconds between two rounds of what is due
LEASE = dt.timedelta(minutes=10)
LONGEST_LOOK = 300.0  # seconds, well within the lease


class PageChecker(Protocol):
    """Looks at sources (bots.sources.checker.Checker)."""

    async def check(
        self, source: Source, before: SourceCheck | None, now: dt.datetime, *, order_copy: bool = False
    ) -> SourceCheck:
        """Look at a source's link."""


OpenChecker = Callable[[], AbstractAsyncContextManager[PageChecker]]


def open_checker(services: Services) -> AbstractAsyncContextManager[PageChecker]:
    """A checker for one round, which names this installation's own page to publishers."""
    from bots.sources.checker import Checker  # noqa: PLC0415  (slow to load, and only for this process)

    return Checker(services.settings.public_url, services.signing.new_code)


def rounds_of(services: Services, threads: ServiceThreads) -> CheckRounds:
    """The rounds of this process."""
    return CheckRounds(
        SourceCheckService(services.organizing), threads, services.signing.clock, lambda: open_checker(services),
        services.signing.new_code(), services.metrics.count_check,
    )  # fmt: skip


class CheckRounds:
    """Rounds of looks, one look after another, as long as this process has the lease."""

    def __init__(
        self, service: SourceCheckService, threads: ServiceThreads, clock: Clock, open_checker: OpenChecker,
        holder: str, count: Callable[[LinkState], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._service, self._threads, self._clock = service, threads, clock
        self._open, self._holder, self._count = open_checker, holder, count
        self._looked_at = dict[tuple[str, str, str], dt.datetime]()

    async def forever(self) -> None:
        """Look at what is due until cancelled."""
        while True:
            try:
                await self.look_at_due()
            except StorageUnavailableError as error:
                log.warning("no sources were checked: %s", error)
            await asyncio.sleep(EVERY)

    async def look_at_due(self) -> None:
        """Look at everything that is due, unless another process is checking."""
        due = [look for look in await self._threads.run(self._service.due) if not self._rests(look)]
        if due:
            await self.look_at(due)

    async def look_at(self, looks: Sequence[DueLook], on_progress: OnProgress = lambda *_: None) -> bool:
        """Look at these links; returns False if another process has the lease, and stops if one takes it."""
        if not await self._has_lease():
            return False
        try:
            async with self._open() as checker:
                for done, look in enumerate(looks):
                    on_progress(done, len(looks))
                    await self._look(checker, look)
                    if not await self._has_lease():
                        log.warning("another process checks sources now")
                        return False
            return True
        finally:
            await self._threads.run(self._service.release_lease, self._holder)

    async def _look(self, checker: PageChecker, look: DueLook) -> None:
        """Look at one link. A fault of our own says nothing about the page, so nothing is recorded."""
        number, now = look.source.number, self._clock()
        self._looked_at[_name(look)] = now
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                check = await checker.check(look.source, look.before, now, order_copy=look.order_copy)
        except Exception as error:  # noqa: BLE001  (whatever it is, the other sources wait)
            log.error("source %d of %s couldn't be checked: %s", number, look.petition, type(error).__name__)  # noqa: TRY400
            return
        await self._threads.run(self._service.record, look, check)
        self._count(check.state)
        log.info("checked source %d of %s: %s, quoted words %s", number, look.petition, check.state, check.passage)

    def _rests(self, look: DueLook) -> bool:
        """True for a day after each look, whatever the clocks of other looks say: a publisher sees every visit."""
        looked_at = self._looked_at.get(_name(look))
        return looked_at is not None and abs(self._clock() - looked_at) < DAY

    async def _has_lease(self) -> bool:
        return await self._threads.run(self._service.take_lease, self._holder, LEASE)


def _name(look: DueLook) -> tuple[str, str, str]:
    return look.petition, look.source.link or "", look.source.quote
