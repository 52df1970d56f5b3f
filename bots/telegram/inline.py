"""Inline mode: `@bot words` in any chat offers the matching petitions, each as a card with its links."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import InlineQuery, Update
from telegram.ext import ContextTypes

from bots.common.json_object import JsonObject
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.telegram.calls import Calls
from bots.telegram.handlers import signer_of
from bots.telegram.renderer import TelegramRenderer
from core.conversation.scene import card
from core.conversation.screen import View
from core.petition.petition import Petition
from core.ports import Clock
from core.queries import Queries
from core.services.signing import SigningService

CACHE_SECONDS = 30
MOST_RESULTS = 20
_SHORT = 150  # characters of a description in the list


@dataclass(frozen=True)
class Inline:
    """The handler for inline queries."""

    calls: Calls
    signing: SigningService
    queries: Queries
    threads: ServiceThreads
    renderer: TelegramRenderer
    queue: PerChatQueue
    clock: Clock

    async def query(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with the petitions that contain every typed word."""
        query = update.inline_query
        if query:
            self.queue.put(("inline", query.from_user.id), lambda: self._answer(query))

    async def _answer(self, query: InlineQuery) -> None:
        profile = await self.threads.run(self.signing.profile, signer_of(query.from_user))
        words = query.query.casefold().split()
        fitting = [petition for petition in self.signing.petitions.values() if _fits(petition, profile.locale, words)]
        results = [
            await self._article(petition, profile.locale, profile.referrals.get(petition.slug, ""))
            for petition in fitting[:MOST_RESULTS]
        ]
        await self.calls.answer_inline(query.id, results, CACHE_SECONDS)

    async def _article(self, petition: Petition, locale: str, label: str) -> JsonObject:
        counted = (await self.threads.run(self.queries.tally, petition.slug)).counted
        decision = await self.threads.run(self.queries.decision, petition.slug)
        screen = card(petition.with_decision(decision), locale, counted, self.clock())
        message = self.renderer.card(View(screen, locale, petition.slug), label, only_links=True)
        first = replace(message, keyboard=message.keyboard[:1])
        text, content = petition.text(locale), first.content()
        return {
            "type": "article",
            "id": petition.slug,
            "title": text.title,
            "description": text.summary[:_SHORT],
            "reply_markup": content.pop("reply_markup"),
            "input_message_content": {"message_text": content.pop("text"), **content},
        }


def _fits(petition: Petition, locale: str, words: list[str]) -> bool:
    petition, text = petition.in_language(locale), petition.text(locale)
    haystack = f"{petition.slug} {petition.target} {petition.organizer} {text.title} {text.summary}".casefold()
    return all(word in haystack for word in words)
