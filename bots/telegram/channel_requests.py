"""Posting in a channel from the private chat: the buttons of an offer, and Telegram's own list of channels."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from telegram import CallbackQuery, ChatShared, Update
from telegram.ext import ContextTypes

from bots.common.per_chat_queue import PerChatQueue
from bots.telegram.calls import Calls
from bots.telegram.channel_posts import MOST_OFFERED, ChannelPosts
from bots.telegram.choosing import ChannelChoosers
from bots.telegram.payloads import decode_channel
from bots.telegram.renderer import LONGEST_BUTTON, TelegramMessage, link_button
from core.messages import Command, Message
from core.petition.collection import distinct_titles
from core.petition.petition import Petition
from core.text.truncation import truncate

_REQUIRED = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip
RIGHTS: Mapping[str, bool] = dict.fromkeys(_REQUIRED, False) | {"can_post_messages": True, "can_edit_messages": True}
"""The rights that the bot gets in a channel, and that the person must have to give them."""

_GONE = Message("channel.gone", {"command": Command("petitions", is_signers=True)})


@dataclass(frozen=True)
class ChannelRequests:
    """Handlers in the private chat with someone who administers a channel."""

    calls: Calls
    queue: PerChatQueue
    posts: ChannelPosts
    choosers: ChannelChoosers

    async def tap(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Handle a tap: post where the person may post, leave it, or ask for the channel."""
        query = update.callback_query
        if query:
            self.queue.put(query.from_user.id, lambda: self._tap(query))

    async def shared(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Handle the channel that a person chose: post the card there."""
        message, user = update.effective_message, update.effective_user
        if message and user and message.chat_shared:
            shared = message.chat_shared
            self.queue.put(user.id, lambda: self._shared(user.id, shared))

    async def _tap(self, query: CallbackQuery) -> None:
        person, (chat, slug) = query.from_user.id, decode_channel(query.data or "")
        await self.calls.answer_tap(query.id)
        if chat is None:
            self.choosers.add(person)
            await self.calls.send(person, await self._request(person, slug))
        elif query.message:
            words = await self._post(person, chat, slug) if slug else Message("channel.dismissed")
            await self.calls.edit(person, query.message.message_id, await self._answer(person, words))

    async def _shared(self, person: int, shared: ChatShared) -> None:
        self.choosers.remove(person)
        petition = next((each for each in self._petitions() if _number(each) == shared.request_id), None)
        words = await self._post(person, shared.chat_id, petition.slug) if petition else _GONE
        answer = await self._answer(person, words)
        await self.calls.send(person, TelegramMessage(answer.text, markup={"remove_keyboard": True}))

    async def _post(self, person: int, chat: int, slug: str) -> Message:
        if slug not in self.posts.renderer.petitions:
            return _GONE
        if not await self.posts.may_post(chat, person):
            return Message("channel.not_in")
        return await self.posts.post(chat, slug)

    async def _answer(self, person: int, words: Message) -> TelegramMessage:
        """The outcome; where the bot may not post yet, with a button that makes it an administrator."""
        answer = await self.posts.message(person, words)
        if words.key not in ("channel.not_in", "channel.refused"):
            return answer
        renderer = self.posts.renderer
        add = renderer.catalog.words(Message("telegram.add_to_channel"), await self.posts.locale(person))
        return TelegramMessage(answer.text, keyboard=((link_button(add, renderer.links.telegram_channel),),))

    async def _request(self, person: int, slug: str) -> TelegramMessage:
        """A keyboard with one button for each petition; each opens Telegram's list of the person's channels."""
        every, locale = list(self._petitions(slug)), await self.posts.locale(person)
        if not every:
            return await self.posts.message(person, Message("petitions.none"))
        words, petitions = self.posts.renderer.catalog.words, every[:MOST_OFFERED]
        one, more = len(petitions) == 1, len(every) - MOST_OFFERED
        choose = words(Message("channel.choose"), locale)
        titles = distinct_titles({each.slug: each for each in every}, locale)
        rows = [[_request_button(choose if one else titles[each.slug], each)] for each in petitions]
        keyboard = {"keyboard": rows, "one_time_keyboard": True, "resize_keyboard": True}
        text = [Message("channel.request"), *([Message("page.more", {"count": more})] if more > 0 else [])]
        return TelegramMessage("\n\n".join(words(each, locale) for each in text), markup=keyboard)

    def _petitions(self, slug: str = "") -> Iterator[Petition]:
        petitions = self.posts.renderer.petitions
        yield from [petitions[slug]] if slug in list(petitions) else petitions.values()


def _request_button(words: str, petition: Petition) -> Mapping[str, object]:
    rights = {"user_administrator_rights": RIGHTS, "bot_administrator_rights": RIGHTS}
    request = {"request_id": _number(petition), "chat_is_channel": True, **rights}
    return {"text": truncate(words, LONGEST_BUTTON), "request_chat": request}


def _number(petition: Petition) -> int:
    """The number of a request, by which the answer names the petition: 31 bits, the same in every process."""
    return zlib.crc32(petition.slug.encode()) & 0x7FFF_FFFF
