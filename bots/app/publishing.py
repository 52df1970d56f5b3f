"""The loop that publishes the petitions' logs, and tells operators and organizers if one is stopped."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterable

from bots.common.service_threads import ServiceThreads
from bots.services import Services
from core.errors import StorageUnavailableError
from core.organizer.outage import LOG, Outage, OutageService
from core.services.publishing import LogFault

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds between two looks at the clock
REST = 0.05  # seconds between two transactions of a batch, so that signers get their turn


async def publish_forever(services: Services, threads: ServiceThreads) -> None:
    """Publish what is due at the end of each hour. When cancelled, end after the transaction in progress."""
    stopping = threading.Event()
    try:
        while True:
            try:
                petitions = tuple(services.signing.published.values())
                faults = await asyncio.to_thread(services.publish_logs, petitions, lambda: stopping.wait(REST))
                await _tell(services, threads, faults)
            except StorageUnavailableError as error:
                log.warning("could not publish the logs yet: %s", error)
            await asyncio.sleep(EVERY)
    finally:
        stopping.set()


async def _tell(services: Services, threads: ServiceThreads, faults: Iterable[LogFault]) -> None:
    """Write each fault into the log, and put one notice for each organizer into the outbox."""
    outages = OutageService(services.organizing)
    for fault in faults:
        log.error(
            "the public log of %s is stopped: %s. Signing goes on. Run `undersign log check %s`.",
            fault.petition, fault.sentence, fault.petition,
        )  # fmt: skip
        outage = Outage(f"{LOG}-{fault.petition}", fault.since, final=True)
        await threads.run(outages.report, outage, services.settings.platforms)
