"""Keeps posted cards current: finds and claims cards that show something old, for surfaces to draw and edit."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from bots.common.json_object import JsonObject
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from core.conversation.scene import card as card_screen
from core.conversation.screen import View
from core.outreach.cards import Card, Edition
from core.petition.petition import Petition
from core.queries import Queries
from core.services.cards import CardService

LOOK_EVERY = 15.0  # seconds between two searches for cards that show something old
_DIGITS = 16  # of a digest
_ANY_LABEL = "g"  # all cards of an edition have the same digest, so it leaves out the label


class DrawnCard(Protocol):
    """A card as a platform gets it."""

    def content(self) -> JsonObject:
        """The words and the buttons."""


@dataclass(frozen=True)
class FreshCards:
    """The cards of one platform, drawn by `draw_card` from a screen and a label.

    Cards of petitions whose folders are missing or can't be read stay as they are.
    """

    platform: str
    petitions: Mapping[str, Petition]
    threads: ServiceThreads
    cards: CardService
    queries: Queries
    queue: PerChatQueue
    draw_card: Callable[[View, str], DrawnCard]

    async def forever(
        self, queue_key: Callable[[Card], Hashable], edit: Callable[[Card], Coroutine[Any, Any, object]]
    ) -> None:
        """Search at intervals, and `edit` the due cards, in the order of each chat. Raises StorageUnavailableError."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look(queue_key, edit)

    async def look(
        self, queue_key: Callable[[Card], Hashable], edit: Callable[[Card], Coroutine[Any, Any, object]]
    ) -> None:
        """Queue the due cards of chats that have nothing else to do."""
        for card in await self.threads.run(self._due):
            if not self.queue.busy(queue_key(card)):
                self.queue.put(queue_key(card), partial(self._take, card, edit))

    async def draw(self, edition: Edition) -> tuple[str, View]:
        """The digest of what the cards of an edition should show now, and their screen."""
        return await self.threads.run(self._draw, edition)

    def _due(self) -> tuple[Card, ...]:
        editions = [edition for edition in self.cards.editions(self.platform) if edition[0] in self.petitions]
        return self.cards.due(self.platform, {edition: self._draw(edition)[0] for edition in editions})

    def _draw(self, edition: Edition) -> tuple[str, View]:
        name, locale = edition
        petition = self.petitions[name]
        counted = self.queries.tally(petition.slug).counted
        decided = petition.with_decision(self.queries.decision(petition.slug))
        view = View(card_screen(decided, locale, counted, self.cards.clock()), locale, petition.slug)
        return digest_of(self.draw_card(view, _ANY_LABEL)), view

    async def _take(self, card: Card, edit: Callable[[Card], Coroutine[Any, Any, object]]) -> None:
        if await self.threads.run(self.cards.claim, card):
            await edit(card)


def digest_of(drawn: DrawnCard) -> str:
    """The digest of a card's words and buttons."""
    return hashlib.sha256(json.dumps(drawn.content(), sort_keys=True).encode()).hexdigest()[:_DIGITS]
