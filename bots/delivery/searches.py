"""Searches for people that organizers asked for: handles the topics `searches.<platform>` of the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from bots.common.service_threads import ServiceThreads
from bots.common.slow_reading import read_slowly
from bots.delivery.files import EVERY, FilePost, ProgressMessage
from bots.delivery.handling import Missed, Refused
from core.conversation.screen import View
from core.errors import StorageUnavailableError
from core.organizer.erase_order import SearchOrder
from core.organizer.person_search import PersonSearch
from core.organizer.running_search import RunningSearch, answer_search, start
from core.outbox import ClaimedEntry
from core.signatures.signature import Signer

REST = 1  # bots.common.slow_reading


@dataclass(frozen=True)
class PersonSearches:
    """Handles the searches on one platform, one after another; `tell` sends a view to a person."""

    search: PersonSearch
    threads: ServiceThreads
    post: FilePost
    tell: Callable[[Signer, View, int], Awaitable[None]]
    every: float = EVERY
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, entry: ClaimedEntry) -> None:
        """Search everything and send what was found, unless the person is no longer an organizer."""
        order = SearchOrder(**entry.payload)
        async with self.turn:
            try:
                done = await self._search(order)
                organizing = self.search.organizing
                answer = await self.threads.run(answer_search, organizing, self.post.platform, order, done)
            except StorageUnavailableError:
                raise Missed(StorageUnavailableError.__name__) from None
        if answer is None:
            raise Refused("NoOrganizer")
        await self.tell(*answer, entry.id)

    async def _search(self, order: SearchOrder) -> RunningSearch:
        """Read page by page in a thread, and report the progress now and then."""
        loop, search = asyncio.get_running_loop(), start(self.search, order)
        if search is None:
            raise Refused("NothingToSearch")
        catalog = self.search.organizing.signing.catalog
        message = ProgressMessage(self.post, order.user_id, catalog, order.locale)
        reported = loop.time()
        async with aclosing(read_slowly(search.steps(), REST)) as steps:
            async for rows, total in steps:
                if loop.time() - reported >= self.every:
                    await message.show(rows, total)
                    reported = loop.time()
        return search
