"""Draws inline cards, and keeps those current whose message the bot knows."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import cache, partial

from telegram.error import BadRequest, Forbidden

from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import LOOK_EVERY, digest_of
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
    """Inline cards as messages, each as it should be now; those of a missing petition stay as they are.

    Telegram names no limit for editing such messages, so each edit counts against the limit of the whole bot, after
    everything that people are waiting for.
    """

    calls: Calls
    threads: ServiceThreads
    queries: Queries
    cards: InlineCardService
    renderer: TelegramRenderer
    queue: PerChatQueue

    async def refresh_forever(self) -> None:
        """Keep all known inline cards current. Raises StorageUnavailableError."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.refresh()

    async def refresh(self) -> None:
        """Queue the due cards, one after another."""
        if self.queue.busy(_QUEUE):
            return
        for card in await self.threads.run(self._due):
            self.queue.put(_QUEUE, partial(self._refresh, card))

    def draw(self, data: InlineCardData) -> TelegramMessage:
        """The card with the current count. Call it in a service thread."""
        petition = self.renderer.petitions[data.petition]
        counted, decision = self.queries.tally(data.petition).counted, self.queries.decision(data.petition)
        screen = card_screen(petition.with_decision(decision), data.locale, counted, self.cards.clock())
        view = View(screen, data.locale, data.petition)
        return self.renderer.card_with_links(view, data.label, data.encode())

    def _due(self) -> tuple[InlineCard, ...]:
        return self.cards.due(cache(self._current))

    def _current(self, petition: str, locale: str) -> str | None:
        """The digest of a petition's cards in a language, whatever their label."""
        if petition not in self.renderer.petitions:
            return None
        return digest_of(self.draw(InlineCardData(locale, petition)))

    async def _refresh(self, card: InlineCard) -> None:
        if not await self.threads.run(self.cards.claim, card):
            return
        data = InlineCardData(card.locale, card.petition, card.label)
        digest = await self.threads.run(self._current, card.petition, card.locale)
        if digest is None:
            return
        message = await self.threads.run(self.draw, data)
        try:
            await self.calls.edit_inline(card.message, message, BACKGROUND)
        except (Forbidden, BadRequest) as refusal:
            if _UNCHANGED not in refusal.message.lower():
                log.info("an inline card can no longer be edited: %s", refusal.message)
                await self.threads.run(self.cards.forget, card)
                return
        await self.threads.run(self.cards.record_refreshed, card, digest)
