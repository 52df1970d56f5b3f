"""Draws inline cards, and keeps those current whose message the bot knows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from telegram.error import BadRequest, Forbidden

from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import LOOK_EVERY
from bots.telegram.calls import Calls
from bots.telegram.limiter import BACKGROUND
from bots.telegram.payloads import InlineCardData
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.conversation.scene import card as card_screen
from core.conversation.screen import View
from core.outreach.inline_cards import InlineCard
from core.queries import Queries
from core.services.inline_cards import InlineCardService

log = logging.getLogger(__name__)
_UNCHANGED = "message is not modified"
_QUEUE = "inline cards"  # all in one, so that they never crowd out anything


@dataclass(frozen=True)
class InlineCardRefresher:
    """Inline cards as messages, each with its current count.

    Telegram names no limit for editing such messages, so each edit counts against the limit of the whole bot, after
    everything that people are waiting for.
    """

    calls: Calls
    threads: ServiceThreads
    queries: Queries
    cards: InlineCardService
    renderer: TelegramRenderer
    queue: PerChatQueue
    broken: Collection[str] = ()

    async def refresh_forever(self) -> None:
        """Keep the counts on all known inline cards current. Raises StorageUnavailableError."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.refresh()

    async def refresh(self) -> None:
        """Queue the due cards, one after another."""
        if self.queue.busy(_QUEUE):
            return
        for card in await self.threads.run(self.cards.due, self.broken):
            self.queue.put(_QUEUE, partial(self._refresh, card))

    def draw(self, data: InlineCardData) -> tuple[int, TelegramMessage]:
        """The current count, and the message that shows it. Call it in a service thread."""
        petition = self.renderer.petitions[data.petition]
        counted, decision = self.queries.tally(data.petition).counted, self.queries.decision(data.petition)
        screen = card_screen(petition.with_decision(decision), data.locale, counted, self.cards.clock())
        view = View(screen, data.locale, data.petition)
        return counted, self.renderer.card_with_links(view, data.label, data.encode())

    async def _refresh(self, card: InlineCard) -> None:
        if card.petition not in self.renderer.petitions:
            await self.threads.run(self.cards.forget, card)
            return
        if not await self.threads.run(self.cards.claim, card):
            return
        data = InlineCardData(card.locale, card.petition, card.label)
        count, message = await self.threads.run(self.draw, data)
        try:
            await self.calls.edit_inline(card.message, message, BACKGROUND)
        except (Forbidden, BadRequest) as refusal:
            if _UNCHANGED not in refusal.message.lower():
                log.info("an inline card can no longer be edited: %s", refusal.message)
                await self.threads.run(self.cards.forget, card)
                return
        await self.threads.run(self.cards.record_refreshed, card, count)
