"""Working the outbox off in tests, until nothing more is due; and a messenger that only writes down what it gets."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bots.common.refusal import SurfaceRefused
from bots.common.service_threads import ServiceThreads
from bots.delivery.files import FilePost
from bots.delivery.handling import Closed, Pace
from bots.delivery.sending import Messenger, handlers_of
from bots.delivery.worker import Worker
from core.conversation.screen import View
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.outbox import State
from core.outreach.milestones import Follower
from core.ports import UnitOfWork
from core.services.signing import SigningService
from core.signatures.signature import Signer
from tests.bots.delivery.post_office import working
from tests.patience import until
from tests.world import SALESFORCE, World, parts_of

PACE = Pace(poll=0.01, first_wait=0.05)


@dataclass
class Postbox:
    """A Messenger and FilePost (bots.delivery) that writes down what it gets; those in `shut` take nothing."""

    platform: str
    got: list[tuple[str, str]] = field(default_factory=list)
    shut: set[str] = field(default_factory=set)
    largest: int = 1_000_000
    refused: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def files(self) -> FilePost:
        return self

    async def until_refused(self) -> None:
        await self.refused.wait()
        raise SurfaceRefused("The token is wrong.")

    async def to_person(self, to: Signer, view: View, number: int) -> None:
        self._take(to.user_id, view)

    async def to_community(self, to: Follower, view: View, number: int) -> None:
        self._take(to.chat, view)

    async def say(self, user_id: str, words: str) -> None:
        self.got.append((user_id, words))

    async def change(self, message: None, words: str) -> None:
        pass

    async def deliver(self, user_id: str, file: Path) -> None:
        self.got.append((user_id, file.name))

    def _take(self, who: str, view: View) -> None:
        if who in self.shut:
            raise Closed("Blocked")
        self.got.append((who, "\n".join(parts_of(view.screen, view.locale))))


async def deliver(signing: SigningService, *messengers: Messenger) -> None:
    """Let workers run until nothing is due or in hand."""
    threads = ServiceThreads(1)
    topics = {topic for messenger in messengers for topic in handlers_of(signing, threads, messenger)}
    async with AsyncExitStack() as stack:
        stack.callback(threads.close)
        for number, messenger in enumerate(messengers):
            handlers = handlers_of(signing, threads, messenger)
            worker = Worker(threads, signing.work, signing.clock, lambda: 0.0, f"w{number}", handlers, PACE)
            await stack.enter_async_context(working(worker))
        await until(lambda: not _busy(signing, topics), "nothing is due")


def _busy(signing: SigningService, topics: set[str]) -> bool:
    with signing.work() as work:
        due = topics & set(work.outbox.backlog(signing.clock()))
        return bool(due) or any(work.outbox.counts(topic).get(State.SENDING) for topic in topics)


def reasons(work: UnitOfWork, topic: str) -> dict[str, int]:
    """Number of finished entries by reason; a delivered one counts as `done`."""
    return {why or state.value: count for (state, why), count in work.outbox.reasons(topic).items()}


def announce(world: World, words: str = "Come on **Friday**!") -> None:
    """An organizer tells everybody who asked for updates."""
    services = OrganizerService(world.signing, frozenset({("telegram", "99")}))
    olga = Signer("telegram", "99", "Olga")
    services.run(olga, CommandLine("announce", f"{SALESFORCE} {words}"))
    with world.work() as work:
        number = work.announcements.last(1)[0].id
    assert services.run(olga, CommandLine("announcement", f"{number} send all"))
