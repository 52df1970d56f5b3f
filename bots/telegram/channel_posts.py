"""Posts cards in channels, with the channel's own label, and draws the private messages about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram.error import BadRequest, Forbidden

from bots.common.service_threads import ServiceThreads
from bots.telegram.calls import Calls
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import GroupChat
from bots.telegram.payloads import encode_channel
from bots.telegram.renderer import LONGEST_BUTTON, InlineButton, TelegramMessage, TelegramRenderer
from core.messages import Message
from core.petition.collection import distinct_titles
from core.platforms import Platform
from core.services.signing import SigningService
from core.signatures.signature import Signer
from core.text.truncation import truncate

log = logging.getLogger(__name__)

MOST_OFFERED = 10  # petitions offered in one message


@dataclass(frozen=True)
class ChannelPosts:
    """Cards in channels, and the words about them for administrators."""

    calls: Calls
    threads: ServiceThreads
    signing: SigningService
    renderer: TelegramRenderer
    cards: GroupCards

    async def place(self, chat: int, title: str) -> GroupChat:
        """The channel as a place for posts, in the language in which petitions there were written."""
        return await self.cards.speaking(GroupChat(chat, None, "", title, sender=chat))

    async def post(self, chat: int, petition: str) -> Message:
        """Post the card of a petition, in place of an older one; returns what to tell the person who asked."""
        try:
            title = str((await self.calls.chat(chat)).get("title", ""))
            self.cards.kinds.note(chat, is_channel=True)
            if await self.threads.run(self.cards.cards.recent, Platform.TELEGRAM, str(chat), petition):
                return Message("channel.standing", {"title": title})
            posted = await self.cards.post_again(await self.place(chat, title), petition)
        except (Forbidden, BadRequest) as refusal:
            log.info("a card was not posted in a channel: %s", refusal.message)
            return Message("channel.not_in")
        return Message("channel.posted" if posted else "channel.refused", {"title": title})

    async def may_post(self, chat: int, person: int) -> bool:
        """Return True if a person may post in a channel; False if the bot may not even ask."""
        try:
            member = await self.calls.member(chat, person)
        except (Forbidden, BadRequest) as refusal:
            log.info("could not find out the rights of a channel's member: %s", refusal.message)
            return False
        status = member.get("status")
        return status == "creator" or (status == "administrator" and member.get("can_post_messages") is True)

    async def message(self, person: int, words: Message) -> TelegramMessage:
        """A message without buttons, in a person's language."""
        return TelegramMessage(self.renderer.catalog.words(words, await self.locale(person)))

    async def offer(self, person: int, chat: int, title: str) -> TelegramMessage:
        """The offer to post the card of the only petition, or of one of several."""
        locale, every = await self.locale(person), list(self.renderer.petitions.values())
        if not every:
            return await self.message(person, Message("petitions.none"))
        petitions, one, more = every[:MOST_OFFERED], len(every) == 1, len(every) - MOST_OFFERED
        words = [Message("channel.offer" if one else "channel.which", {"title": title})]
        words += [Message("page.more", {"count": more})] if more > 0 else []
        titles, post = distinct_titles(self.renderer.petitions, locale), self._words(Message("channel.post"), locale)
        rows = [self._button(post if one else titles[each.slug], chat, each.slug) for each in petitions]
        rows.append(self._button(self._words(Message("channel.not_now"), locale), chat, ""))
        text = "\n\n".join(self._words(each, locale) for each in words)
        return TelegramMessage(text, keyboard=tuple((row,) for row in rows))

    async def locale(self, person: int) -> str:
        """The language that a person chose, or the default."""
        return (await self.threads.run(self.signing.profile, Signer(Platform.TELEGRAM, str(person)))).locale

    def _button(self, words: str, chat: int, petition: str) -> InlineButton:
        return {"text": truncate(words, LONGEST_BUTTON), "callback_data": encode_channel(chat, petition)}

    def _words(self, message: Message, locale: str) -> str:
        return self.renderer.catalog.words(message, locale)
