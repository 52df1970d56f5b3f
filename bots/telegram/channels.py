"""Channels: what an administrator's post in the channel asks for, and who may post there.

The bot posts a card in a channel when it is asked to, and milestones where they are switched on. A channel may have
thousands of readers, so everything else goes to its administrators in private, if they have started the bot.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import ChatMemberAdministrator, Update
from telegram.error import BadRequest, Forbidden

from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.telegram.calls import Calls
from bots.telegram.channel_posts import ChannelPosts
from bots.telegram.choosing import ChannelChoosers
from bots.telegram.handlers import Context
from bots.telegram.renderer import TelegramMessage
from core.messages import Command, Message
from core.outreach.milestones import Follower
from core.petition.collection import find_slug
from core.platforms import Platform
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)

MOST_TOLD = 10  # administrators who are told of one command
_SWITCH = {"on": True, "off": False}
_MILESTONES_ON = Command("milestone on")


@dataclass(frozen=True)
class Channels:
    """Handlers for posts in channels, and for becoming an administrator of one.

    A handler only adds work to the channel's queue, so a channel that Telegram holds back blocks nobody else.
    """

    calls: Calls
    threads: ServiceThreads
    queue: PerChatQueue
    posts: ChannelPosts
    milestones: MilestoneService
    choosers: ChannelChoosers

    async def petition(self, update: Update, context: Context) -> None:
        """Handle `/petition [slug]`: post the card or, with several petitions, ask which one in private."""
        chat, typed = update.effective_chat, " ".join(context.args or []).lower()
        if chat is None:
            return
        petitions = self.posts.renderer.petitions
        slug = find_slug(petitions, typed)
        slugs = list(petitions)
        if slug in slugs or len(slugs) == 1:
            wanted = slug if slug in slugs else slugs[0]
            self.queue.put(chat.id, lambda: self._post(chat.id, wanted))
        else:
            self.queue.put(chat.id, lambda: self._offer_to_all(chat.id, chat.title or ""))

    async def milestone(self, update: Update, context: Context) -> None:
        """Handle `/milestone on|off`: only administrators can post in a channel, and only they read the answer."""
        chat, wanted = update.effective_chat, " ".join(context.args or []).lower()
        if chat:
            self.queue.put(chat.id, lambda: self._switch(chat.id, chat.title or "", _SWITCH.get(wanted)))

    async def help(self, update: Update, _: Context) -> None:
        """Handle any other command for the bot: tell the administrators which ones a channel has."""
        chat = update.effective_chat
        if chat:
            words = Message("channel.help", {"title": chat.title or "", "command": _MILESTONES_ON})
            self.queue.put(chat.id, lambda: self._tell_all(chat.id, words))

    async def promoted(self, update: Update, _: Context) -> None:
        """Offer the person who made the bot an administrator to post the card, instead of posting it unasked."""
        change = update.my_chat_member
        if change is None:
            return
        person, chat = change.from_user, change.chat
        may_post = [_may_post(member) for member in (change.old_chat_member, change.new_chat_member)]
        if may_post == [False, True] and not self.choosers.has(person.id):
            self.queue.put(person.id, lambda: self._offer(person.id, chat.id, chat.title or ""))

    async def _post(self, chat: int, slug: str) -> None:
        answer = await self.posts.post(chat, slug)
        if answer.key != "channel.posted":  # the card itself answers
            await self._tell_all(chat, answer)

    async def _switch(self, chat: int, title: str, on: bool | None) -> None:
        place = await self.posts.place(chat, title)
        if on is None:
            await self._tell_all(chat, Message("channel.milestone_how", {"title": title, "command": _MILESTONES_ON}))
            return
        if on:
            label = await self.posts.cards.label(place)
            follower = Follower(Platform.TELEGRAM, str(chat), "", label, place.locale)
            await self.threads.run(self.milestones.follow, follower)
        else:
            await self.threads.run(self.milestones.unfollow, Platform.TELEGRAM, str(chat))
        key = "channel.milestone_on" if on else "channel.milestone_off"
        await self._tell_all(chat, Message(key, {"title": title}))

    async def _tell_all(self, chat: int, words: Message) -> None:
        for person in await self._administrators(chat):
            await self._tell(person, await self.posts.message(person, words))

    async def _offer_to_all(self, chat: int, title: str) -> None:
        for person in await self._administrators(chat):
            await self._offer(person, chat, title)

    async def _offer(self, person: int, chat: int, title: str) -> None:
        await self._tell(person, await self.posts.offer(person, chat, title))

    async def _administrators(self, chat: int) -> list[int]:
        try:
            return sorted(await self.calls.administrators(chat))[:MOST_TOLD]
        except (Forbidden, BadRequest) as refusal:
            log.info("could not find out a channel's administrators: %s", refusal.message)
            return []

    async def _tell(self, person: int, message: TelegramMessage) -> None:
        try:
            await self.calls.send(person, message)
        except (Forbidden, BadRequest):
            log.debug("an administrator has not started the bot")


def _may_post(member: object) -> bool:
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
