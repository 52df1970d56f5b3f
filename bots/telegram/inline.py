"""Inline mode: `@bot words` in any chat offers the matching petitions, each as a card to send there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, ChosenInlineResult, InlineQuery, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bots.common.json_object import JsonObject
from bots.common.links import OPEN, LinkAction
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.telegram.calls import Calls
from bots.telegram.inline_cards import InlineCardRefresher
from bots.telegram.payloads import InlineCardData, decode_inline_card, read_query
from bots.telegram.private_updates import signer_of
from bots.telegram.renderer import TelegramRenderer
from core.messages import Message
from core.petition.petition import Petition
from core.services.inline_cards import InlineCardService
from core.services.signing import SigningService
from core.signatures.signature import Signer

CACHE_SECONDS = 30
MOST_RESULTS = 20  # in one answer; apps ask for more when a person scrolls down
_OFFSET = re.compile(r"[0-9]{1,4}")
_SHORT = 150  # characters of a description in the list
_TOO_OLD = "query is too old"


@dataclass(frozen=True)
class Inline:
    """Handlers for inline queries, for results that were sent, and for taps on Read under them."""

    calls: Calls
    signing: SigningService
    cards: InlineCardService
    refresher: InlineCardRefresher
    threads: ServiceThreads
    renderer: TelegramRenderer
    queue: PerChatQueue

    async def query(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with the petition that the query names, or with those that contain every typed word."""
        query = update.inline_query
        if query:
            self.queue.put(("inline", query.from_user.id), lambda: self._answer(query))

    async def chosen(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Remember a card that was sent; Telegram tells of it only if BotFather's /setinlinefeedback is on."""
        chosen: ChosenInlineResult | None = update.chosen_inline_result
        if chosen and chosen.inline_message_id:
            await self._record(chosen.inline_message_id, chosen.result_id)

    async def read(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Open the letter in the private chat, and remember the card that was tapped."""
        query = update.callback_query
        if query:
            self.queue.put(("inline", query.from_user.id), lambda: self._open(query))
            if query.inline_message_id:
                await self._record(query.inline_message_id, query.data or "")

    async def _record(self, message: str, data: str) -> None:
        card = decode_inline_card(data, self.renderer.petitions)
        if card:
            await self.threads.run(self.cards.record, message, card.petition, card.label, card.locale)

    async def _open(self, query: CallbackQuery) -> None:
        card, links = decode_inline_card(query.data or "", self.renderer.petitions), self.renderer.links
        slug = self.renderer.petitions[card.petition].public_slug if card else OPEN
        action = LinkAction.READ if card else LinkAction.OPEN
        url = links.telegram_chat(slug, card.label if card else "", action)
        await _unless_too_old(self.calls.answer_tap(query.id, url=url))

    async def _answer(self, query: InlineQuery) -> None:
        if self.queue.behind(("inline", query.from_user.id)):
            return  # they typed on
        first = int(query.offset) if _OFFSET.fullmatch(query.offset) else 0
        locale, results, is_last = await self.threads.run(self._results, signer_of(query.from_user), query.query, first)
        words = Message("inline.open" if results else "inline.none")
        button = {"text": self.renderer.catalog.words(words, locale), "start_parameter": OPEN}
        further = "" if is_last else str(first + MOST_RESULTS)
        await _unless_too_old(self.calls.answer_inline(query.id, results, button, CACHE_SECONDS, further))

    def _results(self, signer: Signer, query: str, first: int) -> tuple[str, Sequence[JsonObject], bool]:
        """The language of a person, the articles to offer them from the `first` on, and if these are the last."""
        profile, petitions = self.signing.profile(signer), self.signing.petitions
        named = read_query(query, petitions)
        words = query.casefold().split()
        found = [named[0]] if named else [
            slug for slug, petition in petitions.items() if _fits(petition, profile.locale, words)
        ]  # fmt: skip
        given = named[1] if named else ""
        return (
            profile.locale,
            [
                self._article(InlineCardData(profile.locale, slug, given or profile.referrals.get(slug, "")))
                for slug in found[first : first + MOST_RESULTS]
            ],
            first + MOST_RESULTS >= len(found),
        )

    def _article(self, data: InlineCardData) -> JsonObject:
        text = self.renderer.petitions[data.petition].text(data.locale)
        content = self.refresher.draw(data).content()
        return {
            "type": "article",
            "id": data.encode() or data.petition,
            "title": text.title,
            "description": text.summary[:_SHORT],
            "reply_markup": content.pop("reply_markup"),
            "input_message_content": {"message_text": content.pop("text"), **content},
        }


def _fits(petition: Petition, locale: str, words: list[str]) -> bool:
    petition, text = petition.in_language(locale), petition.text(locale)
    haystack = f"{petition.slug} {petition.target} {petition.organizer} {text.title} {text.summary}".casefold()
    return all(word in haystack for word in words)


async def _unless_too_old(answer: Awaitable[None]) -> None:
    """Answer, unless Telegram no longer waits for it."""
    try:
        await answer
    except BadRequest as refusal:
        if _TOO_OLD not in refusal.message.lower():
            raise
