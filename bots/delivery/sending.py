"""The handlers of the outbox, one per topic, for any platform; and the worker that calls them."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

from bots.common.service_threads import ServiceThreads
from bots.delivery.exports import exporter_of
from bots.delivery.files import FileOrders, FilePost
from bots.delivery.handling import UNREADABLE_WAIT, Closed, EntryHandler, Later, Missed, Pace, Refused
from bots.delivery.searches import PersonSearches
from bots.delivery.worker import Worker
from bots.services import Services
from core.conversation.screen import View
from core.errors import PetitionUnreadableError, StorageUnavailableError
from core.organizer.erase_order import search_topic
from core.organizer.export import file_topic
from core.organizer.outage import OutageService, outage_topic
from core.organizer.person_search import PersonSearch
from core.organizer.retention import retention_topic
from core.organizer.source_news import SourceCheckService, checks_topic
from core.outbox import ClaimedEntry
from core.outreach.announcement import FAN_OUT, TO_PERSON
from core.outreach.milestones import CROSSED, TO_COMMUNITY, Follower
from core.services.announcements import AnnouncementService, UnwantedError
from core.services.milestones import MilestoneService
from core.services.signing import SigningService
from core.signatures.signature import Signer

log = logging.getLogger(__name__)

KEPT = dt.timedelta(days=30)
"""The time for which done entries are kept; meanwhile, their keys prevent repeats."""
PURGE_EVERY = 3600.0  # seconds
_PURGED = 1000  # in one transaction
PACE = Pace(grace=6.0)
"""A stopping process finishes its entries within six seconds; containers are killed after ten."""
P = ParamSpec("P")
T = TypeVar("T")


class Messenger(Protocol):
    """Sends for one platform, after all replies to signers. Raises the errors of bots.delivery.handling.

    Closed means that the person or community no longer accepts messages. `number` stays the same when a message is
    retried.
    """

    @property
    def platform(self) -> str:
        """The platform's name."""

    async def to_person(self, to: Signer, view: View, number: int) -> None:
        """Write to a person in private."""

    async def to_community(self, to: Follower, view: View, number: int) -> None:
        """Post where a community wants it, with a way to sign."""

    async def until_refused(self) -> None:
        """Wait until the platform refuses the token. Raises SurfaceRefused."""

    @property
    def files(self) -> FilePost:
        """The delivery of files to organizers."""


def handlers_of(signing: SigningService, threads: ServiceThreads, messenger: Messenger) -> Mapping[str, EntryHandler]:
    """A worker's handlers with this messenger, by topic; a new topic needs a line here."""
    announcing = _Announcing(AnnouncementService(signing), threads, messenger)
    milestones = _Milestones(MilestoneService(signing), threads, messenger)
    return {
        FAN_OUT.name: announcing.fan_out,
        TO_PERSON[messenger.platform].name: announcing.tell,
        CROSSED.name: milestones.fan_out,
        TO_COMMUNITY[messenger.platform].name: milestones.tell,
    }


async def run_worker(
    services: Services, threads: ServiceThreads, connected: AbstractAsyncContextManager[Messenger]
) -> None:
    """Connect, then process this platform's topics until cancelled. Raises ConfigurationError.

    If the platform refuses the token, the entries in hand go back to the outbox before SurfaceRefused is raised.
    """
    signing = services.signing
    async with connected as messenger:
        handlers = {**handlers_of(signing, threads, messenger), **_to_organizers(services, threads, messenger)}
        worker = Worker(threads, signing.work, signing.clock, services.chance, signing.new_code(), handlers, PACE)
        log.info("outbox: sending for %s", messenger.platform.capitalize())
        supervisor, name = services.supervisor, worker_name(messenger.platform)
        cleaning = {f"{name}-cleaning": partial(_purge_forever, signing, threads, handlers)}
        async with supervisor.helping(cleaning), asyncio.TaskGroup() as group:
            refusal = group.create_task(messenger.until_refused())
            supervisor.health.add(name).up()
            try:
                await worker.run()
            finally:
                refusal.cancel()


