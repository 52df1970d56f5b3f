"""A worker of the outbox that makes and delivers what organizers ordered, as long as there are orders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bots.common.service_threads import ServiceThreads
from bots.delivery.exports import exporter_of
from bots.delivery.files import FileOrders, FilePost
from bots.delivery.handling import Pace
from bots.delivery.worker import Worker
from bots.services import Services
from core.organizer.export import file_topic
from core.outbox import State
from tests.bots.delivery.post_office import working
from tests.patience import until

PACE = Pace(poll=0.02, grace=2)
OPEN = {State.WAITING, State.SENDING}


def orders(services: Services, threads: ServiceThreads, post: FilePost, folder: Path, every: float = 5.0) -> FileOrders:
    return FileOrders(exporter_of(services), services.organizing.organizes, threads, post, folder, every)


def worker(services: Services, handler: FileOrders) -> Worker:
    topic = file_topic(handler.post.platform).name
    signing = services.signing
    return Worker(handler.threads, signing.work, signing.clock, lambda: 0.0, "w", {topic: handler}, PACE)


def counts(services: Services, platform: str) -> Mapping[State, int]:
    with services.queries.outbox() as figures:
        return figures.counts(file_topic(platform).name)


async def work_off(services: Services, handler: FileOrders) -> None:
    """Work until nothing waits any more."""
    async with working(worker(services, handler)):
        await until(lambda: not OPEN & set(counts(services, handler.post.platform)), "no order waits")
