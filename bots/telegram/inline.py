"""Inline mode: `@bot words` in any chat offers the petitions that fit, each as a card with its links."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.ext import ContextTypes

from bots.desk import Desk
from bots.telegram.deep_link import link_to
from bots.telegram.delivery import NO_PREVIEW
from bots.telegram.handlers import signer_of
from bots.telegram.lanes import Lanes
from bots.telegram.renderer import TelegramRenderer
from core.messages import Message
from core.petition import Petition
from core.scene import card
from core.services import Shown, SigningService

CACHE_SECONDS = 30
MOST_RESULTS = 20
_SHORT = 150  # characters of a description in the list


@dataclass(frozen=True)
class Inline:
    """The handler of inline queries."""

    signing: SigningService
    desk: Desk
    renderer: TelegramRenderer
    lanes: Lanes

    async def query(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with the petitions in whose words all the typed words occur."""
        query = update.inline_query
        if query:
            self.lanes.put(("inline", query.from_user.id), lambda: self._answer(query))

    async def _answer(self, query: InlineQuery) -> None:
        profile = await self.desk.run(self.signing.profile, signer_of(query.from_user))
        words = query.query.casefold().split()
        found = [one for one in self.signing.petitions.values() if _fits(one, profile.locale, words)]
        results = [
            await self._article(one, profile.locale, profile.referrals.get(one.slug, ""))
            for one in found[:MOST_RESULTS]
        ]
        await query.answer(results, cache_time=CACHE_SECONDS, is_personal=True)

    async def _article(self, petition: Petition, locale: str, label: str) -> InlineQueryResultArticle:
        counted = await self.desk.run(self.signing.counted, petition.slug)
        message = self.renderer.render(Shown(card(petition, locale, counted), locale, petition.slug))
        sign = InlineKeyboardButton(
            self.renderer.words(Message("button.sign"), locale),
            url=link_to(self.renderer.username, petition.slug, label),
        )
        text = petition.text(locale)
        return InlineQueryResultArticle(
            petition.slug,
            text.title,
            InputTextMessageContent(message.text, entities=message.entities, link_preview_options=NO_PREVIEW),
            reply_markup=InlineKeyboardMarkup([[sign]]),
            description=text.summary[:_SHORT],
        )


def _fits(petition: Petition, locale: str, words: list[str]) -> bool:
    text = petition.text(locale)
    haystack = f"{petition.slug} {petition.target} {petition.organizer} {text.title} {text.summary}".casefold()
    return all(word in haystack for word in words)
