"""Keeps the counts on posted cards current: finds and claims due cards in a loop, for surfaces to draw and edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from core.conversation.scene import card as card_screen
from core.conversation.screen import View
from core.outreach.cards import Card
from core.petition.petition import Petition
from core.queries import Queries
from core.services.cards import CardService

LOOK_EVERY = 15.0  # seconds between two searches for cards with an old count


@dataclass(frozen=True)
class FreshCards:
    """The cards of one platform. Those of `broken` petitions stay as they are until their folders can be read again."""

    platform: str
    petitions: Mapping[str, Petition]
    threads: ServiceThreads
    cards: CardService
    queries: Queries
    queue: PerChatQueue
    broken: Collection[str] = ()

    async def forever(
        self, queue_key: Callable[[Card], Hashable], edit: Callable[[Card], Coroutine[Any, Any, None]]
    ) -> None:
        """Search at intervals, and `edit` the due cards, in the order of each chat. Raises StorageUnavailableError."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look(queue_key, edit)

    async def look(
        self, queue_key: Callable[[Card], Hashable], edit: Callable[[Card], Coroutine[Any, Any, None]]
    ) -> None:
        """Queue the due cards of chats that have nothing else to do."""
        for card in await self.threads.run(self.cards.due, self.platform, self.broken):
            if not self.queue.busy(queue_key(card)):
                self.queue.put(queue_key(card), partial(self._take, card, edit))

    async def draw(self, card: Card) -> tuple[int, View]:
        """The current count, and the screen that shows it."""
        counted = (await self.threads.run(self.queries.tally, card.petition)).counted
        decision = await self.threads.run(self.queries.decision, card.petition)
        screen = card_screen(
            self.petitions[card.petition].with_decision(decision), card.locale, counted, self.cards.clock()
        )
        return counted, View(screen, card.locale, card.petition)

    async def _take(self, card: Card, edit: Callable[[Card], Coroutine[Any, Any, None]]) -> None:
        if card.petition not in self.petitions:
            await self.threads.run(self.cards.forget, card)
        elif await self.threads.run(self.cards.claim, card):
            await edit(card)