def _to_organizers(services: Services, threads: ServiceThreads, messenger: Messenger) -> Mapping[str, EntryHandler]:
    """The handlers of what only organizers get: files, results of searches, and notices."""
    platform, organizing = messenger.platform, services.organizing
    orders = FileOrders(exporter_of(services), organizing.organizes, threads, messenger.files, services.workshop)
    search = PersonSearch(organizing, services.queries)
    return {
        file_topic(platform).name: orders,
        search_topic(platform).name: PersonSearches(search, threads, messenger.files, messenger.to_person),
        checks_topic(platform).name: Notices(SourceCheckService(organizing).notice, threads, messenger).tell,
        outage_topic(platform).name: Notices(OutageService(organizing).notice, threads, messenger).tell,
        retention_topic(platform).name: Notices(services.retention.notice, threads, messenger).tell,
    }


def worker_name(platform: str) -> str:
    """The name of a platform's worker in /readyz and the metrics."""
    return f"worker-{platform}"


async def _purge_forever(signing: SigningService, threads: ServiceThreads, topics: Collection[str]) -> None:
    while True:
        try:
            for topic in topics:
                while await threads.run(_purge, signing, topic) == _PURGED:
                    pass
        except StorageUnavailableError as error:
            log.warning("outbox: done entries were not purged yet: %s", error)
        await asyncio.sleep(PURGE_EVERY)


def _purge(signing: SigningService, topic: str) -> int:
    with signing.work() as work:
        purged = work.outbox.purge(topic, signing.clock() - KEPT, _PURGED)
        work.commit()
    return purged


async def _call_service(threads: ServiceThreads, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of the call.

    Raises:
        Missed: the database is unreachable. Nothing was sent, so a retry is safe.
        Later: the petition's folder has errors. The next start of the process may read it.
    """
    try:
        return await threads.run(call, *args, **kwargs)
    except StorageUnavailableError:
        raise Missed(StorageUnavailableError.__name__) from None
    except PetitionUnreadableError:
        raise Later(UNREADABLE_WAIT, PetitionUnreadableError.__name__) from None


@dataclass(frozen=True)
class _Announcing:
    service: AnnouncementService
    threads: ServiceThreads
    messenger: Messenger

    async def fan_out(self, entry: ClaimedEntry) -> None:
        """Add an entry for each recipient, batch by batch, storing each batch before the next one starts."""
        while await _call_service(self.threads, self.service.fan_out, entry.payload["announcement"]):
            pass

    async def tell(self, entry: ClaimedEntry) -> None:
        """Send an announcement to one person, if they should still get it."""
        person = entry.payload["person"]
        try:
            letter = await _call_service(self.threads, self.service.letter, entry.payload["announcement"], person)
        except UnwantedError as why:
            raise Refused(str(why)) from None
        try:
            await self.messenger.to_person(letter.to, letter.view, entry.id)
        except Closed:
            await _call_service(self.threads, self.service.mark_unreachable, person)
            raise


@dataclass(frozen=True)
class Notices:
    """Tells organizers of outages, erasures, and news of sources; `notice` is None once nobody should get it."""

    notice: Callable[[str, Mapping[str, Any]], tuple[Signer, View] | None]
    threads: ServiceThreads
    messenger: Messenger

    async def tell(self, entry: ClaimedEntry) -> None:
        """Tell one organizer, unless it is too late."""
        notice = await _call_service(self.threads, self.notice, self.messenger.platform, entry.payload)
        if notice is None:
            raise Refused("Gone")
        await self.messenger.to_person(*notice, entry.id)


@dataclass(frozen=True)
class _Milestones:
    service: MilestoneService
    threads: ServiceThreads
    messenger: Messenger

    async def fan_out(self, entry: ClaimedEntry) -> None:
        """Add an entry for each community that follows."""
        await _call_service(self.threads, self.service.fan_out, entry.payload["petition"], entry.payload["number"])

    async def tell(self, entry: ClaimedEntry) -> None:
        """Send a milestone to one community; unfollow for one that no longer accepts messages."""
        platform, chat = self.messenger.platform, entry.payload["chat"]
        news = await _call_service(
            self.threads, self.service.post, platform, chat, entry.payload["petition"], entry.payload["number"]
        )
        if news is None:
            raise Refused("Gone")
        try:
            await self.messenger.to_community(*news, entry.id)
        except Closed:
            await _call_service(self.threads, self.service.unfollow, platform, chat)
            raise
